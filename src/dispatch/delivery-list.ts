import type { QueuedDelivery } from './delivery.ts';

type Fits = (delivery: QueuedDelivery) => boolean;

// Shifting an array is slow when it is long: what was taken is cut off now and then.
const CUT_AFTER = 64;

/** Deliveries first in, first out, but for those that are passed over or taken out of the middle. */
export class DeliveryList {
  #items: QueuedDelivery[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The data of all of them, in UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  push(delivery: QueuedDelivery): void {
    this.#items.push(delivery);
    this.#bytes += delivery.event.dataBytes;
  }

  /** The first one that fits; it stays in the list. */
  find(fits: Fits): QueuedDelivery | undefined {
    return this.#items[this.#indexOf(fits)];
  }

  /** All that fit; they stay in the list. */
  filter(fits: Fits): QueuedDelivery[] {
    return this.#items.slice(this.#head).filter(fits);
  }

  /** Takes the first one that fits. */
  take(fits: Fits): QueuedDelivery | undefined {
    const at = this.#indexOf(fits);
    const found = this.#items[at];
    if (!found) return undefined;
    this.#bytes -= found.event.dataBytes;
    if (at === this.#head) this.#moveHead();
    else this.#items.splice(at, 1);
    return found;
  }

  /** Takes all that fit. */
  takeAll(fits: Fits): QueuedDelivery[] {
    const taken = this.filter(fits);
    if (taken.length === 0) return taken;
    this.#items = this.filter((one) => !fits(one));
    this.#head = 0;
    for (const { event } of taken) this.#bytes -= event.dataBytes;
    return taken;
  }

  #indexOf(fits: Fits): number {
    const first = this.#items[this.#head];
    if (first && fits(first)) return this.#head;
    return this.#items.findIndex((one, index) => index > this.#head && fits(one));
  }

  #moveHead(): void {
    this.#head += 1;
    if (this.#head <= CUT_AFTER || this.#head * 2 <= this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
