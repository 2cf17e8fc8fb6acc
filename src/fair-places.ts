interface Line {
  underWay: number;
  readonly waiting: (() => void)[];
}

/** Places to work in that accounts share: none has more than its part of them, and those that wait take turns. */
export class FairPlaces {
  readonly #all: number;
  readonly #each: number;
  #taken = 0;
  /** By account, the one whose turn is next first. */
  readonly #lines = new Map<string, Line>();

  /** @param each how many places one account may have at once, of `all` */
  constructor(all: number, each: number) {
    this.#all = all;
    this.#each = each;
  }

  /** Does the work when there is a place for it. @throws what `work` throws */
  async run<Result>(accountId: string, work: () => Promise<Result>): Promise<Result> {
    await this.#enter(accountId);
    try {
      return await work();
    } finally {
      this.#leave(accountId);
    }
  }

  #enter(accountId: string): Promise<void> {
    return new Promise((resolve) => {
      const line = this.#lines.get(accountId) ?? { underWay: 0, waiting: [] };
      this.#lines.set(accountId, line);
      line.waiting.push(resolve);
      this.#fill();
    });
  }

  #leave(accountId: string): void {
    const line = this.#lines.get(accountId);
    if (!line) return;
    this.#taken -= 1;
    line.underWay -= 1;
    if (line.underWay === 0 && line.waiting.length === 0) this.#lines.delete(accountId);
    this.#fill();
  }

  #fill(): void {
    while (this.#taken < this.#all) {
      const next = this.#next();
      if (!next) return;
      const [accountId, line] = next;
      // To the end of the row.
      this.#lines.delete(accountId);
      this.#lines.set(accountId, line);
      this.#taken += 1;
      line.underWay += 1;
      line.waiting.shift()?.();
    }
  }

  /** Of those with the fewest places the first in the row. */
  #next(): readonly [string, Line] | undefined {
    let next: readonly [string, Line] | undefined;
    for (const one of this.#lines) {
      const { waiting, underWay } = one[1];
      if (waiting.length === 0 || underWay >= this.#each) continue;
      if (next === undefined || underWay < next[1].underWay) next = one;
    }
    return next;
  }
}
