import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Database } from './db/database.ts';
import { findNewerMigration } from './db/migrate.ts';
import { logged } from './db/outage.ts';
import { moveNamedChannels } from './store/channels.ts';
import { deleteIdempotencyKeys } from './store/idempotency-keys.ts';
import { ensurePartitions } from './store/partitions.ts';
import { deleteOldPortalLinks } from './store/portal.ts';
import { deleteOldAttempts } from './store/sign-in-attempts.ts';
import { forgetIdleItems, type UniqueItem } from './store/unique-items.ts';
import { deleteExpiredSessions } from './store/user-sessions.ts';
import { analyzeTable, findWornTables, vacuumTable } from './store/worn-tables.ts';

const EVERY_MS = 3600 * 1000;
const CHANNELS_EVERY_MS = 5_000;
const SCHEMA_EVERY_MS = 5_000;
const TABLES_EVERY_MS = 10 * 60 * 1000;
const DAY_MS = 24 * 3600 * 1000;
/** Partitions are made for so long to come. */
export const PARTITIONS_AHEAD_MS = 28 * DAY_MS;
/** How long a publish is remembered by its idempotency key. */
const IDEMPOTENCY_MS = DAY_MS;
const KEYS_PER_DELETE = 5_000;
const CHANNELS_PER_MOVE = 5_000;
const ITEMS_PER_LOOK = 1_000;

/**
 * What must be seen to now and then: partitions for the weeks to come, channels events have named, and what is over: old
 * idempotency keys, sessions that have ended. A newer version that has migrated the tables is told of. A server analyses and
 * vacuums its tables by itself; for the embedded database, which doesn't, it is done here.
 */
export class Maintenance {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #timers: NodeJS.Timeout[] = [];
  /** The newest migration the log has been told of that this version doesn't know. */
  #newer = 0;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(database: Database, clock: Clock, log: Logger) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
  }

  /** Does it now and every hour. Without new partitions rows go to the default one: no reason not to start. */
  async start(): Promise<void> {
    const hourly = () => this.#try(() => this.#run(), 'maintenance failed; it is tried again in an hour');
    const channels = () =>
      this.#try(() => this.#moveChannels(), 'channels could not be noted; it is tried again');
    await hourly();
    await channels();
    this.#every(EVERY_MS, hourly);
    this.#every(CHANNELS_EVERY_MS, channels);
    this.#every(SCHEMA_EVERY_MS, () =>
      this.#try(
        () => this.#lookForNewerVersion(),
        'the version of the tables could not be read; it is tried again',
      ),
    );
    if (this.#database.kind !== 'embedded') return;
    this.#every(TABLES_EVERY_MS, () =>
      this.#try(() => this.#tendTables(), 'tables could not be vacuumed and analysed; it is tried again'),
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#running;
  }

  #every(intervalMs: number, chore: () => Promise<void>): void {
    const timer = setInterval(() => {
      this.#running = this.#running.then(chore);
    }, intervalMs);
    this.#timers.push(timer.unref());
  }

  async #try(chore: () => Promise<void>, message: string): Promise<void> {
    try {
      await chore();
    } catch (error) {
      this.#log.warn(logged(error), message);
    }
  }

  async #run(): Promise<void> {
    // Ids are made by the system's clock, whatever clock decides when things are due.
    const now = Date.now();
    await ensurePartitions(this.#database, isoOf(now), isoOf(now + PARTITIONS_AHEAD_MS));
    const before = isoOf(this.#clock.now() - IDEMPOTENCY_MS);
    while ((await deleteIdempotencyKeys(this.#database, before, KEYS_PER_DELETE)) === KEYS_PER_DELETE);
    let last: UniqueItem | null = null;
    do last = await forgetIdleItems(this.#database, last, ITEMS_PER_LOOK);
    while (last !== null);
    const nowText = isoOf(this.#clock.now());
    while ((await deleteExpiredSessions(this.#database, nowText, KEYS_PER_DELETE)) === KEYS_PER_DELETE);
    while ((await deleteOldPortalLinks(this.#database, nowText, KEYS_PER_DELETE)) === KEYS_PER_DELETE);
    while ((await deleteOldAttempts(this.#database, before, KEYS_PER_DELETE)) === KEYS_PER_DELETE);
  }

  /** What runs goes on: migrations leave the statements of the version before them working. */
  async #lookForNewerVersion(): Promise<void> {
    const newer = await findNewerMigration(this.#database);
    if (!newer || newer.applied === this.#newer) return;
    this.#newer = newer.applied;
    this.#log.warn(
      newer,
      'a newer version has migrated the database: replace this one, it could not start again',
    );
  }

  /**
   * Everything else waits for as long as a statement takes, so each is of one table or partition. After 50,000 deliveries
   * the longest took 0.3 s on two cores: analysing reads 30,000 rows at most, vacuuming what has changed.
   */
  async #tendTables(): Promise<void> {
    for (const table of await findWornTables(this.#database)) {
      for (const tend of [vacuumTable, analyzeTable]) {
        if (this.#stopped) return;
        await tend(this.#database, table);
      }
    }
  }

  async #moveChannels(): Promise<void> {
    while ((await moveNamedChannels(this.#database, CHANNELS_PER_MOVE)) === CHANNELS_PER_MOVE);
  }
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
