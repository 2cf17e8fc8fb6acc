import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../db/database.ts';
import type { DispatchState } from '../dispatch/dispatch-state.ts';
import type { PriorityDepthRow } from '../store/queue-depth.ts';
import type { CountedAttempt } from './attempt-tally.ts';

/** From a fast receiver next door to the longest time-out there may be. */
const ATTEMPT_BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const PUBLISH_BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What is looked at when somebody asks. */
export interface Observed {
  readonly dispatch: DispatchState;
  /** undefined: the database doesn't answer. */
  readonly queue: readonly PriorityDepthRow[] | undefined;
  readonly connections: ReturnType<Database['connections']>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What a process counts and measures, in the text format of Prometheus. No label has a value that somebody else chooses:
 * there are as many series with a million webhooks as with one.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #published = this.#counter('events_published', 'Events published through this process.', [
    'transaction',
  ]);
  readonly #publishSeconds = this.#histogram(
    'publish_duration_seconds',
    'From a checked request to its commit.',
    PUBLISH_BOUNDS_SECONDS,
  );
  readonly #attempts = this.#counter('attempts', 'Attempts of deliveries that have ended.', ['outcome']);
  readonly #attemptSeconds = this.#histogram(
    'attempt_duration_seconds',
    'How long attempts took.',
    ATTEMPT_BOUNDS_SECONDS,
    ['outcome'],
  );
  readonly #lanes = this.#gauge('lanes_held', 'Lanes of the 64 that this node sends for.');
  readonly #inFlight = this.#gauge('requests_in_flight', 'Requests under way.');
  readonly #breakers = this.#gauge(
    'webhooks_held',
    'Webhooks this node holds, by the state of their breaker.',
    ['breaker'],
  );
  readonly #databaseUp = this.#gauge('database_up', 'Whether the database answers.');
  readonly #queue = this.#gauge('queue_deliveries', 'Deliveries that have not ended, of all nodes.', [
    'priority',
    'state',
  ]);
  readonly #oldestAge = this.#gauge(
    'queue_oldest_due_age_seconds',
    'How long the oldest delivery of all nodes has been due.',
    ['priority'],
  );
  readonly #connections = this.#gauge('database_connections', 'Connections of the pool.', ['state']);
  readonly #waiting = this.#gauge('database_waiting', 'Statements that wait for a connection.');

  constructor() {
    for (const transaction of ['own', 'caller']) this.#published.inc({ transaction }, 0);
    for (const outcome of ['delivered', 'failed']) this.#attempts.inc({ outcome }, 0);
  }

  /** @param transaction `caller`: of a caller, which may still be rolled back */
  published(events: number, transaction: 'own' | 'caller'): void {
    this.#published.inc({ transaction }, events);
  }

  publishTook(seconds: number): void {
    this.#publishSeconds.observe(seconds);
  }

  attempted({ outcome, durationMs }: Pick<CountedAttempt, 'outcome' | 'durationMs'>): void {
    this.#attempts.inc({ outcome });
    this.#attemptSeconds.observe({ outcome }, durationMs / 1000);
  }

  /** The text, with what was looked at just now. */
  text({ dispatch, queue, connections, now }: Observed): Promise<string> {
    this.#lanes.set(dispatch.lanes);
    this.#inFlight.set(dispatch.inFlight);
    for (const [breaker, count] of Object.entries(dispatch.breakers)) this.#breakers.set({ breaker }, count);
    this.#databaseUp.set(queue === undefined ? 0 : 1);
    this.#setQueue(queue ?? [], now);
    if (connections) {
      this.#connections.set({ state: 'busy' }, connections.busy);
      this.#connections.set({ state: 'idle' }, connections.idle);
      this.#waiting.set(connections.waiting);
    }
    return this.#registry.metrics();
  }

  /** What isn't there is left out, so that nobody reads a number of before. */
  #setQueue(queue: readonly PriorityDepthRow[], now: number): void {
    this.#queue.reset();
    this.#oldestAge.reset();
    for (const { priority, pending, held, due, oldestDueAt } of queue) {
      const label = { priority: String(priority) };
      this.#queue.set({ ...label, state: 'due' }, due);
      this.#queue.set({ ...label, state: 'held' }, held);
      this.#queue.set({ ...label, state: 'waiting' }, pending - held - due);
      const ageMs = oldestDueAt === null ? 0 : Math.max(0, now - oldestDueAt.getTime());
      this.#oldestAge.set(label, ageMs / 1000);
    }
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `waybill_${name}_total`, help, labelNames, registers: [this.#registry] });
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[] = []): Gauge<Label> {
    return new Gauge({ name: `waybill_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ): Histogram<Label> {
    return new Histogram({ name: `waybill_${name}`, help, buckets, labelNames, registers: [this.#registry] });
  }
}
