import type { Queryable } from '../db/database.ts';
import { NOT_IN_TRANSACTION, sqlState, UNIQUE_VIOLATION } from '../db/outage.ts';
import { WaybillError } from '../errors.ts';
import type { ChannelKey } from '../store/channels.ts';
import { enqueue } from '../store/enqueue.ts';
import { publishedPayloads } from '../store/notify.ts';
import { lockUniqueKeys, supersede } from '../store/unique.ts';
import { orInUse } from './in-use.ts';
import type { Matcher } from './match.ts';
import type { Plan } from './plan.ts';

/** `again`: somebody has changed what it was planned with. Nothing is stored, and it is to be planned anew. */
export type Stored = 'stored' | 'again';

export interface StoreOptions {
  /** Whether the owner of a lane is another node. */
  readonly mustNotify: (lane: number) => boolean;
  /** How long to wait at most for another transaction; null: as long as it takes, or as the transaction says. */
  readonly lockTimeoutMs: number | null;
  /** Channels of the events that may not be known yet. */
  readonly channels: readonly ChannelKey[];
}

/**
 * Stores what was planned, all of it or nothing.
 *
 * @throws WaybillError `unique_item_in_use`, `idempotency_key_in_use`; the driver's errors
 */
export async function storePlans(
  db: Queryable,
  plans: readonly Plan[],
  matchers: ReadonlyMap<string, Matcher>,
  receivedAt: string,
  { mustNotify, lockTimeoutMs, channels }: StoreOptions,
): Promise<Stored> {
  const deliveries = plans.flatMap((plan) => plan.deliveries);
  const unique = deliveries.filter(({ uniqueKey }) => uniqueKey !== null);
  const idempotencyKeys = plans.flatMap((plan) => plan.idempotencyKeys);
  // Whoever has a time-out of their own knows it by the driver's error.
  const tell: typeof orInUse = lockTimeoutMs === null ? (_code, statement) => statement : orInUse;
  // Two that publish for one key at once wait for each other, so that the later one sees what the earlier one made.
  if (unique.length > 0) await tell('unique_item_in_use', lockUniqueKeys(db, unique, lockTimeoutMs));
  const enqueued = enqueue(db, {
    receivedAt,
    accountVersions: new Map([...matchers].map(([id, matcher]) => [id, matcher.version])),
    events: plans.flatMap((plan) => plan.events),
    deliveries,
    idempotencyKeys,
    channels,
    notifications: publishedPayloads(deliveries.filter(({ lane }) => mustNotify(lane))),
    lockTimeoutMs,
  });
  const stale = await (idempotencyKeys.length > 0 ? tell('idempotency_key_in_use', enqueued) : enqueued);
  if (stale.length > 0) return 'again';
  if (unique.length > 0) await supersede(db, unique, receivedAt);
  return 'stored';
}

/**
 * A statement that fails makes PostgreSQL refuse the rest of the transaction, and taking an idempotency key
 * somebody else has just taken fails. A savepoint lets the caller's transaction live on.
 */
export async function savepoint(
  tx: Queryable,
  needed: boolean,
  work: () => Promise<Stored>,
): Promise<Stored> {
  if (!needed) return work();
  await tx.query('savepoint waybill_publish').catch((cause: unknown) => {
    if (sqlState(cause) !== NOT_IN_TRANSACTION) throw cause;
    throw new WaybillError(
      'not_in_transaction',
      500,
      'What was given to publish as a transaction has not begun one. Begin it, or leave it out.',
      { cause },
    );
  });
  try {
    const stored = await work();
    await tx.query('release savepoint waybill_publish');
    return stored;
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    await tx.query('rollback to savepoint waybill_publish');
    return 'again';
  }
}
