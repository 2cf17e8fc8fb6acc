import type { Logger } from 'pino';
import type { Database, Queryable } from '../db/database.ts';
import { toWireId } from '../ids.ts';
import { type CompiledPayload, compilePayload, type PayloadTemplate } from '../payload/payload.ts';
import { type Profile, profileSchema } from '../profile/profile.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { readCredentials, type SealedCredentialRow } from '../store/webhook-credentials.ts';
import type { BatchOptions } from '../store/webhook-options.ts';
import { readSecrets, type SealedSecretRow } from '../store/webhook-secrets.ts';
import { findActiveWebhooks, type WebhookRow } from '../store/webhooks.ts';
import type { FailureRun } from './failure-run.ts';
import { type LiveCredentials, openCredentials } from './live-credentials.ts';
import type { Failure } from './prepare.ts';

/** A webhook ready to be sent to. */
export interface LiveWebhook extends LiveCredentials {
  readonly id: string;
  readonly accountId: string;
  readonly url: string;
  readonly lane: number;
  readonly revision: number;
  readonly health: 'healthy' | 'failing';
  readonly failures: FailureRun;
  /** How long nothing but failures may last; 0: for ever; null: as the instance says. */
  readonly disableAfterDays: number | null;
  readonly profile: Profile;
  readonly headers: Readonly<Record<string, string>>;
  /** What its bodies are made of; null: as its profile says. */
  readonly payload: CompiledPayload | null;
  readonly retrySchedule: readonly number[] | null;
  readonly timeoutMs: number;
  /** 9 goes first, 0 last. */
  readonly priority: number;
  /** Requests a second, and at once; null: as many as the receiver takes well. */
  readonly ratePerSecond: number | null;
  readonly maxInFlight: number | null;
  /** How events come together in one request; null: each goes alone. */
  readonly batch: BatchOptions | null;
  readonly secrets: readonly LiveSecret[];
  /** Why no request can be made for it now; null: one can. */
  readonly unusable: Failure | null;
}

export interface LiveSecret {
  readonly text: string;
  /** Milliseconds since 1970; null: the current one. */
  readonly expiresAt: number | null;
}

/** The wire formats there are, as sending sees them. */
export interface Profiles {
  /** Reads those that have changed. */
  refresh(db: Queryable): Promise<void>;
  /** @param version of payloads, as the webhook pins it */
  profile(name: string, version: string | null): Profile | undefined;
}

export interface LiveWebhookSources {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly profiles: Profiles;
  readonly log: Logger;
}

/** Reads webhooks with their secrets and credentials opened; those that aren't active now are missing. */
export async function readLiveWebhooks(
  { database: db, keyring, profiles, log }: LiveWebhookSources,
  ids: readonly string[],
): Promise<Map<string, LiveWebhook>> {
  // Secrets second: one rotated in between is newer than the revision, and the change is told of once more.
  const webhooks = await findActiveWebhooks(db, ids);
  const secrets = await readSecrets(db, ids);
  const credentials = await readCredentials(db, ids);
  // A profile that changes moves the revision of its webhooks. Read last, it is never older than what was read of them.
  await profiles.refresh(db);
  const live = new Map<string, LiveWebhook>();
  for (const row of webhooks) {
    const profile = profiles.profile(row.profile, row.payloadVersion);
    try {
      live.set(row.id, toLive(row, profile, { secrets, credentials }, keyring));
    } catch (error) {
      // One webhook whose secret can't be opened, or whose profile is gone, must not keep the others from being sent to.
      log.error({ err: error, webhook: toWireId('wh', row.id) }, 'a webhook cannot be sent to');
      live.set(row.id, unusable(row, profile));
    }
  }
  return live;
}

/** Stands for a profile that is gone: what follows failures is as usual. */
const NO_PROFILE: Profile = {
  ...profileSchema.parse({ body: 'event.data', signatures: [] }),
  name: 'none',
  title: '',
  description: '',
  payloadVersion: null,
  types: new Map(),
};

/** Its deliveries fail with a reason that its account sees, and are tried again as any: they don't wait in silence. */
function unusable(row: WebhookRow, profile: Profile | undefined): LiveWebhook {
  const bare = { ...row, payload: null };
  const reason = profile
    ? "its secret or its credentials can't be opened, or its template is not valid"
    : `there is no profile ${row.profile} that can be read`;
  return {
    ...createLiveWebhook(bare, profile ?? NO_PROFILE, [], { auth: null, tls: undefined }),
    unusable: {
      code: profile ? 'webhook_unusable' : 'profile_missing',
      reason: `was not sent, because ${reason}`,
      ...(!profile && { params: { profile: row.profile } }),
    },
  };
}

interface Sealed {
  readonly secrets: readonly SealedSecretRow[];
  readonly credentials: readonly SealedCredentialRow[];
}

function toLive(
  row: WebhookRow,
  profile: Profile | undefined,
  { secrets, credentials }: Sealed,
  keyring: Keyring,
): LiveWebhook {
  if (!profile) throw new Error(`there is no profile ${row.profile}`);
  const isOwn = (one: { webhookId: string }): boolean => one.webhookId === row.id;
  return createLiveWebhook(
    row,
    profile,
    secrets.filter(isOwn).map((one) => openSecret(one, keyring)),
    openCredentials(credentials.filter(isOwn), row.tlsCa, keyring),
  );
}

/** @throws Error for a template that an older version took, and this one doesn't */
export function createLiveWebhook(
  row: WebhookRow,
  profile: Profile,
  secrets: readonly LiveSecret[],
  credentials: LiveCredentials,
): LiveWebhook {
  return {
    id: row.id,
    accountId: row.accountId,
    url: row.url,
    lane: row.lane,
    revision: row.revision,
    // What arrives next ends a run of deliveries given up, also one too short to be called failing.
    health: row.exhausted > 0 ? 'failing' : row.health,
    failures: {
      since: row.firstFailureAt?.getTime() ?? null,
      warnedAt: row.failuresWarnedAt?.getTime() ?? null,
    },
    disableAfterDays: row.disableAfterDays,
    profile,
    headers: row.headers,
    payload: row.payload && compiled(row.payload as PayloadTemplate),
    retrySchedule: row.retrySchedule ?? profile.retry?.schedule ?? null,
    timeoutMs: row.timeoutMs,
    priority: row.priority,
    ratePerSecond: row.ratePerSecond,
    maxInFlight: row.maxInFlight,
    batch: row.batch,
    secrets,
    unusable: null,
    ...credentials,
  };
}

function compiled(template: PayloadTemplate): CompiledPayload {
  const payload = compilePayload(template);
  if ('errors' in payload) throw new Error(`its template is not valid: ${payload.errors[0]?.message}`);
  return payload;
}

function openSecret(row: SealedSecretRow, keyring: Keyring): LiveSecret {
  return { text: keyring.open(row, row.webhookId), expiresAt: row.expiresAt?.getTime() ?? null };
}
