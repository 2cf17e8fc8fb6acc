import { performance } from 'node:perf_hooks';
import type { DuePosition } from '../store/due-walk.ts';
import { Backlog, type BacklogBounds } from './backlog.ts';
import { Breaker, type BreakerRules } from './breaker.ts';
import { Collector } from './collector.ts';
import { Concurrency, type Congestion } from './concurrency.ts';
import { deliveriesOf, type QueuedBatch, type QueuedDelivery, type Sendable } from './delivery.ts';
import type { FailureRun } from './failure-run.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { LoadProgress } from './load-progress.ts';
import { Pace } from './pace.ts';
import { MAX_HOLD_MS } from './retry.ts';

/** For `holdUntil`: nothing is started until what has come is written. */
export const UNTIL_SETTLED = Number.POSITIVE_INFINITY;

export interface QueueBounds extends BacklogBounds {
  readonly maxConcurrency: number;
  readonly breaker: BreakerRules;
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
  readonly progress = new LoadProgress();
  readonly pace: Pace;
  /** Undefined while nothing may be sent: paused, disabled, deleted, or its lane lost. */
  webhook: LiveWebhook | undefined;
  /** As last written; changes are written once. */
  health: 'healthy' | 'failing';
  failures: FailureRun;
  /** Of the webhook these two were read with. */
  healthRevision: number;
  /** Nothing is started before this time, in milliseconds since 1970: the receiver asked for a rest. */
  holdUntil = 0;
  readonly #maxQueued: number;
  readonly #backlog: Backlog;
  #sending = 0;
  #usedAt = performance.now();
  /** What time it was when it was asked last. */
  #askedAt = 0;
  /** Something found no room since the last one was started. */
  #full = false;
  #collector: Collector | undefined;

  /** @param pace of the requests there were before this queue */
  constructor(webhook: LiveWebhook, bounds: QueueBounds, pace: Pace = new Pace()) {
    this.id = webhook.id;
    this.lane = webhook.lane;
    this.webhook = webhook;
    this.health = webhook.health;
    this.failures = webhook.failures;
    this.healthRevision = webhook.revision;
    this.pace = pace;
    this.#maxQueued = bounds.maxQueued;
    this.#backlog = new Backlog(bounds);
    this.concurrency = new Concurrency(bounds.maxConcurrency);
    this.breaker = new Breaker(bounds.breaker);
  }

  /** Whether the database may have more that is due than is queued here. */
  get behind(): boolean {
    return this.progress.behind;
  }

  /** Whether the database must say which of two deliveries with one unique key waits: the next load does. */
  get doubtful(): boolean {
    return this.#backlog.doubtful;
  }

  /** Whether a load is worth it, and must not wait until something ends: what came last wasn't looked at. */
  get isUnfinished(): boolean {
    return this.progress.isUnfinished && this.wantsMore;
  }

  /** Whether what is due next may be taken in before what the database has besides; a batch needs all it can get. */
  get hasAmpleRoom(): boolean {
    return this.webhook?.batch ? this.room > 0 : this.queued < this.#maxQueued / 4;
  }

  get queued(): number {
    return this.#backlog.queued;
  }

  /** All deliveries from when they are queued until their outcome is committed. */
  get held(): number {
    return this.#backlog.held;
  }

  /** The data of all that is held, in UTF-8. */
  get heldBytes(): number {
    return this.#backlog.heldBytes;
  }

  get sending(): number {
    return this.#sending;
  }

  get room(): number {
    return this.#backlog.room;
  }

  /** Of what goes next: its own, else that of the webhook. */
  get priority(): number {
    return this.#backlog.priorityOfNext(this.webhook?.priority ?? 0);
  }

  /** How long nothing has been held here; 0 while something is. */
  idleForMs(): number {
    return this.held > 0 || this.#backlog.isLoading ? 0 : performance.now() - this.#usedAt;
  }

  /** Whether nothing is under way whose end would ask for more. */
  get isWaiting(): boolean {
    if (this.held === 0) return true;
    return this.#batches() !== undefined && this.held === this.queued && this.room > 0 && !this.#full;
  }

