import type { QueuedDelivery } from './delivery.ts';
import { isOlder, PassOver } from './pass-over.ts';

type Fits = (delivery: QueuedDelivery) => boolean;

// Shifting an array is slow when it is long: what was taken is cut off now and then.
const CUT_AFTER = 64;

/**
 * Deliveries first in, first out, but for those that are passed over or taken out of the middle, and for those that have a
 * priority of their own.
 */
export class DeliveryList {
  #items: QueuedDelivery[] = [];
  #head = 0;
  #bytes = 0;
  /** How many have a priority of their own: mostly none, so that nobody looks for them. */
  #ranked = 0;
  readonly #passOver = new PassOver();

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
    if (delivery.priority !== null) this.#ranked += 1;
  }

  /** The first one that fits; it stays in the list. */
  find(fits: Fits): QueuedDelivery | undefined {
    return this.#items[this.#indexOf(fits)];
  }

  /** All that fit; they stay in the list. */
  filter(fits: Fits): QueuedDelivery[] {
    return this.#items.slice(this.#head).filter(fits);
  }

  /** The one that fits and goes first; it stays in the list. @param usual the priority of those without one of their own */
  next(fits: Fits, usual: number): QueuedDelivery | undefined {
    return this.#items[this.#nextIndex(fits, usual)];
  }

  /**
   * Takes the one that fits and goes first: of the highest priority, and of these the first. But nothing is passed over for
   * ever: one in 16 is the oldest.
   */
  take(fits: Fits, usual: number): QueuedDelivery | undefined {
    const at = this.#nextIndex(fits, usual);
    const found = this.#items[at];
    if (!found) return undefined;
    this.#passOver.note(this.#ranked > 0 && at !== this.#oldestIndex(fits));
    this.#forget(found);
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
    for (const one of taken) this.#forget(one);
    return taken;
  }

  #forget({ event, priority }: QueuedDelivery): void {
    this.#bytes -= event.dataBytes;
    if (priority !== null) this.#ranked -= 1;
  }

  #nextIndex(fits: Fits, usual: number): number {
    if (this.#ranked === 0) return this.#indexOf(fits);
    if (this.#passOver.isEnough) return this.#oldestIndex(fits);
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let index = this.#head; index < this.#items.length; index += 1) {
      const item = this.#items[index] as QueuedDelivery;
      const priority = item.priority ?? usual;
      if (priority > highest && fits(item)) [best, highest] = [index, priority];
    }
    return best;
  }

  /** Where what goes first by its priority may stand before it. */
  #oldestIndex(fits: Fits): number {
    let oldest = -1;
    for (let index = this.#head; index < this.#items.length; index += 1) {
      const item = this.#items[index] as QueuedDelivery;
      const found = this.#items[oldest];
      if (fits(item) && (found === undefined || isOlder(item, found))) oldest = index;
    }
    return oldest;
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
