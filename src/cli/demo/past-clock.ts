import { type Clock, systemClock } from '../../clock.ts';

/**
 * A clock that begins in the past and is moved on until it is the system's; between moves it runs as fast as any.
 *
 * As long as it is behind, all of this process takes the time from it: ids carry when they were made, and the embedded
 * database asks the process it runs in what time it is.
 */
export class PastClock implements Clock {
  readonly #realNow = Date.now.bind(Date);
  readonly #scheduled = new Set<Scheduled>();
  #behindMs: number;

  constructor(behindMs: number) {
    this.#behindMs = behindMs;
    Date.now = () => this.now();
  }

  now(): number {
    return this.#realNow() - this.#behindMs;
  }

  schedule(at: number, task: () => void): () => void {
    const entry: Scheduled = { at, task, callOff: () => undefined };
    this.#scheduled.add(entry);
    this.#arm(entry);
    return () => {
      entry.callOff();
      this.#scheduled.delete(entry);
    };
  }

  /** Moves on, but never beyond the system's time. What was scheduled until then runs. */
  moveTo(at: number): void {
    this.#behindMs = Math.max(0, Math.min(this.#behindMs, this.#realNow() - at));
    for (const entry of this.#scheduled) {
      entry.callOff();
      this.#arm(entry);
    }
  }

  /** The present has come: the process takes the time from the system again. */
  catchUp(): void {
    this.moveTo(this.#realNow());
    Date.now = this.#realNow;
  }

  #arm(entry: Scheduled): void {
    entry.callOff = systemClock.schedule(entry.at, () => {
      this.#scheduled.delete(entry);
      entry.task();
    });
  }
}

interface Scheduled {
  readonly at: number;
  readonly task: () => void;
  callOff: () => void;
}
