import { authorizationHeaderName } from '../auth/authorize.ts';
import type { Catalogs } from '../catalog/catalogs.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { createLiveWebhook, type LiveSecret, type LiveWebhook } from '../dispatch/live-webhook.ts';
import { type Remade, remake } from '../dispatch/remake.ts';
import { conflict, notFound, type Params } from '../errors.ts';
import { fromWireId, toWireId } from '../ids.ts';
import { signedContents } from '../profile/engine.ts';
import type { Profile } from '../profile/profile.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { findAttempt, listCarried, type MadeAttemptRow } from '../store/attempts.ts';
import { findDelivery } from '../store/deliveries.ts';
import { readSecrets, type SealedSecretRow } from '../store/webhook-secrets.ts';
import { findWebhook, type WebhookRow } from '../store/webhooks.ts';
import type { WebhookCredentials } from './webhook-credentials.ts';

const UNUSABLE = {
  code: 'webhook_unusable',
  reason: "was not sent, because its secret can't be opened, or its template is not valid",
};

/** In the place of what mustn't be shown. */
const HIDDEN = '(hidden)';

/** What is shown: what was sent, or what would be now, as something of it has changed, nothing was sent, or nobody knows. */
export type RequestState = 'as_sent' | 'changed' | 'nothing_sent' | 'not_recorded';

const NOTES: Readonly<Record<RequestState, string>> = {
  as_sent: 'This is the request of that attempt, byte for byte.',
  changed:
    'The webhook has changed since, or something else this request is made of. This is how it would be sent now, not what was sent.',
  nothing_sent: 'This attempt sent nothing. This is how its request would be sent now.',
  not_recorded:
    'Of this attempt it was not recorded what was sent. This is how its request would be sent now.',
};

export interface ShownRequest {
  method: 'POST';
  url: string;
  /** Without `host`, `content-length` and `connection`, which follow from the rest. */
  headers: Record<string, string>;
  body: string;
}

/** What one header of signatures vouches for. */
export interface ShownSignature {
  header: string;
  algorithm: string;
  /** The text that is signed. */
  content: string;
  /** Of the secrets that have signed it, the current one of that time first. */
  secretIds: string[];
}

/** The request of an attempt, made once more. Ids are those of the wire. */
export interface AttemptRequest {
  attemptId: string;
  /** Whether `request` is what was sent, byte for byte but for `hiddenHeaders`. */
  unchanged: boolean;
  state: RequestState;
  /** The same in words. */
  note: string;
  /** null: none can be made. */
  request: ShownRequest | null;
  /** Why none can be made. */
  failure: { code: string; reason: string; params?: Params } | null;
  /** Headers whose values say who sends, and are never shown. */
  hiddenHeaders: string[];
  signatures: ShownSignature[];
  /** The batch whose request it was, and how many events are in it. */
  batchId: string | null;
  items: number;
}

export interface AttemptRequestsOptions {
  readonly database: Database;
  readonly catalogs: Catalogs;
  readonly keyring: Keyring;
  readonly clock: Clock;
}

/** Shows the requests of attempts. They aren't kept, but made once more. */
export class AttemptRequests {
  readonly #options: AttemptRequestsOptions;
  readonly #credentials: WebhookCredentials;

  constructor(options: AttemptRequestsOptions, credentials: WebhookCredentials) {
    this.#options = options;
    this.#credentials = credentials;
  }

  /** @throws WaybillError `not_found`; `webhook_deleted` (409) */
  async show(accountId: string, wireDeliveryId: string, wireAttemptId: string): Promise<AttemptRequest> {
    const { database } = this.#options;
    const deliveryId = fromWireId('dlv', wireDeliveryId);
    const delivery = deliveryId && (await findDelivery(database, accountId, deliveryId));
    if (!delivery) throw notFound('delivery');
    const attemptId = fromWireId('att', wireAttemptId);
    const attempt = attemptId && (await findAttempt(database, accountId, delivery.id, attemptId));
    if (!attempt) throw notFound('attempt');
    const webhook = await findWebhook(database, accountId, delivery.webhookId);
    if (!webhook) throw conflict('webhook_deleted', 'The webhook of this delivery has been deleted.');
    return this.#show(webhook, delivery.id, attempt);
  }

