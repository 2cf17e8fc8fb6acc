import { performance } from 'node:perf_hooks';
import { isOutage } from '../db/outage.ts';
import { unavailable } from '../errors.ts';
import { FairPlaces } from '../fair-places.ts';
import { GroupCommit } from './group-commit.ts';
import { HeldUp } from './held-up.ts';
import { isInUse } from './in-use.ts';
import { keysOf, type Published, type PublishRequest } from './plan.ts';

/** What became of one request. */
export type Answered = PromiseSettledResult<readonly Published[]>;
type Answer = PromiseSettledResult<readonly Published[] | Promise<readonly Published[]>>;

export interface SharedCommitsOptions {
  readonly commitsAtOnce: number;
  /** Of requests that go alone: those that weren't tried yet, and those in whose way something is known to be. */
  readonly aloneAtOnce: { readonly untried: Places; readonly heldUp: Places };
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

/** How many: in all, and of one account. */
export interface Places {
  readonly all: number;
  readonly each: number;
}

const MAX_EVENTS = 2_000;
// Enough for others that publish just now, and nothing a whole commit, or whoever waits for a place, can't spare.
const PATIENCE_MS = 100;
// How long a request waits in all for a transaction that stays open.
const PATIENCE_IN_ALL_MS = 1_000;

/** A request that goes alone. */
interface Lone {
  readonly request: PublishRequest;
  readonly endsAt: number;
  /** What is in the way of it; undefined until that is known. */
  cause: unknown;
  /** Whether others are told that it is held up. */
  isNoted: boolean;
}

/**
 * Publishes share commits with whatever else is published at the same moment. What a transaction that stays open is in
 * the way of goes on by itself, and so does what is published for the same item while it does: others don't wait for it.
 * Of the account's requests that were in one commit with it, each is tried once before it can be refused.
 */
export class SharedCommits {
  readonly #store: SharedCommitsOptions['store'];
  readonly #keyed: GroupCommit<PublishRequest, readonly Published[]>;
  readonly #unkeyed: GroupCommit<PublishRequest, readonly Published[]>;
  readonly #untried: FairPlaces;
  readonly #waiting: FairPlaces;
  readonly #heldUp = new HeldUp();
  readonly #now: () => number;

  constructor({ commitsAtOnce, aloneAtOnce, store, now }: SharedCommitsOptions) {
    this.#store = store;
    this.#now = now ?? (() => performance.now());
    this.#untried = new FairPlaces(aloneAtOnce.untried.all, aloneAtOnce.untried.each);
    this.#waiting = new FairPlaces(aloneAtOnce.heldUp.all, aloneAtOnce.heldUp.each);
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
    if (this.#heldUp.causeFor(request) !== undefined) return this.#goAlone(request);
    return (keysOf(request).length > 0 ? this.#keyed : this.#unkeyed).submit(request);
  }

  async #commit(requests: readonly PublishRequest[]): Promise<readonly Answer[]> {
    try {
      return await this.#store(requests, PATIENCE_MS);
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

  /** A place is kept for a moment at a time: whatever waits for longer lets others have theirs, and comes back. */
  async #goAlone(request: PublishRequest): Promise<readonly Published[]> {
    const endsAt = this.#now() + PATIENCE_IN_ALL_MS;
    const lone: Lone = { request, endsAt, cause: this.#heldUp.causeFor(request), isNoted: false };
    try {
      for (;;) {
        const places = lone.cause === undefined ? this.#untried : this.#waiting;
        const answer = await places.run(request.accountId, () => this.#commitAlone(lone));
        if (answer !== 'later') return answer;
      }
    } finally {
      if (lone.isNoted) this.#heldUp.remove(request, lone.cause);
    }
  }

  async #commitAlone(lone: Lone): Promise<readonly Published[] | 'later'> {
    if (lone.cause === undefined) {
      // While it waited for its turn another one has found what is in its way, too.
      lone.cause = this.#heldUp.causeFor(lone.request);
      if (lone.cause !== undefined) return 'later';
    }
    const leftMs = lone.cause === undefined ? PATIENCE_MS : Math.ceil(lone.endsAt - this.#now());
    // Whoever had to wait for its turn has been patient already.
    if (leftMs <= 0) throw lone.cause;
    try {
      const [answered] = await this.#store([lone.request], Math.min(PATIENCE_MS, leftMs));
      if (answered?.status === 'fulfilled') return answered.value;
      throw answered?.reason ?? new Error('a commit gave no result');
    } catch (error) {
      if (!isInUse(error)) throw isOutage(error) ? unavailable(error) : error;
      if (lone.isNoted) this.#heldUp.remove(lone.request, lone.cause);
      lone.cause = error;
      lone.isNoted = true;
      this.#heldUp.add(lone.request, error);
      return 'later';
    }
  }
}

function rejected(reason: unknown): Answer {
  return { status: 'rejected', reason };
}
