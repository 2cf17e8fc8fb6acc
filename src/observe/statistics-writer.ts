import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import { addAttemptStatistics, deleteAttemptStatistics } from '../store/attempt-statistics.ts';
import { AttemptTally, type CountedAttempt } from './attempt-tally.ts';

export interface StatisticsWriterOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly nodeId: string;
}

const EVERY_MS = 2_000;
/** Beyond this many a database that stays away would fill the memory: what is oldest is no longer counted. */
const MAX_WAITING = 50_000;
const KEPT_MS = 35 * 24 * 3600 * 1000;
const DELETE_EVERY_MS = 3600 * 1000;
const STOP_LIMIT_MS = 2_000;

/**
 * Writes what has been counted of attempts, every two seconds. A process that crashes takes the counts of its last
 * two seconds with it: they are for charts, and the attempts themselves are on record.
 */
export class StatisticsWriter {
  readonly #options: StatisticsWriterOptions;
  readonly #tally = new AttemptTally();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #deletedAt = 0;

  constructor(options: StatisticsWriterOptions) {
    this.#options = options;
  }

  count(attempts: Iterable<CountedAttempt>): void {
    for (const attempt of attempts) this.#tally.add(attempt);
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#write());
    }, EVERY_MS);
    this.#timer.unref();
  }

  /** Writes what is left, unless the database doesn't answer. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const last = this.#running.then(() => this.#write());
    await Promise.race([last, setTimeout(STOP_LIMIT_MS, undefined, { ref: false })]);
  }

  async #write(): Promise<void> {
    const { database, nodeId, log } = this.#options;
    const tallies = this.#tally.take();
    try {
      if (tallies.length > 0) await addAttemptStatistics(database, nodeId, tallies);
    } catch (error) {
      this.#tally.restore(tallies.slice(-MAX_WAITING));
      log.warn(logged(error), 'statistics could not be written; they are tried again');
      return;
    }
    await this.#deleteOld();
  }

  async #deleteOld(): Promise<void> {
    const { database, clock, log } = this.#options;
    try {
      if (clock.now() - this.#deletedAt < DELETE_EVERY_MS) return;
      this.#deletedAt = clock.now();
      await deleteAttemptStatistics(database, new Date(clock.now() - KEPT_MS).toISOString());
    } catch (error) {
      log.warn(logged(error), 'old statistics could not be deleted; it is tried again in an hour');
    }
  }
}
