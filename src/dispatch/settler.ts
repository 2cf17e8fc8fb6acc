import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { DEADLOCK, isOutage, LOCK_TIMEOUT, logged, sqlState } from '../db/outage.ts';
import { cancelAllOrphans } from '../store/orphans.ts';
import type { Settlement } from '../store/settle.ts';
import { HeldOutcomes } from './held-outcomes.ts';
import { endOfPortion, requestsOf } from './outcome-portions.ts';
import { type Written, type WrittenOutcomes, writeFreeOutcomes, writeOutcomes } from './write-outcomes.ts';

export interface SettlerOptions {
  readonly database: Database;
  readonly nodeId: string;
  readonly log: Logger;
  /** How long nothing but failures may last for a webhook that doesn't say; 0: for ever. */
  readonly disableAfterDays: number;
  /** Told of what has been dealt with, and what was written of it: all, but for what had been before or has no lease. */
  readonly onSettled: (settlements: readonly Settlement[], written: Written) => void;
}

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
  readonly #held: HeldOutcomes;

  constructor(options: SettlerOptions) {
    this.#options = options;
    this.#held = new HeldOutcomes({
      write: (portion) => this.#writeFree(portion),
      signal: this.#stopRetrying.signal,
    });
  }

  /** Outcomes that wait for their turn to be written; not those another transaction holds up, which keep no turn. */
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
    await this.#held.drain();
    await Promise.all(this.#beside);
    const unwritten = this.#waiting.length + this.#held.count;
    if (unwritten > 0)
      this.#options.log.warn({ unwritten }, 'outcomes were not written; those are sent again');
  }

  async #run(): Promise<void> {
    // Whatever ends in this turn of the event loop goes into the first statement.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#stopRetrying.signal.aborted) {
      const batch = this.#waiting.splice(0, endOfPortion(this.#waiting, 0, BATCH));
      await this.#write(batch);
    }
    this.#running = undefined;
  }

  async #write(batch: readonly Settlement[]): Promise<void> {
    const { log } = this.#options;
    for (;;) {
      try {
        this.#done(batch, await writeOutcomes(this.#options, batch));
        if (this.#away) log.info('outcomes are written again');
        this.#away = false;
        return;
      } catch (error) {
        if (isHeldUp(error)) return this.#held.add(await this.#writeFree(batch));
        if (!isOutage(error)) return this.#writeAlone(batch, error);
        if (!this.#away) log.warn(logged(error), 'outcomes wait for the database');
        this.#away = true;
        if (await this.#pauseOrStop()) return;
      }
    }
  }

  /** Writes what it can without waiting for another transaction, and returns the rest. */
  async #writeFree(batch: readonly Settlement[]): Promise<readonly Settlement[]> {
    try {
      const { free, held, ...done } = await writeFreeOutcomes(this.#options, batch);
      this.#done(free, done);
      return held;
    } catch (error) {
      if (isHeldUp(error) || isOutage(error)) return batch;
      return this.#writeFreeAlone(batch, error);
    }
  }

  #done(batch: readonly Settlement[], { written, disabled }: WrittenOutcomes): void {
    for (const settlement of disabled) this.#cancelRest(settlement);
    this.#options.onSettled(batch, written);
  }

  /** One outcome the database can't take must not keep the others from being written, but for those of its request. */
  async #writeAlone(batch: readonly Settlement[], error: unknown): Promise<void> {
    const requests = requestsOf(batch);
    if (requests.length > 1) for (const settlements of requests) await this.#write(settlements);
    else this.#keep(batch, error);
  }

  async #writeFreeAlone(batch: readonly Settlement[], error: unknown): Promise<readonly Settlement[]> {
    const held: Settlement[] = [];
    const requests = requestsOf(batch);
    if (requests.length > 1)
      for (const settlements of requests) held.push(...(await this.#writeFree(settlements)));
    else this.#keep(batch, error);
    return held;
  }

  /** They stay held in memory, so that they aren't sent over and over; a restart tries them once more. */
  #keep(request: readonly Settlement[], error: unknown): void {
    const [{ deliveryId } = {}] = request;
    this.#options.log.error(
      { err: error, deliveryId, deliveries: request.length },
      'the outcome of a request could not be written',
    );
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

/** Whether another transaction is in the way of some of them. */
function isHeldUp(error: unknown): boolean {
  const state = sqlState(error);
  return state === LOCK_TIMEOUT || state === DEADLOCK;
}
