import type { Logger } from 'pino';
import type { Queryable } from '../db/database.ts';
import { toWireId } from '../ids.ts';
import { loadProfiles } from '../profile/load.ts';
import type { Profile } from '../profile/profile.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { readSecrets, type SealedSecretRow } from '../store/webhook-secrets.ts';
import { findActiveWebhooks, type WebhookRow } from '../store/webhooks.ts';

/** A webhook ready to be sent to. */
export interface LiveWebhook {
  readonly id: string;
  readonly accountId: string;
  readonly url: string;
  readonly lane: number;
  readonly revision: number;
  readonly health: 'healthy' | 'failing';
  readonly profile: Profile;
  readonly headers: Readonly<Record<string, string>>;
  readonly retrySchedule: readonly number[] | null;
  readonly timeoutMs: number;
  readonly secrets: readonly LiveSecret[];
}

export interface LiveSecret {
  readonly text: string;
  /** Milliseconds since 1970; null: the current one. */
  readonly expiresAt: number | null;
}

/** Reads webhooks with their secrets opened; those that aren't active now are missing. */
export async function readLiveWebhooks(
  db: Queryable,
  keyring: Keyring,
  ids: readonly string[],
  log: Logger,
): Promise<Map<string, LiveWebhook>> {
  // Secrets second: one rotated in between is newer than the revision, and the change is told of once more.
  const webhooks = await findActiveWebhooks(db, ids);
  const sealed = await readSecrets(db, ids);
  const live = new Map<string, LiveWebhook>();
  for (const row of webhooks) {
    try {
      live.set(row.id, toLive(row, sealed, keyring));
    } catch (error) {
      // One webhook whose secret can't be opened, or whose profile is gone, must not keep the others from being sent to.
      log.error({ err: error, webhook: toWireId('wh', row.id) }, 'a webhook cannot be sent to');
    }
  }
  return live;
}

function toLive(row: WebhookRow, sealed: readonly SealedSecretRow[], keyring: Keyring): LiveWebhook {
  const profile = loadProfiles().get(row.profile);
  if (!profile) throw new Error(`there is no profile ${row.profile}`);
  return {
    id: row.id,
    accountId: row.accountId,
    url: row.url,
    lane: row.lane,
    revision: row.revision,
    health: row.health,
    profile,
    headers: row.headers,
    retrySchedule: row.retrySchedule ?? profile.retry?.schedule ?? null,
    timeoutMs: row.timeoutMs,
    secrets: sealed.filter((one) => one.webhookId === row.id).map((one) => openSecret(one, keyring)),
  };
}

function openSecret(row: SealedSecretRow, keyring: Keyring): LiveSecret {
  return { text: keyring.open(row, row.webhookId), expiresAt: row.expiresAt?.getTime() ?? null };
}
