import type { QueuedDelivery } from './delivery.ts';

/** So often in a row what has waited for longest may be passed over: little is left to it, but never nothing. */
const AT_MOST = 15;

/** Counts how often what has waited for longest was passed over for something of a higher priority. */
export class PassOver {
  #times = 0;

  /** Whether it is the turn of what has waited for longest. */
  get isEnough(): boolean {
    return this.#times >= AT_MOST;
  }

  /** @param wasPassedOver whether something else went */
  note(wasPassedOver: boolean): void {
    this.#times = wasPassedOver ? this.#times + 1 : 0;
  }
}

type Aged = Pick<QueuedDelivery, 'dueAt' | 'id'>;

/** Whether one has been due for longer than another. */
export function isOlder(one: Aged, other: Aged): boolean {
  return one.dueAt === other.dueAt ? one.id < other.id : one.dueAt < other.dueAt;
}
