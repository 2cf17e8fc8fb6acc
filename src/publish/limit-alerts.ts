import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import { newId } from '../ids.ts';
import { raiseLimitAlert } from '../store/account-alerts.ts';
import { isOverLimit } from './daily-limits.ts';

const MEMORY_OF_ACCOUNTS = 10_000;

/** Tells accounts once a day that their limit is reached: beside publishing, as a caller's transaction rolls back. */
export class LimitAlerts {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #told = new Map<string, string>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(database: Database, clock: Clock, log: Logger) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
  }

  /** Lets an error of the limit through, and tells of it. */
  async telling<T>(accountId: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.raise(accountId, error);
      throw error;
    }
  }

  /** Tells of an error, if it is of the limit. */
  raise(accountId: string | undefined, error: unknown): void {
    if (accountId === undefined || !isOverLimit(error)) return;
    const { message, params = {} } = error;
    const at = new Date(this.#clock.now()).toISOString();
    const day = at.slice(0, 10);
    if (this.#told.get(accountId) === day) return;
    if (this.#told.size >= MEMORY_OF_ACCOUNTS) this.#told.clear();
    this.#told.set(accountId, day);
    const work = raiseLimitAlert(this.#database, { id: newId(), accountId, message, params, at, day }).catch(
      (error: unknown) => {
        this.#told.delete(accountId);
        this.#log.warn(logged(error), 'an account could not be told that its daily limit is reached');
      },
    );
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  /** Waits for those under way. */
  async stop(): Promise<void> {
    await Promise.all(this.#underWay);
  }
}
