import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Database } from './db/database.ts';
import { logged } from './db/outage.ts';
import { deleteIdempotencyKeys } from './store/idempotency-keys.ts';
import { ensurePartitions } from './store/partitions.ts';
import { deleteOldPortalLinks } from './store/portal.ts';
import { deleteOldAttempts } from './store/sign-in-attempts.ts';
import { deleteExpiredSessions } from './store/user-sessions.ts';

const EVERY_MS = 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;
const PARTITIONS_AHEAD_MS = 28 * DAY_MS;
/** How long a publish is remembered by its idempotency key. */
const IDEMPOTENCY_MS = DAY_MS;
const KEYS_PER_DELETE = 5_000;

/** What must be seen to now and then: partitions for the weeks to come, old idempotency keys, and sessions that have ended. */
export class Maintenance {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(database: Database, clock: Clock, log: Logger) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
  }

  /** Does it now and every hour. Without new partitions rows go to the default one: no reason not to start. */
  async start(): Promise<void> {
    await this.#try();
    this.#timer = setInterval(() => {
      this.#running = this.#try();
    }, EVERY_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #try(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      this.#log.warn(logged(error), 'maintenance failed; it is tried again in an hour');
    }
  }

  async #run(): Promise<void> {
    // Ids are made by the system's clock, whatever clock decides when things are due.
    const now = Date.now();
    await ensurePartitions(this.#database, isoOf(now), isoOf(now + PARTITIONS_AHEAD_MS));
    const before = isoOf(this.#clock.now() - IDEMPOTENCY_MS);
    while ((await deleteIdempotencyKeys(this.#database, before, KEYS_PER_DELETE)) === KEYS_PER_DELETE);
    const nowText = isoOf(this.#clock.now());
    while ((await deleteExpiredSessions(this.#database, nowText, KEYS_PER_DELETE)) === KEYS_PER_DELETE);
    while ((await deleteOldPortalLinks(this.#database, nowText, KEYS_PER_DELETE)) === KEYS_PER_DELETE);
    while ((await deleteOldAttempts(this.#database, before, KEYS_PER_DELETE)) === KEYS_PER_DELETE);
  }
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
