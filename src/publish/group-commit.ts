export interface GroupCommitOptions<Request, Result> {
  readonly commitsAtOnce: number;
  /** How much may go into one commit; a single request may weigh more. */
  readonly maxWeight: number;
  readonly weigh: (request: Request) => number;
  /**
   * Commits requests together and says what became of each. Never rejects. A result may be a promise of one: others
   * needn't wait for it.
   */
  readonly commit: (
    requests: readonly Request[],
  ) => Promise<readonly PromiseSettledResult<Result | Promise<Result>>[]>;
}

interface Waiting<Request, Result> {
  readonly request: Request;
  readonly resolve: (result: Result | Promise<Result>) => void;
  readonly reject: (reason: unknown) => void;
}

/** Requests that come while a commit is under way share the next one. Nobody waits for company. */
export class GroupCommit<Request, Result> {
  readonly #options: GroupCommitOptions<Request, Result>;
  #waiting: Waiting<Request, Result>[] = [];
  #underWay = 0;

  constructor(options: GroupCommitOptions<Request, Result>) {
    this.#options = options;
  }

  submit(request: Request): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#waiting.length > 0 && this.#underWay < this.#options.commitsAtOnce) {
      void this.#commit(this.#takeGroup());
    }
  }

  #takeGroup(): Waiting<Request, Result>[] {
    let weight = 0;
    let count = 0;
    for (const { request } of this.#waiting) {
      weight += this.#options.weigh(request);
      if (count > 0 && weight > this.#options.maxWeight) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(group: Waiting<Request, Result>[]): Promise<void> {
    this.#underWay += 1;
    try {
      const results = await this.#options.commit(group.map((one) => one.request));
      group.forEach((one, index) => {
        settle(one, results[index]);
      });
    } finally {
      this.#underWay -= 1;
      this.#pump();
    }
  }
}

function settle<Request, Result>(
  waiting: Waiting<Request, Result>,
  result: PromiseSettledResult<Result | Promise<Result>> | undefined,
): void {
  if (result?.status === 'fulfilled') waiting.resolve(result.value);
  else waiting.reject(result?.reason ?? new Error('a commit gave no result'));
}
