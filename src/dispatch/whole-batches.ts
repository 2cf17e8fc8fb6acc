import { batchOf, type QueuedDelivery } from './delivery.ts';

/**
 * Adds what was read, of a batch that is tried again all or nothing: a part of it, under the id of the whole, would have
 * its receiver take the rest for a repetition.
 *
 * @param add adds a delivery if there is room for it, or whatever room there is; says whether it did
 * @returns whether all were added
 */
export function addWhole(
  deliveries: readonly QueuedDelivery[],
  add: (delivery: QueuedDelivery, whateverRoom: boolean) => boolean,
): boolean {
  const taken = new Map<string, boolean>();
  let all = true;
  for (const delivery of deliveries) {
    const whole = batchOf(delivery);
    const withOthers = whole === null ? undefined : taken.get(whole);
    const added = withOthers ?? add(delivery, false);
    if (withOthers === true) add(delivery, true);
    if (whole !== null) taken.set(whole, added);
    all &&= added;
  }
  return all;
}
