import type { QueuedDelivery } from './delivery.ts';

/**
 * The deliveries of one webhook that have been started, until their outcome is committed. Whether something with a key is
 * among them is asked of all that wait, each time anything has changed: it is counted, and not searched for.
 */
export class StartedDeliveries {
  readonly #byId = new Map<string, QueuedDelivery>();
  readonly #unique = new Map<string, Set<QueuedDelivery>>();
  readonly #ordered = new Map<string, Set<QueuedDelivery>>();

  add(delivery: QueuedDelivery): void {
    this.#byId.set(delivery.id, delivery);
    note(this.#unique, delivery.uniqueKey, delivery);
    note(this.#ordered, delivery.orderKey, delivery);
  }

  remove(deliveryId: string): void {
    const delivery = this.#byId.get(deliveryId);
    if (!delivery) return;
    this.#byId.delete(deliveryId);
    forget(this.#unique, delivery.uniqueKey, delivery);
    forget(this.#ordered, delivery.orderKey, delivery);
  }

  /** One with this unique key. */
  withUniqueKey(uniqueKey: string): QueuedDelivery | undefined {
    const [first] = this.#unique.get(uniqueKey) ?? [];
    return first;
  }

  /** Whether one has a key of these. */
  hasKeyOf({ uniqueKey, orderKey }: Pick<QueuedDelivery, 'uniqueKey' | 'orderKey'>): boolean {
    return (
      (uniqueKey !== null && this.#unique.has(uniqueKey)) ||
      (orderKey !== null && this.#ordered.has(orderKey))
    );
  }
}

type ByKey = Map<string, Set<QueuedDelivery>>;

function note(byKey: ByKey, key: string | null, delivery: QueuedDelivery): void {
  if (key === null) return;
  const others = byKey.get(key);
  if (others) others.add(delivery);
  else byKey.set(key, new Set([delivery]));
}

function forget(byKey: ByKey, key: string | null, delivery: QueuedDelivery): void {
  if (key === null) return;
  const others = byKey.get(key);
  others?.delete(delivery);
  if (others?.size === 0) byKey.delete(key);
}
