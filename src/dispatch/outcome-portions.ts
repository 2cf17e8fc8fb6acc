import type { Settlement } from '../store/settle.ts';

/**
 * Where a portion of outcomes ends that begins at `start`. What went in one request is written together: were it written
 * in parts, a part could be tried again under the id of the whole.
 *
 * @param size of the portion, unless a batch makes it longer
 */
export function endOfPortion(settlements: readonly Settlement[], start: number, size: number): number {
  let end = Math.min(start + size, settlements.length);
  const last = settlements[end - 1]?.batchId ?? null;
  while (last !== null && settlements[end]?.batchId === last) end += 1;
  return end;
}

/** What may be written by itself: the outcomes of each request. */
export function requestsOf(settlements: readonly Settlement[]): Settlement[][] {
  return [...Map.groupBy(settlements, ({ batchId, attemptId }) => batchId ?? attemptId).values()];
}

/** Those that have to wait for others: the ones with these deliveries, and all that went in one request with one of them. */
export function heldWith(
  settlements: readonly Settlement[],
  deliveryIds: ReadonlySet<string>,
): ReadonlySet<Settlement> {
  const isNamed = ({ deliveryId }: Settlement): boolean => deliveryIds.has(deliveryId);
  const batches = new Set(settlements.filter(isNamed).map(({ batchId }) => batchId));
  const isHeld = (one: Settlement): boolean =>
    isNamed(one) || (one.batchId !== null && batches.has(one.batchId));
  return new Set(settlements.filter(isHeld));
}
