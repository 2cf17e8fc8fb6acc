// Timers come late by a moment, and the rate must be reached all the same.
const LATE_MS = 10;

/** Spaces requests evenly, so many a second: no burst, however long nothing was sent. */
export class Pace {
  /** When the last request was due, as far as that was a moment ago. */
  #lastAt = Number.NEGATIVE_INFINITY;
  #lastPerSecond = 1;

  /**
   * When the next request may begin, in milliseconds since 1970.
   *
   * @param perSecond at most; may be less than one, and another rate than that of the last request
   */
  readyAt(perSecond: number): number {
    return this.#lastAt + 1000 / perSecond;
  }

  /** The clock was set back to `now`: what was sent in its future was sent now. */
  setBack(now: number): void {
    this.#lastAt = Math.min(this.#lastAt, now);
  }

  /** A request begins. @param now milliseconds since 1970 */
  took(now: number, perSecond: number): void {
    this.#lastAt = Math.max(this.readyAt(perSecond), now - LATE_MS);
    this.#lastPerSecond = perSecond;
  }

  /** Whether it holds nothing back any more, at the rate of the last request. @param now milliseconds since 1970 */
  isOver(now: number): boolean {
    return this.readyAt(this.#lastPerSecond) <= now;
  }
}
