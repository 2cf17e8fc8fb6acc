import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { logged } from '../db/outage.ts';
import type { DispatchState } from '../dispatch/dispatch-state.ts';
import { type PriorityDepthRow, readPriorityDepths } from '../store/queue-depth.ts';
import type { CountedAttempt } from './attempt-tally.ts';
import { Metrics } from './metrics.ts';
import { StatisticsWriter, type StatisticsWriterOptions } from './statistics-writer.ts';

export interface ObserverOptions extends StatisticsWriterOptions {
  readonly state: () => DispatchState;
}

const EVERYBODYS = { accountId: null, webhookId: null, priority: null };
// Whoever scrapes waits no longer than that either, as a rule.
const QUEUE_LIMIT_MS = 2_000;

/** Told of what happens in this process: counts it for charts, in the database, and for metrics, in memory. */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #statistics: StatisticsWriter;
  readonly #metrics = new Metrics();
  #reading: Promise<readonly PriorityDepthRow[] | undefined> | undefined;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#statistics = new StatisticsWriter(options);
  }

  start(): void {
    this.#statistics.start();
  }

  async stop(): Promise<void> {
    await this.#statistics.stop();
  }

  attempted(attempts: readonly CountedAttempt[]): void {
    this.#statistics.count(attempts);
    for (const attempt of attempts) this.#metrics.attempted(attempt);
  }

  /** Events are published: `work` resolves once they are committed. */
  async publishing<T>(events: number, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const result = await work();
    this.#metrics.published(events, 'own');
    this.#metrics.publishTook((performance.now() - startedAt) / 1000);
    return result;
  }

  /** Events have become part of a caller's transaction. */
  joined(events: number): void {
    this.#metrics.published(events, 'caller');
  }

  /** The metrics of this moment, in the text format of Prometheus. */
  async metrics(): Promise<string> {
    const { database, clock, state } = this.#options;
    // Whoever asks while the queue is being read shares what comes of it: it isn't read twice at once.
    this.#reading ??= this.#readQueue().finally(() => {
      this.#reading = undefined;
    });
    const late = setTimeout(QUEUE_LIMIT_MS, undefined, { ref: false });
    const queue = await Promise.race([this.#reading, late]);
    const connections = database.connections();
    return this.#metrics.text({ dispatch: state(), queue, connections, now: clock.now() });
  }

  /** undefined: the database can't say. */
  async #readQueue(): Promise<readonly PriorityDepthRow[] | undefined> {
    const { database, clock, log } = this.#options;
    try {
      return await readPriorityDepths(database, EVERYBODYS, new Date(clock.now()).toISOString());
    } catch (error) {
      log.warn(logged(error), 'the queue could not be read; the metrics go without it');
      return undefined;
    }
  }
}
