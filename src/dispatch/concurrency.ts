const START = 8;
const SHRINK = 0.5;

/** What an attempt says about how much its receiver can take. */
export type Congestion = 'fine' | 'congested' | 'neutral';

/**
 * How many requests one receiver gets at once: grows by one each time a full round has gone well, halves when
 * it times out or asks for less (additive increase, multiplicative decrease, as in RFC 5681).
 */
export class Concurrency {
  readonly #max: number;
  #limit: number;
  #wellInARow = 0;

  constructor(max: number) {
    this.#max = max;
    this.#limit = Math.min(START, max);
  }

  get limit(): number {
    return this.#limit;
  }

  learn(congestion: Congestion): void {
    if (congestion === 'neutral') return;
    if (congestion === 'congested') {
      this.#limit = Math.max(1, Math.floor(this.#limit * SHRINK));
      this.#wellInARow = 0;
      return;
    }
    this.#wellInARow += 1;
    if (this.#wellInARow >= this.#limit && this.#limit < this.#max) {
      this.#limit += 1;
      this.#wellInARow = 0;
    }
  }
}
