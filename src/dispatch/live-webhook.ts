import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import type { Queryable } from '../db/database.ts';
import { toWireId } from '../ids.ts';
import { parseSecret } from '../profile/standard-webhooks.ts';
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
  readonly headers: Readonly<Record<string, string>>;
  readonly retrySchedule: readonly number[] | null;
  readonly timeoutMs: number;
  readonly secrets: readonly LiveSecret[];
}

export interface LiveSecret {
  readonly key: KeyObject;
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
      // One webhook whose secret can't be opened must not keep the others from being sent to.
      log.error({ err: error, webhook: toWireId('wh', row.id) }, 'a signing secret cannot be opened');
    }
  }
  return live;
}

function toLive(row: WebhookRow, sealed: readonly SealedSecretRow[], keyring: Keyring): LiveWebhook {
  return {
    id: row.id,
    accountId: row.accountId,
    url: row.url,
    lane: row.lane,
    revision: row.revision,
    health: row.health,
    headers: row.headers,
    retrySchedule: row.retrySchedule,
    timeoutMs: row.timeoutMs,
    secrets: sealed.filter((one) => one.webhookId === row.id).map((one) => openSecret(one, keyring)),
  };
}

function openSecret(row: SealedSecretRow, keyring: Keyring): LiveSecret {
  const key = parseSecret(keyring.open(row, row.webhookId));
  if (!key) throw new Error(`a stored secret of webhook ${row.webhookId} is not a signing secret`);
  return { key, expiresAt: row.expiresAt?.getTime() ?? null };
}
