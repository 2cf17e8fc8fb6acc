import type { Database, Queryable } from '../db/database.ts';
import { lockFreeDeliveries, type Settled, type Settlement, settle } from '../store/settle.ts';
import { recordFailureRuns } from './only-failures.ts';
import { heldWith } from './outcome-portions.ts';
import { oneOfEachBatch, recordExhausted, recordGone } from './trouble.ts';

/** What was written, by the id of the delivery. */
export type Written = ReadonlyMap<string, Settled>;

export interface WriteOptions {
  readonly database: Database;
  readonly nodeId: string;
  /** How long nothing but failures may last for a webhook that doesn't say; 0: for ever. */
  readonly disableAfterDays: number;
}

export interface WrittenOutcomes {
  /** All, but for what had been before or has no lease. */
  readonly written: Written;
  /** Of the webhooks that are disabled now, the settlement that did it. */
  readonly disabled: readonly Settlement[];
}

/**
 * Writes outcomes, and what they mean for their webhooks, in one commit.
 *
 * @throws the driver's lock time-out if another transaction has had a row for too long
 */
export async function writeOutcomes(
  options: WriteOptions,
  batch: readonly Settlement[],
): Promise<WrittenOutcomes> {
  const { database, nodeId } = options;
  // Most batches change nothing about their webhooks: they need no transaction of several statements.
  if (batch.every(({ statusReason, failureRun }) => statusReason === null && failureRun === null)) {
    return { written: byId(await settle(database, nodeId, batch)), disabled: [] };
  }
  return database.transaction((tx) => writeAll(tx, options, batch));
}

/** The same for those whose delivery no other transaction has locked. The others are returned as `held`. */
export function writeFreeOutcomes(
  options: WriteOptions,
  batch: readonly Settlement[],
): Promise<WrittenOutcomes & { readonly free: readonly Settlement[]; readonly held: readonly Settlement[] }> {
  return options.database.transaction(async (tx) => {
    const locked = await lockFreeDeliveries(tx, batch);
    const waiting = heldWith(batch, locked);
    const free = batch.filter((one) => !waiting.has(one));
    const held = batch.filter((one) => waiting.has(one));
    const done = free.length > 0 ? await writeAll(tx, options, free) : { written: new Map(), disabled: [] };
    return { ...done, free, held };
  });
}

async function writeAll(
  tx: Queryable,
  { nodeId, disableAfterDays }: WriteOptions,
  batch: readonly Settlement[],
): Promise<WrittenOutcomes> {
  const written = byId(await settle(tx, nodeId, batch));
  const all = batch.filter(({ deliveryId }) => written.has(deliveryId));
  const fresh = oneOfEachBatch(all);
  const failing = await recordExhausted(tx, fresh);
  const gone = await recordGone(tx, fresh);
  const lasting = await recordFailureRuns(tx, all, disableAfterDays);
  return { written, disabled: [...failing, ...gone, ...lasting] };
}

function byId(rows: readonly Settled[]): Written {
  return new Map(rows.map((row) => [row.id, row]));
}
