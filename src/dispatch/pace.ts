/** Spaces requests evenly, so many a second: no burst, however long nothing was sent. */
export class Pace {
  #readyAt = 0;

  /** When the next request may begin, in milliseconds since 1970. */
  get readyAt(): number {
    return this.#readyAt;
  }

  /**
   * A request begins.
   *
   * @param now milliseconds since 1970
   * @param perSecond at most; may be less than one
   */
  took(now: number, perSecond: number): void {
    // Counted from when it was due, if that was a moment ago: timers come late, and the rate must be reached all the same.
    const from = Math.max(this.#readyAt, now - LATE_MS);
    this.#readyAt = from + 1000 / perSecond;
  }
}

const LATE_MS = 10;
