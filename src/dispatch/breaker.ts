export interface BreakerRules {
  /** So many failures in a row open it. */
  readonly after: number;
  /** How long it stays open at first, in milliseconds; twice as long after each probe that fails. */
  readonly holdMs: number;
  readonly maxHoldMs: number;
}

/**
 * Spares a receiver that is down: after enough failures in a row nothing is sent for a while, and then one request at a
 * time until one of them is answered (https://martinfowler.com/bliki/CircuitBreaker.html). What waits is not lost, and
 * none of its attempts is used up.
 */
export class Breaker {
  readonly #rules: BreakerRules;
  #failures = 0;
  #holdMs: number;
  #openUntil = 0;
  #openedAt = Number.NEGATIVE_INFINITY;

  constructor(rules: BreakerRules) {
    this.#rules = rules;
    this.#holdMs = rules.holdMs;
  }

  /** Until when nothing is sent, in milliseconds since 1970; 0 if it isn't open. */
  get openUntil(): number {
    return this.#openUntil;
  }

  /** How many requests there may be at once. */
  get limit(): number {
    return this.#openUntil === 0 ? Number.POSITIVE_INFINITY : 1;
  }

  /** The clock was set back to `now`: it stays open no longer than it may. */
  setBack(now: number): void {
    if (this.#openUntil === 0) return;
    this.#openUntil = Math.min(this.#openUntil, now + this.#rules.maxHoldMs);
    this.#openedAt = Math.min(this.#openedAt, now);
  }

  /**
   * A request has ended.
   *
   * @param now milliseconds since 1970
   * @param startedAt when the request began
   */
  learn(answered: boolean, now: number, startedAt: number): void {
    if (answered) {
      this.#failures = 0;
      this.#openUntil = 0;
      this.#openedAt = Number.NEGATIVE_INFINITY;
      this.#holdMs = this.#rules.holdMs;
      return;
    }
    this.#failures += 1;
    // Those under way when it opened say nothing new, however late they end: only what was sent since is a probe.
    if (this.#failures < this.#rules.after || startedAt <= this.#openedAt) return;
    this.#openedAt = now;
    this.#openUntil = now + this.#holdMs;
    this.#holdMs = Math.min(this.#holdMs * 2, this.#rules.maxHoldMs);
  }
}
