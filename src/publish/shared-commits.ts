import { performance } from 'node:perf_hooks';
import { isOutage } from '../db/outage.ts';
import { unavailable } from '../errors.ts';
import { GroupCommit } from './group-commit.ts';
import { isInUse } from './in-use.ts';
import { keysOf, type Published, type PublishRequest } from './plan.ts';

/** What became of one request. */
export type Answered = PromiseSettledResult<readonly Published[]>;
type Answer = PromiseSettledResult<readonly Published[] | Promise<readonly Published[]>>;

export interface SharedCommitsOptions {
  readonly commitsAtOnce: number;
  /**
   * Stores requests in one commit, and says what became of each.
   *
   * @param patienceMs how long to wait at most for a transaction that has a key of theirs
   * @throws whatever keeps all of them from being stored; then none is
   */
  readonly store: (requests: readonly PublishRequest[], patienceMs: number) => Promise<readonly Answered[]>;
}

const MAX_EVENTS = 2_000;
// Enough for others that publish just now, and nothing a whole commit can't spare.
const SHARED_PATIENCE_MS = 100;
// How long a request waits in all for a transaction that stays open.
const PATIENCE_MS = 1_000;

interface Waiting {
  readonly request: PublishRequest;
  readonly since: number;
}

/**
 * Publishes share commits with whatever else is published at the same moment. What a transaction that stays open is in
 * the way of goes on by itself, and whatever is published for the same account while it does: others don't wait for it.
 */
export class SharedCommits {
  readonly #store: SharedCommitsOptions['store'];
  readonly #keyed: GroupCommit<PublishRequest, readonly Published[]>;
  readonly #unkeyed: GroupCommit<PublishRequest, readonly Published[]>;
  readonly #alone: GroupCommit<Waiting, readonly Published[]>;
  /** How many requests of an account go alone. */
  readonly #apart = new Map<string, number>();

  constructor({ commitsAtOnce, store }: SharedCommitsOptions) {
    this.#store = store;
    const groups = {
      commitsAtOnce,
      maxWeight: MAX_EVENTS,
      weigh: (request: PublishRequest) => request.events.length,
      commit: (requests: readonly PublishRequest[]) => this.#commit(requests),
    };
    this.#keyed = new GroupCommit(groups);
    this.#unkeyed = new GroupCommit(groups);
    this.#alone = new GroupCommit({
      commitsAtOnce,
      maxWeight: 1,
      weigh: () => 1,
      commit: (waiting) => Promise.all(waiting.map((one) => this.#commitAlone(one))),
    });
  }

  /** @throws WaybillError of its own, or `database_unavailable` */
  submit(request: PublishRequest): Promise<readonly Published[]> {
    if (this.#apart.has(request.accountId)) return this.#goAlone(request);
    return (keysOf(request).length > 0 ? this.#keyed : this.#unkeyed).submit(request);
  }

  async #commit(requests: readonly PublishRequest[]): Promise<readonly Answer[]> {
    try {
      return await this.#store(requests, SHARED_PATIENCE_MS);
    } catch (error) {
      if (isOutage(error)) return requests.map(() => rejected(unavailable(error)));
      if (isInUse(error)) return this.#setApart(requests);
      if (requests.length === 1) return [rejected(error)];
      // One of them is at fault: alone, it can't take the others with it.
      const alone: Answer[] = [];
      for (const request of requests) alone.push(...(await this.#commit([request])));
      return alone;
    }
  }

  /** A transaction that is in the way is in that of one account: the others share a commit of their own. */
  async #setApart(requests: readonly PublishRequest[]): Promise<readonly Answer[]> {
    const byAccount = Map.groupBy(requests, ({ accountId }) => accountId);
    if (byAccount.size === 1) {
      return requests.map((request) => ({ status: 'fulfilled', value: this.#goAlone(request) }));
    }
    const answers = new Map<PublishRequest, Answer>();
    for (const own of byAccount.values()) {
      const answered = await this.#commit(own);
      own.forEach((request, index) => void answers.set(request, answered[index] as Answer));
    }
    return requests.map((request) => answers.get(request) as Answer);
  }

  async #goAlone(request: PublishRequest): Promise<readonly Published[]> {
    const { accountId } = request;
    this.#apart.set(accountId, (this.#apart.get(accountId) ?? 0) + 1);
    try {
      return await this.#alone.submit({ request, since: performance.now() });
    } finally {
      const left = (this.#apart.get(accountId) ?? 0) - 1;
      if (left > 0) this.#apart.set(accountId, left);
      else this.#apart.delete(accountId);
    }
  }

  /** Whoever had to wait for its turn has been patient already. */
  async #commitAlone({ request, since }: Waiting): Promise<Answer> {
    const leftMs = Math.round(PATIENCE_MS - (performance.now() - since));
    try {
      const [answered] = await this.#store([request], Math.max(SHARED_PATIENCE_MS, leftMs));
      return answered as Answer;
    } catch (error) {
      return rejected(isOutage(error) ? unavailable(error) : error);
    }
  }
}

function rejected(reason: unknown): Answer {
  return { status: 'rejected', reason };
}
