import type { QueuedDeliveryView, QueueOrder } from '../data/queue.ts';

/** Whether a delivery waits for its webhook, be it its time or not. */
export function isHeld({ webhookStatus }: Pick<QueuedDeliveryView, 'webhookStatus'>): boolean {
  return webhookStatus !== 'active';
}

interface Section<Waiting> {
  /** A priority, what is held, or all that waits. */
  readonly kind: number | 'held' | 'all';
  readonly waiting: readonly Waiting[];
}

/** What waits, sorted by priority, a section a priority with the held ones last; by due time it is all one. */
export function sectionsOf<Waiting extends Pick<QueuedDeliveryView, 'webhookStatus' | 'priority'>>(
  deliveries: readonly Waiting[],
  order: QueueOrder,
): Section<Waiting>[] {
  if (order === 'due') return [{ kind: 'all', waiting: deliveries }];
  const sections = Map.groupBy(deliveries, (one) => (isHeld(one) ? 'held' : one.priority));
  return [...sections].map(([kind, waiting]) => ({ kind, waiting }));
}
