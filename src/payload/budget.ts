import { PayloadFailure } from './failure.ts';
import type { PayloadLimits } from './limits.ts';

/** A step is a tag, an output, a filter, a comparison or an entry of a list: about as dear as so many characters. */
export const STEP = 64;

/** Asking for the time costs more than a step does: it is asked for once in so much work. */
const WORK_BETWEEN_LOOKS = 1_000;

/**
 * What one rendering may still spend. Everything that makes or looks through text pays for each character, and
 * every step pays a fixed price, so that memory and processor time end together whatever a template does. Being
 * counted and not measured, it stops a template at the same place on every machine; the time is the last resort.
 */
export class Budget {
  #left: number;
  #nextLook: number;
  readonly #deadlineMs: number;
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(limits: PayloadLimits, now: () => number) {
    this.#left = limits.work;
    this.#nextLook = limits.work;
    this.#deadlineMs = now() + limits.renderTimeMs;
    this.#now = now;
  }

  /** @throws PayloadFailure `work_limit`, `time_limit` */
  spend(units: number): void {
    this.#left -= units;
    if (this.#left > this.#nextLook) return;
    if (this.#left < 0) {
      throw new PayloadFailure('work_limit', 'The template makes too much text, or too many steps.');
    }
    this.#nextLook = Math.max(this.#left - WORK_BETWEEN_LOOKS, 0);
    if (this.#now() > this.#deadlineMs) {
      throw new PayloadFailure('time_limit', 'The template takes too long to render.');
    }
  }

  step(): void {
    this.spend(STEP);
  }
}

/** Processor time of this thread: a machine that is busy with other things doesn't stop a template. */
export function processorTimeMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
