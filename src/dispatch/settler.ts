import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { isOutage, logged } from '../db/outage.ts';
import { cancelAllOrphans } from '../store/orphans.ts';
import { type Settled, type Settlement, settle } from '../store/settle.ts';
import { recordExhausted, recordGone } from './trouble.ts';

export interface SettlerOptions {
  readonly database: Database;
  readonly nodeId: string;
  readonly log: Logger;
  /** Told of what has been dealt with, and what was written of it: all, but for what had been before or has no lease. */
  readonly onSettled: (settlements: readonly Settlement[], written: Written) => void;
}

/** By the id of the delivery. */
export type Written = ReadonlyMap<string, Settled>;

const BATCH = 500;
const RETRY_MS = 500;

/**
 * Writes outcomes, all those that have come together while the last write was under way in one statement.
 * While the database is away they are kept and written when it is back.
 */
export class Settler {
  readonly #options: SettlerOptions;
  #waiting: Settlement[] = [];
  readonly #beside = new Set<Promise<void>>();
  #running: Promise<void> | undefined;
  /** Whether the log has been told that the database is away. */
  #away = false;
  readonly #stopRetrying = new AbortController();

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** Outcomes not written yet. */
  get backlog(): number {
    return this.#waiting.length;
  }

  add(settlement: Settlement): void {
    this.#waiting.push(settlement);
    this.#running ??= this.#run();
  }

  /** Waits until all is written. Gives up on a database that stays away when `signal` says so. */
  async drain(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#stopRetrying.abort(), { once: true });
    await this.#running;
    await Promise.all(this.#beside);
  }

  async #run(): Promise<void> {
    // Whatever ends in this turn of the event loop goes into the first statement.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#stopRetrying.signal.aborted) {
      const batch = this.#waiting.splice(0, BATCH);
      await this.#write(batch);
    }
    this.#running = undefined;
  }

  async #write(batch: readonly Settlement[]): Promise<void> {
    const { log, onSettled } = this.#options;
    for (;;) {
      try {
        onSettled(batch, await this.#commit(batch));
        if (this.#away) log.info('outcomes are written again');
        this.#away = false;
        return;
      } catch (error) {
        if (!isOutage(error)) {
          await this.#writeAlone(batch, error);
          return;
        }
        if (!this.#away) log.warn(logged(error), 'outcomes wait for the database');
        this.#away = true;
        if (await this.#pauseOrStop()) return;
      }
    }
  }

  /** One outcome the database can't take must not keep the others from being written. */
  async #writeAlone(batch: readonly Settlement[], error: unknown): Promise<void> {
    const [only] = batch;
    if (batch.length > 1) {
      for (const settlement of batch) await this.#write([settlement]);
    } else if (only) {
      // It stays held in memory, so that it isn't sent over and over; a restart tries it once more.
      this.#options.log.error({ err: error, deliveryId: only.deliveryId }, 'an outcome could not be written');
    }
  }

  async #commit(batch: readonly Settlement[]): Promise<Written> {
    const { database, nodeId } = this.#options;
    // Most batches hold none that was given up: they need no transaction of two statements.
    if (batch.every((settlement) => settlement.statusReason === null)) {
      return byId(await settle(database, nodeId, batch));
    }
    const { written, disabled } = await database.transaction(async (tx) => {
      const written = byId(await settle(tx, nodeId, batch));
      const fresh = batch.filter(({ deliveryId }) => written.has(deliveryId));
      const failing = await recordExhausted(tx, fresh);
      return { written, disabled: [...failing, ...(await recordGone(tx, fresh))] };
    });
    for (const settlement of disabled) this.#cancelRest(settlement);
    return written;
  }

  /** Beside settling: a long backlog must not keep the outcomes of other webhooks waiting. */
  #cancelRest({ webhookId, endedAt }: Settlement): void {
    const work = cancelAllOrphans(this.#options.database, { webhookId }, endedAt).catch((error: unknown) => {
      this.#options.log.warn(
        logged(error),
        'a disabled webhook has pending deliveries; they are cancelled later',
      );
    });
    this.#beside.add(work);
    void work.finally(() => this.#beside.delete(work));
  }

  /** Resolves true if it is time to give up. */
  async #pauseOrStop(): Promise<boolean> {
    const { signal } = this.#stopRetrying;
    await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
    return signal.aborted;
  }
}

function byId(rows: readonly Settled[]): Written {
  return new Map(rows.map((row) => [row.id, row]));
}