  /** Whether it is low enough for a load to be worth it. */
  get wantsMore(): boolean {
    // Where batches are large, what is left may be too little for one.
    const fewForBatch = this.webhook?.batch ? this.#maxQueued - this.webhook.batch.maxItems : 0;
    return this.behind && this.queued < Math.max(this.#maxQueued / 4, fewForBatch);
  }

  /** When the next request may begin, in milliseconds since 1970, as far as a time decides it. */
  get readyAt(): number {
    const perSecond = this.webhook?.ratePerSecond;
    const paced = perSecond ? this.pace.readyAt(perSecond) : 0;
    return Math.max(this.holdUntil, this.breaker.openUntil, paced, this.#batches()?.readyAt ?? 0);
  }

  /** What puts its batches together; undefined for a webhook without. */
  #batches(): Collector | undefined {
    if (!this.webhook?.batch) return undefined;
    if (this.#collector?.webhook !== this.webhook) {
      const isCrowded = (): boolean => this.behind && (this.#full || this.room <= 0);
      this.#collector = Collector.of(this.webhook, this.#backlog, isCrowded);
    }
    return this.#collector;
  }

  /** @param now milliseconds since 1970 */
  canStart(now: number): boolean {
    if (now < this.#askedAt) this.#setBack(now);
    this.#askedAt = now;
    if (this.webhook === undefined || this.readyAt > now) return false;
    return this.#sending < this.#limit(this.webhook) && this.#backlog.hasFree();
  }

  /** A clock that is set back must not have a webhook rest for longer than anything has it rest. */
  #setBack(now: number): void {
    this.pace.setBack(now);
    this.breaker.setBack(now);
    if (this.holdUntil !== UNTIL_SETTLED) this.holdUntil = Math.min(this.holdUntil, now + MAX_HOLD_MS);
  }

  #limit({ maxInFlight }: LiveWebhook): number {
    return Math.min(this.concurrency.limit, this.breaker.limit, maxInFlight ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Queues what was just committed, unless it is held already, in the place of an older one with its unique key. For
   * what finds no room the queue is `behind`.
   */
  push(delivery: QueuedDelivery): void {
    if (this.#backlog.knows(delivery.id) || !this.#backlog.makeWayFor(delivery)) return;
    if (this.webhook !== undefined && this.#backlog.add(delivery)) return;
    this.#full = this.webhook !== undefined;
    this.skip();
  }

  /** As `push`, for what has to be left to the database. */
  leave(delivery: Pick<QueuedDelivery, 'id' | 'uniqueKey'>): void {
    if (this.#backlog.knows(delivery.id)) return;
    this.#backlog.makeWayFor(delivery);
    this.skip();
  }

  /** As `leave`, for what the database is asked for by its key. */
  announce(delivery: Pick<QueuedDelivery, 'id' | 'uniqueKey'>): void {
    if (!this.#backlog.knows(delivery.id)) this.#backlog.makeWayFor(delivery);
  }

  /**
   * Takes what is to be sent next, and one of the webhook's places with it; undefined if all that is queued waits for an
   * earlier one with the same key.
   *
   * @param now milliseconds since 1970
   */
  start(now: number): Sendable | undefined {
    const batches = this.#batches();
    const sendable = batches
      ? this.#startBatch(batches, now)
      : this.#backlog.start(this.webhook?.priority ?? 0);
    if (!sendable) return undefined;
    this.#full = false;
    if (this.webhook?.ratePerSecond) this.pace.took(now, this.webhook.ratePerSecond);
    this.#sending += 1;
    return sendable;
  }

  #startBatch(batches: Collector, now: number): QueuedBatch | undefined {
    const batch = batches.next(now);
    if (batch) this.#backlog.startThese(batch.deliveries);
    return batch;
  }

  /**
   * The request has ended: its place is free, though the outcome isn't committed yet.
   *
   * @param answered whether the receiver has answered, whatever it was; undefined if nothing is known
   * @param now milliseconds since 1970
   * @param startedAt when the request began
   */
  sent(congestion: Congestion, answered: boolean | undefined, now: number, startedAt: number = now): void {
    this.#sending -= 1;
    this.concurrency.learn(congestion);
    if (answered !== undefined) this.breaker.learn(answered, now, startedAt);
  }

  /** The outcome is committed, or will never be: the database alone knows the delivery now. */
  release(deliveryId: string): void {
    this.#usedAt = performance.now();
    this.#backlog.release(deliveryId);
  }

  /** The same for all that went in one request. */
  releaseAll(sendable: Sendable): void {
    for (const { id } of deliveriesOf(sendable)) this.release(id);
  }

  holds(deliveryId: string): boolean {
    return this.#backlog.has(deliveryId);
  }

  /** What is queued of unique items: another node may have published what takes their place. */
  queuedUnique(): QueuedDelivery[] {
    return this.#backlog.unique();
  }

  /** Forgets those whose place another one has taken, unless they have been started. */
  drop(deliveryIds: ReadonlySet<string>): void {
    this.#backlog.drop(({ id }) => deliveryIds.has(id));
  }

  /** Leaves a delivery to the database, to be read when there is room. */
  skip(): void {
    this.progress.skip();
  }

  beginLoad(): void {
    this.progress.begin();
    this.beginLoadOfKeys();
  }

  beginLoadOfKeys(): void {
    this.#usedAt = performance.now();
    this.#backlog.beginLoad();
  }

  /**
   * @param more whether the load left anything of what it looked at in the database; what was skipped meanwhile it hasn't seen
   * @param read what it has read, in its order
   * @param end where it ended, if that is before the end of what is due
   */
  endLoad(more: boolean, read: readonly QueuedDelivery[] = [], end?: DuePosition): void {
    this.progress.end(this.#take(read) && !more, end);
  }

  /** @param read the first of each key that was asked for, if it is due */
  endLoadOfKeys(read: readonly QueuedDelivery[]): void {
    if (!this.#take(read)) this.skip();
  }

  #take(read: readonly QueuedDelivery[]): boolean {
    const all = this.#backlog.endLoad(this.webhook === undefined ? [] : read);
    this.#full ||= !all;
    return all && (this.webhook !== undefined || read.length === 0);
  }

  /** Starts nothing more until it is told of its webhook anew. */
  stop(): void {
    this.webhook = undefined;
    this.progress.startOver();
    this.clear();
  }

  /** Forgets what hasn't been started. */
  clear(): void {
    this.#backlog.drop();
    this.#full = false;
  }
}
