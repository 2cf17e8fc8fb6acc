import { performance } from 'node:perf_hooks';
import { Breaker, type BreakerRules } from './breaker.ts';
import { Concurrency, type Congestion } from './concurrency.ts';
import type { QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { Pace } from './pace.ts';

const OWN_BYTES = 256 * 1024;

/** For `holdUntil`: nothing is started until what has come is written. */
export const UNTIL_SETTLED = Number.POSITIVE_INFINITY;

export interface QueueBounds {
  readonly maxConcurrency: number;
  readonly maxQueued: number;
  readonly maxQueuedBytes: number;
  readonly breaker: BreakerRules;
  /** What all queues share. */
  readonly memory: MemoryBudget;
}

/**
 * What one webhook still has to get, as far as it fits into memory; the rest stays in the database and is
 * read when there is room (`behind`). Holds state only: the dispatcher decides what to do with it.
 */
export class WebhookQueue {
  readonly id: string;
  readonly lane: number;
  readonly concurrency: Concurrency;
  readonly breaker: Breaker;
  readonly #pace = new Pace();
  /** Undefined while nothing may be sent: paused, disabled, deleted, or its lane lost. */
  webhook: LiveWebhook | undefined;
  /** As last written; changes are written once. */
  health: 'healthy' | 'failing';
  /** Nothing is started before this time, in milliseconds since 1970: the receiver asked for a rest. */
  holdUntil = 0;
  readonly #bounds: QueueBounds;
  /** First in, first out, from `#head` on: shifting an array is slow when it is long. */
  #queued: QueuedDelivery[] = [];
  #head = 0;
  #queuedBytes = 0;
  #sending = 0;
  #behind = false;
  #skipped = false;
  #usedAt = performance.now();
  /** Every delivery from when it is queued until its outcome is committed, and the bytes of its data. */
  readonly #held = new Map<string, number>();
  #heldBytes = 0;
  /** The unique keys of what has been started and isn't settled, by delivery. */
  readonly #sendingKeys = new Map<string, string>();
  /** Deliveries let go of while a load is under way, which may have read them as still pending. */
  #releasedSinceLoad: Set<string> | undefined;

  constructor(webhook: LiveWebhook, bounds: QueueBounds) {
    this.id = webhook.id;
    this.lane = webhook.lane;
    this.webhook = webhook;
    this.health = webhook.health;
    this.#bounds = bounds;
    this.concurrency = new Concurrency(bounds.maxConcurrency);
    this.breaker = new Breaker(bounds.breaker);
  }

  /** Whether the database may have more that is due than is queued here. */
  get behind(): boolean {
    return this.#behind;
  }

  get queued(): number {
    return this.#queued.length - this.#head;
  }

  get held(): number {
    return this.#held.size;
  }

  /** The data of all that is held, in UTF-8. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  get sending(): number {
    return this.#sending;
  }

  get room(): number {
    return this.#bounds.maxQueued - this.queued;
  }

  /** How long nothing has been held here; 0 while something is. */
  idleForMs(): number {
    return this.#held.size > 0 || this.#releasedSinceLoad ? 0 : performance.now() - this.#usedAt;
  }

  /** Whether it is low enough for a load to be worth it. */
  get wantsMore(): boolean {
    return this.#behind && this.queued < this.#bounds.maxQueued / 4;
  }

  /** When the next request may begin, in milliseconds since 1970, as far as a time decides it. */
  get readyAt(): number {
    const paced = this.webhook?.ratePerSecond ? this.#pace.readyAt : 0;
    return Math.max(this.holdUntil, this.breaker.openUntil, paced);
  }

  /** @param now milliseconds since 1970 */
  canStart(now: number): boolean {
    if (this.webhook === undefined || this.readyAt > now) return false;
    return this.queued > 0 && this.#sending < this.#limit(this.webhook);
  }

  #limit({ maxInFlight }: LiveWebhook): number {
    return Math.min(this.concurrency.limit, this.breaker.limit, maxInFlight ?? Number.POSITIVE_INFINITY);
  }

  /** Queues a delivery, if it isn't held already and there is room; else the queue is `behind`. */
  push(delivery: QueuedDelivery): void {
    if (this.#held.has(delivery.id) || this.#releasedSinceLoad?.has(delivery.id)) return;
    const bytes = Buffer.byteLength(delivery.event.data);
    // A little is every webhook's own, or those with long backlogs would leave nothing for the others.
    const beyondOwn = this.#heldBytes + bytes > OWN_BYTES;
    const tooMuch =
      this.#queuedBytes + bytes > this.#bounds.maxQueuedBytes ||
      (beyondOwn && !this.#bounds.memory.fits(bytes));
    const full = this.room <= 0 || (this.held > 0 && tooMuch);
    if (full || this.webhook === undefined) {
      this.skip();
      return;
    }
    this.#dropOlder(delivery.uniqueKey);
    this.#held.set(delivery.id, bytes);
    this.#heldBytes += bytes;
    this.#bounds.memory.take(bytes);
    this.#queued.push(delivery);
    this.#queuedBytes += bytes;
  }

  /**
   * Takes the next delivery to be sent, and one of the webhook's places with it; undefined if all that is queued waits
   * for an earlier one with the same key.
   *
   * @param now milliseconds since 1970
   */
  start(now: number): QueuedDelivery | undefined {
    const delivery = this.#takeFree();
    if (!delivery) return undefined;
    this.#queuedBytes -= this.#held.get(delivery.id) ?? 0;
    if (delivery.uniqueKey !== null) this.#sendingKeys.set(delivery.id, delivery.uniqueKey);
    if (this.webhook?.ratePerSecond) this.#pace.took(now, this.webhook.ratePerSecond);
    this.#sending += 1;
    return delivery;
  }

  #takeFree(): QueuedDelivery | undefined {
    const busy = new Set(this.#sendingKeys.values());
    const isFree = ({ uniqueKey }: QueuedDelivery): boolean => uniqueKey === null || !busy.has(uniqueKey);
    const first = this.#queued[this.#head];
    if (first && isFree(first)) {
      this.#head += 1;
      if (this.#head > 64 && this.#head * 2 > this.#queued.length) {
        this.#queued = this.#queued.slice(this.#head);
        this.#head = 0;
      }
      return first;
    }
    const at = this.#queued.findIndex((delivery, index) => index >= this.#head && isFree(delivery));
    return at === -1 ? undefined : this.#queued.splice(at, 1)[0];
  }

  /** What a newer delivery takes the place of is not sent any more, unless it has been started. */
  #dropOlder(uniqueKey: string | null): void {
    if (uniqueKey === null) return;
    const at = this.#queued.findIndex((one, index) => index >= this.#head && one.uniqueKey === uniqueKey);
    const [older] = at === -1 ? [] : this.#queued.splice(at, 1);
    if (!older) return;
    this.#queuedBytes -= this.#held.get(older.id) ?? 0;
    this.#forget(older.id);
    // A load under way may have read it as still pending.
    this.#releasedSinceLoad?.add(older.id);
  }

  /**
   * The request has ended: its place is free, though the outcome isn't committed yet.
   *
   * @param answered whether the receiver has answered, whatever it was; undefined if nothing is known
   * @param now milliseconds since 1970
   */
  sent(congestion: Congestion, answered: boolean | undefined, now: number): void {
    this.#sending -= 1;
    this.concurrency.learn(congestion);
    if (answered !== undefined) this.breaker.learn(answered, now);
  }

  /** The outcome is committed, or will never be: the database alone knows the delivery now. */
  release(deliveryId: string): void {
    this.#usedAt = performance.now();
    this.#forget(deliveryId);
    this.#releasedSinceLoad?.add(deliveryId);
  }

  holds(deliveryId: string): boolean {
    return this.#held.has(deliveryId);
  }

  /** Leaves a delivery to the database, to be read when there is room. */
  skip(): void {
    this.#behind = true;
    this.#skipped = true;
  }

  beginLoad(): void {
    this.#skipped = false;
    this.#usedAt = performance.now();
    this.#releasedSinceLoad = new Set();
  }

  /** @param more whether the load left anything in the database; what was skipped meanwhile it hasn't seen */
  endLoad(more: boolean): void {
    this.#behind = more || this.#skipped;
    this.#releasedSinceLoad = undefined;
  }

  /** Starts nothing more until it is told of its webhook anew. */
  stop(): void {
    this.webhook = undefined;
    this.clear();
  }

  /** Forgets what hasn't been started. */
  clear(): void {
    for (const delivery of this.#queued.slice(this.#head)) this.#forget(delivery.id);
    this.#queued = [];
    this.#head = 0;
    this.#queuedBytes = 0;
  }
  #forget(deliveryId: string): void {
    const bytes = this.#held.get(deliveryId) ?? 0;
    this.#held.delete(deliveryId);
    this.#heldBytes -= bytes;
    this.#bounds.memory.take(-bytes);
    this.#sendingKeys.delete(deliveryId);
  }
}
