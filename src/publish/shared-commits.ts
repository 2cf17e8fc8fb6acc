import { performance } from 'node:perf_hooks';
import { isOutage } from '../db/outage.ts';
import { unavailable } from '../errors.ts';
import { FairPlaces } from './fair-places.ts';
import { GroupCommit } from './group-commit.ts';
import { isInUse } from './in-use.ts';
import { keysOf, type Published, type PublishRequest } from './plan.ts';

/** What became of one request. */
export type Answered = PromiseSettledResult<readonly Published[]>;
type Answer = PromiseSettledResult<readonly Published[] | Promise<readonly Published[]>>;

export interface SharedCommitsOptions {
  readonly commitsAtOnce: number;
  /** Those of requests that go alone: in all, and of one account. */
  readonly aloneAtOnce: { readonly all: number; readonly each: number };
  /**
   * Stores requests in one commit, and says what became of each.
   *
   * @param patienceMs how long to wait at most for a transaction that has a key of theirs
   * @throws whatever keeps all of them from being stored; then none is
   */
  readonly store: (requests: readonly PublishRequest[], patienceMs: number) => Promise<readonly Answered[]>;
  /** Milliseconds that only ever get more. */
  readonly now?: () => number;
}

const MAX_EVENTS = 2_000;
// Enough for others that publish just now, and nothing a whole commit, or whoever waits for a place, can't spare.
const PATIENCE_MS = 100;
// How long a request waits in all for a transaction that stays open.
const PATIENCE_IN_ALL_MS = 1_000;

/** An account for which something is in the way. */
interface Apart {
  /** Of how many requests that is known. */
  heldUp: number;
  /** What was found in the way last. */
  cause: unknown;
}

/** A request that goes alone. */
interface Lone {
  readonly request: PublishRequest;
  readonly endsAt: number;
  /** What is in the way; until it was tried, what is in that of others. */
  cause: unknown;
  isHeldUp: boolean;
}

/**
 * Publishes share commits with whatever else is published at the same moment. What a transaction that stays open is in
 * the way of goes on by itself, and whatever is published for the same account while it does: others don't wait for it.
 */
export class SharedCommits {
  readonly #store: SharedCommitsOptions['store'];
  readonly #keyed: GroupCommit<PublishRequest, readonly Published[]>;
  readonly #unkeyed: GroupCommit<PublishRequest, readonly Published[]>;
  readonly #alone: FairPlaces;
  /** By account. */
  readonly #apart = new Map<string, Apart>();
  readonly #now: () => number;

  constructor({ commitsAtOnce, aloneAtOnce, store, now }: SharedCommitsOptions) {
    this.#store = store;
    this.#now = now ?? (() => performance.now());
    this.#alone = new FairPlaces(aloneAtOnce.all, aloneAtOnce.each);
    const groups = {
      commitsAtOnce,
      maxWeight: MAX_EVENTS,
      weigh: (request: PublishRequest) => request.events.length,
      commit: (requests: readonly PublishRequest[]) => this.#commit(requests),
    };
    this.#keyed = new GroupCommit(groups);
    this.#unkeyed = new GroupCommit(groups);
  }

  /** @throws WaybillError of its own, or `database_unavailable` */
  submit(request: PublishRequest): Promise<readonly Published[]> {
    const apart = this.#apart.get(request.accountId);
    if (apart) return this.#goAlone(request, apart.cause, false);
    return (keysOf(request).length > 0 ? this.#keyed : this.#unkeyed).submit(request);
  }

  async #commit(requests: readonly PublishRequest[]): Promise<readonly Answer[]> {
    try {
      return await this.#store(requests, PATIENCE_MS);
    } catch (error) {
      if (isOutage(error)) return requests.map(() => rejected(unavailable(error)));
      if (isInUse(error)) return this.#setApart(requests, error);
      if (requests.length === 1) return [rejected(error)];
      // One of them is at fault: alone, it can't take the others with it.
      const alone: Answer[] = [];
      for (const request of requests) alone.push(...(await this.#commit([request])));
      return alone;
    }
  }

  /** A transaction that is in the way is in that of one account: the others share a commit of their own. */
  async #setApart(requests: readonly PublishRequest[], cause: unknown): Promise<readonly Answer[]> {
    const byAccount = Map.groupBy(requests, ({ accountId }) => accountId);
    if (byAccount.size === 1) {
      return requests.map((request) => ({ status: 'fulfilled', value: this.#goAlone(request, cause, true) }));
    }
    const answers = new Map<PublishRequest, Answer>();
    for (const own of byAccount.values()) {
      const answered = await this.#commit(own);
      own.forEach((request, index) => void answers.set(request, answered[index] as Answer));
    }
    return requests.map((request) => answers.get(request) as Answer);
  }

  /** A place is kept for a moment at a time: whatever waits for longer lets others have theirs, and comes back. */
  async #goAlone(request: PublishRequest, cause: unknown, isHeldUp: boolean): Promise<readonly Published[]> {
    const lone: Lone = { request, endsAt: this.#now() + PATIENCE_IN_ALL_MS, cause, isHeldUp: false };
    if (isHeldUp) this.#holdUp(lone, cause);
    try {
      for (;;) {
        const answer = await this.#alone.run(request.accountId, () => this.#commitAlone(lone));
        if (answer !== 'later') return answer;
      }
    } finally {
      if (lone.isHeldUp) this.#letGo(request.accountId);
    }
  }

  /** Whoever had to wait for its turn has been patient already. */
  async #commitAlone(lone: Lone): Promise<readonly Published[] | 'later'> {
    const leftMs = Math.ceil(lone.endsAt - this.#now());
    if (leftMs <= 0) throw lone.cause;
    try {
      const [answered] = await this.#store([lone.request], Math.min(PATIENCE_MS, leftMs));
      if (answered?.status === 'fulfilled') return answered.value;
      throw answered?.reason ?? new Error('a commit gave no result');
    } catch (error) {
      if (!isInUse(error)) throw isOutage(error) ? unavailable(error) : error;
      this.#holdUp(lone, error);
      return 'later';
    }
  }

  #holdUp(lone: Lone, cause: unknown): void {
    const { accountId } = lone.request;
    const apart = this.#apart.get(accountId) ?? { heldUp: 0, cause };
    this.#apart.set(accountId, apart);
    if (!lone.isHeldUp) apart.heldUp += 1;
    lone.isHeldUp = true;
    lone.cause = cause;
    apart.cause = cause;
  }

  #letGo(accountId: string): void {
    const apart = this.#apart.get(accountId);
    if (!apart) return;
    apart.heldUp -= 1;
    if (apart.heldUp === 0) this.#apart.delete(accountId);
  }
}

function rejected(reason: unknown): Answer {
  return { status: 'rejected', reason };
}
