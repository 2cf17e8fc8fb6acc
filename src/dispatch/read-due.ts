import type { Queryable } from '../db/database.ts';
import {
  type DueRow,
  loadDue,
  loadRestOfBatches,
  type RestRow,
  raisedLimit,
  type Wanted,
} from '../store/due.ts';
import { type DuePosition, findWalkEnds } from '../store/due-walk.ts';
import { batchOf } from './delivery.ts';

/** What is asked for one webhook. */
export interface Asked extends Omit<Wanted, 'until'> {
  /** Whether what went in one request goes in one again. */
  readonly whole: boolean;
  /** Whether a delivery is in memory already. */
  readonly holds: (deliveryId: string) => boolean;
}

/** What was read for one webhook. */
export interface Due {
  /** Those that aren't in memory. */
  readonly rows: readonly DueRow[];
  /** Whether there was nothing else, as far as the walk went. */
  readonly isAll: boolean;
  /** Where the walk ended, if that is before the end of what is due. */
  readonly end: DuePosition | undefined;
}

/**
 * Reads what is due for each webhook. A batch that is tried again comes whole, whatever the bounds; or not at all, while one
 * of it has to wait for an earlier one of its subject, which was sent again by hand or committed late. It mustn't keep
 * those behind it from being read, so that what is due is asked for once more without it.
 */
export async function readDue(
  db: Queryable,
  asked: readonly Asked[],
  now: string,
): Promise<ReadonlyMap<string, Due>> {
  const found = new Map<string, Due>();
  const heldUp = new Set<string>();
  const ends = await findWalkEnds(db, asked, now);
  let left = asked.map((one) => ({ ...one, until: ends.get(one.webhookId) }));
  while (left.length > 0) {
    const due = Map.groupBy(await loadDue(db, left, now, [...heldUp]), ({ webhookId }) => webhookId);
    const rest = Map.groupBy(await restOfBatches(db, left, due), ({ webhookId }) => webhookId);
    left = left.filter((one) => {
      const own = due.get(one.webhookId) ?? [];
      const others = rest.get(one.webhookId) ?? [];
      const waiting = others.filter(({ isFirst, deliveryId }) => !isFirst || one.holds(deliveryId));
      for (const { batchId } of waiting) if (batchId !== null) heldUp.add(batchId);
      if (waiting.length > 0) return true;
      const rows = [...own, ...others].filter(({ deliveryId }) => !one.holds(deliveryId));
      found.set(one.webhookId, { rows, isAll: isAllOf(one, own), end: one.until });
      return false;
    });
  }
  return found;
}

async function restOfBatches(
  db: Queryable,
  asked: readonly Asked[],
  due: ReadonlyMap<string, readonly DueRow[]>,
): Promise<RestRow[]> {
  const parts = asked.flatMap(({ webhookId, whole, holds }) => {
    const isPart = ({ deliveryId: id, batchId }: DueRow): boolean =>
      batchOf({ id, batchId }) !== null && !holds(id);
    return whole ? (due.get(webhookId) ?? []).filter(isPart) : [];
  });
  return parts.length > 0 ? loadRestOfBatches(db, parts) : [];
}

function isAllOf({ limit, maxBytes, priority }: Asked, due: readonly DueRow[]): boolean {
  const raised = due.filter((one) => one.priority !== null && one.priority > priority);
  const bytes = due.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
  return due.length < limit && raised.length < raisedLimit(limit) && bytes < maxBytes;
}
