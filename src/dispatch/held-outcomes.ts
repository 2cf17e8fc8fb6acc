import { setTimeout } from 'node:timers/promises';
import type { Settlement } from '../store/settle.ts';
import { endOfPortion } from './outcome-portions.ts';

export interface HeldOutcomesOptions {
  /** Writes what it can of the outcomes of one account, without waiting, and returns the rest. Never rejects. */
  readonly write: (portion: readonly Settlement[]) => Promise<readonly Settlement[]>;
  /** Aborted when it is time to give up. */
  readonly signal: AbortSignal;
}

const RETRY_MS = 250;
const PORTION = 500;

/**
 * Outcomes that could not be written, as another transaction has locked their deliveries: written as soon as it has
 * ended, beside all others. There are few of them: requests that were under way when their place was taken.
 */
export class HeldOutcomes {
  readonly #options: HeldOutcomesOptions;
  #held: Settlement[] = [];
  #running: Promise<void> | undefined;

  constructor(options: HeldOutcomesOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#held.length;
  }

  add(settlements: readonly Settlement[]): void {
    this.#held.push(...settlements);
    if (this.#held.length > 0) this.#running ??= this.#run();
  }

  /** Waits until all is written, or it is time to give up. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal, write } = this.#options;
    while (this.#held.length > 0 && !signal.aborted) {
      await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
      // Each account by itself: what one of them holds up is its own.
      for (const portion of portionsOf(this.#held)) {
        const held = new Set(await write(portion));
        const tried = new Set(portion);
        this.#held = this.#held.filter((one) => !tried.has(one) || held.has(one));
      }
    }
    this.#running = undefined;
  }
}

function portionsOf(settlements: readonly Settlement[]): Settlement[][] {
  const portions: Settlement[][] = [];
  for (const own of Map.groupBy(settlements, ({ accountId }) => accountId).values()) {
    for (let start = 0; start < own.length; ) {
      const end = endOfPortion(own, start, PORTION);
      portions.push(own.slice(start, end));
      start = end;
    }
  }
  return portions;
}