  async #show(row: WebhookRow, deliveryId: string, attempt: MadeAttemptRow): Promise<AttemptRequest> {
    const { database, catalogs, clock, keyring } = this.#options;
    const carried = await listCarried(database, row.accountId, deliveryId, attempt);
    const sealed = await readSecrets(database, [row.id]);
    await catalogs.refresh(database);
    const profile = catalogs.profile(row.profile, row.payloadVersion);
    if (!profile) {
      const reason = `was not sent, because there is no profile ${row.profile} that can be read`;
      return {
        ...shell(attempt, whyNot(attempt)),
        failure: { code: 'profile_missing', reason, params: { profile: row.profile } },
      };
    }
    const opened = openAll(row, profile, sealed, keyring);
    if (!opened) return { ...shell(attempt, whyNot(attempt)), failure: UNUSABLE };
    const remade = remake(opened.live, attempt, carried, clock.now());
    const hidden = authorizationHeaderName((await this.#credentials.views(database, [row.id]))(row.id).auth);
    return {
      ...shell(attempt, remade.isAsSent ? 'as_sent' : whyNot(attempt)),
      ...shown(remade, profile, opened.idOf, hidden),
      items: carried.length,
    };
  }
}

/** Nothing is recorded of an attempt that sent nothing; nor was it in earlier versions. */
function whyNot({ requestFingerprint, statusCode, durationMs }: MadeAttemptRow): RequestState {
  if (requestFingerprint !== null) return 'changed';
  return statusCode === null && durationMs === 0 ? 'nothing_sent' : 'not_recorded';
}

function shell({ id, batchId }: MadeAttemptRow, state: RequestState): AttemptRequest {
  return {
    attemptId: toWireId('att', id),
    unchanged: state === 'as_sent',
    state,
    note: NOTES[state],
    request: null,
    failure: null,
    hiddenHeaders: [],
    signatures: [],
    batchId: batchId === null ? null : toWireId('bat', batchId),
    items: 0,
  };
}

function shown(
  { request, secrets }: Remade,
  profile: Profile,
  idOf: ReadonlyMap<LiveSecret, string>,
  hidden: string | null,
): Pick<AttemptRequest, 'request' | 'failure' | 'hiddenHeaders' | 'signatures'> {
  if ('failure' in request) {
    return { request: null, failure: request.failure, hiddenHeaders: [], signatures: [] };
  }
  const body = Buffer.from(request.body);
  const own = Object.entries(request.headers).filter(([name]) => name.toLowerCase() !== hidden);
  const headers = { ...Object.fromEntries(own), ...(hidden !== null && { [hidden]: HIDDEN }) };
  const texts = secrets.map(({ text }) => text);
  const ids = secrets.map((secret) => toWireId('sec', idOf.get(secret) as string));
  return {
    request: { method: 'POST', url: request.url, headers, body: body.toString('utf8') },
    failure: null,
    hiddenHeaders: hidden === null ? [] : [hidden],
    signatures: signedContents(profile, request.subject, body, texts).map((one) => ({
      header: one.header,
      algorithm: one.algorithm,
      content: one.content.toString('utf8'),
      secretIds: ids.slice(0, one.secrets),
    })),
  };
}

/** Undefined if a secret can't be opened, or its template was taken by an older version and isn't by this one. */
function openAll(
  row: WebhookRow,
  profile: Profile,
  sealed: readonly SealedSecretRow[],
  keyring: Keyring,
): { readonly live: LiveWebhook; readonly idOf: ReadonlyMap<LiveSecret, string> } | undefined {
  try {
    const idOf = new Map(sealed.map((one) => [openSecret(one, keyring), one.id]));
    // What credentials hold isn't shown, and so isn't opened.
    return { live: createLiveWebhook(row, profile, [...idOf.keys()], { auth: null, tls: undefined }), idOf };
  } catch {
    // Sending to it fails for the same reason, and logs it.
    return undefined;
  }
}

function openSecret(row: SealedSecretRow, keyring: Keyring): LiveSecret {
  return { text: keyring.open(row, row.webhookId), expiresAt: row.expiresAt?.getTime() ?? null };
}
