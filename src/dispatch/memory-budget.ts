/** The bytes of event data that all queues of this node together may hold. */
export class MemoryBudget {
  readonly #max: number;
  #used = 0;

  constructor(maxBytes: number) {
    this.#max = maxBytes;
  }

  /** Whether so many bytes more fit in. */
  fits(bytes: number): boolean {
    return this.#used + bytes <= this.#max;
  }

  /** Takes bytes, whether they fit or not; negative ones are given back. */
  take(bytes: number): void {
    this.#used += bytes;
  }
}
