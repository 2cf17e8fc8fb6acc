import type { Catalogs } from '../catalog/catalogs.ts';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { DEADLOCK, LOCK_TIMEOUT, SERIALIZATION_FAILURE, sqlState, UNIQUE_VIOLATION } from '../db/outage.ts';
import { notFound, unavailable, WaybillError } from '../errors.ts';
import { ensureAccount } from '../store/accounts.ts';
import { findIdempotencyKeys, type IdempotencyKeyRow } from '../store/idempotency-keys.ts';
import { newestOfEachKey } from '../store/unique.ts';
import { DailyLimits, type DailyPlan, isOverLimit, NoRoomLeft, planWithin } from './daily-limits.ts';
import { createJudge, isRejection, type Judge } from './judge.ts';
import { type Judgements, judgeRequest } from './judge-request.ts';
import type { LimitAlerts } from './limit-alerts.ts';
import type { Matcher } from './match.ts';
import { Matchers, readMatcher } from './matchers.ts';
import {
  keyName,
  keysOf,
  type Plan,
  type PlannedDelivery,
  type Published,
  type PublishRequest,
  planPublish,
  type UsedKeys,
} from './plan.ts';
import { SeenChannels } from './seen-channels.ts';
import { type Answered, SharedCommits } from './shared-commits.ts';
import { type Stored, savepoint, storePlans } from './store-plans.ts';

/** The dispatcher of this node, as publishing sees it. */
export interface Dispatching {
  /** Whether this node sends for the lane itself, so that nobody else needs to be told. */
  owns(lane: number): boolean;
  /** Takes deliveries that have just been committed. May drop any: they are in the database. */
  offer(deliveries: readonly PlannedDelivery[]): void;
}

export interface PublisherOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly dispatching: Dispatching;
  readonly catalogs: Catalogs;
  readonly limitAlerts: LimitAlerts;
}

/** A result, or the reason why this one request got none. */
type Outcome = { readonly plan: Plan } | { readonly error: unknown };

// Each round is lost only if a webhook was changed, or a key used, between two statements of ours.
const ROUNDS = 20;
// Each round is lost only to somebody who meant the same rows at the same moment.
const COLLISION_ROUNDS = 5;

/** Stores events and their deliveries. What it resolves is committed, or part of the caller's transaction. */
export class Publisher {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #dispatching: Dispatching;
  readonly #catalogs: Catalogs;
  readonly #limitAlerts: LimitAlerts;
  readonly #daily = new DailyLimits();
  readonly #matchers = new Matchers();
  readonly #channels = new SeenChannels();
  readonly #commits: SharedCommits;

  constructor(options: PublisherOptions) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#dispatching = options.dispatching;
    this.#catalogs = options.catalogs;
    this.#limitAlerts = options.limitAlerts;
    const isServer = options.database.kind === 'postgres';
    this.#commits = new SharedCommits({
      // One commit waits for the disk while the next is written; the embedded database runs one at a time anyway.
      commitsAtOnce: isServer ? 2 : 1,
      // Each may wait on a connection of its own, and there are ten.
      aloneAtOnce: isServer
        ? { untried: { all: 2, each: 2 }, heldUp: { all: 2, each: 1 } }
        : { untried: { all: 1, each: 1 }, heldUp: { all: 1, each: 1 } },
      store: (requests, patienceMs) => this.#store(requests, patienceMs),
    });
  }

  /**
   * Publishes in a transaction of its own, shared with whatever else is published at the same moment.
   *
   * @throws WaybillError `idempotency_conflict`, `idempotency_key_in_use`, `unique_item_in_use`, `daily_limit_reached`,
   *   `database_unavailable`, `not_found` for an unknown account
   */
  publish(request: PublishRequest): Promise<readonly Published[]> {
    return this.#commits.submit(request);
  }

  /**
   * Publishes as part of the caller's transaction: it is sent when that commits, and never was if it rolls back.
   * An account that is new comes into being with it.
   *
   * @throws WaybillError `idempotency_conflict`, `daily_limit_reached`, `not_in_transaction`; `serialization_failure` where
   *   the snapshot is older than what has to be seen
   */
  async publishIn(tx: Queryable, request: PublishRequest): Promise<readonly Published[]> {
    const keyed = keysOf(request).length > 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      // The transaction may see an older state than the memory of this process: ask through it.
      const matcher = await readMatcher(tx, request.accountId);
      if (!matcher) {
        await ensureAccount(tx, request.accountId);
        continue;
      }
      const used = await usedKeys(tx, [request]);
      const receivedAt = this.#now();
      const judges = await this.#judges(tx, [matcher]);
      const judgements = await judgeRequest(request, judges.get(matcher));
      const plan = planPublish(request, used, matcher, receivedAt, judgements);
      const daily = await this.#limitAlerts.telling(request.accountId, () =>
        planWithin(tx, request.accountId, matcher.eventsPerDay, plan.events.length, receivedAt),
      );
      const channels = await this.#channels.freshIn(tx, plan.events);
      const store = () =>
        storePlans(tx, [plan], new Map([[request.accountId, matcher]]), receivedAt, {
          mustNotify: () => true,
          lockTimeoutMs: null,
          channels,
        });
      const stored = await savepoint(tx, keyed, store).catch((error: unknown) => {
        throw sqlState(error) === SERIALIZATION_FAILURE ? cannotSee(error) : error;
      });
      if (stored === 'again') continue;
      await daily.count(tx);
      return plan.answers;
    }
    throw cannotSee();
  }

  async #store(requests: readonly PublishRequest[], patienceMs: number): Promise<readonly Answered[]> {
    const outcomes = await this.#storeGroup(requests, patienceMs);
    outcomes.forEach((outcome, index) => {
      if ('error' in outcome) this.#limitAlerts.raise(requests[index]?.accountId, outcome.error);
    });
    const deliveries = outcomes.flatMap((outcome) => ('plan' in outcome ? outcome.plan.deliveries : []));
    if (deliveries.length > 0) this.#dispatching.offer(newestOfEachKey(deliveries));
    return outcomes.map(answeredOf);
  }

  async #storeGroup(requests: readonly PublishRequest[], patienceMs: number): Promise<Outcome[]> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const accountIds = new Set(requests.map((request) => request.accountId));
      const matchers = await this.#matchers.get(this.#database, accountIds);
      const used = new Map(await usedKeys(this.#database, requests));
      const receivedAt = this.#now();
      const judges = await this.#judges(this.#database, [...matchers.values()]);
      const daily = this.#daily.plan(receivedAt);
      const outcomes: Outcome[] = [];
      for (const request of requests) {
        const matcher = matchers.get(request.accountId);
        const judgements = await judgeRequest(request, matcher && judges.get(matcher));
        outcomes.push(planOne(request, used, matcher, judgements, receivedAt, daily));
      }
      // What was refused by memory of an hour ago may be fine by now; what is stored is held to the present anyway.
      const refused = requests.filter((_, index) => isRefused(outcomes[index]));
      if (round === 0 && refused.length > 0) {
        this.#matchers.forget(refused.map(({ accountId }) => accountId));
        if (outcomes.some(isJudged)) await this.#catalogs.refresh(this.#database);
        continue;
      }
      const plans = outcomes.flatMap((outcome) => ('plan' in outcome ? [outcome.plan] : []));
      const stored = await this.#tryStore(plans, daily, matchers, receivedAt, patienceMs);
      if (stored === 'stored') return outcomes;
      if (stored === 'again') this.#matchers.forget(accountIds);
    }
    throw unavailable(new Error('the webhooks of an account changed each time they were matched'));
  }

  async #tryStore(
    plans: readonly Plan[],
    daily: DailyPlan,
    matchers: ReadonlyMap<string, Matcher>,
    receivedAt: string,
    patienceMs: number,
  ): Promise<Stored | 'full'> {
    if (plans.every((plan) => plan.events.length === 0)) return 'stored';
    for (let round = 1; ; round += 1) {
      try {
        return await this.#storeOnce(plans, daily, matchers, receivedAt, patienceMs);
      } catch (error) {
        if (error instanceof NoRoomLeft) return 'full';
        if (sqlState(error) === UNIQUE_VIOLATION) return 'again';
        if (!isCollision(error)) throw error;
        if (round === COLLISION_ROUNDS) throw unavailable(error);
      }
    }
  }

  async #storeOnce(
    plans: readonly Plan[],
    daily: DailyPlan,
    matchers: ReadonlyMap<string, Matcher>,
    receivedAt: string,
    patienceMs: number,
  ): Promise<Stored> {
    const channels = this.#channels.fresh(plans.flatMap((plan) => plan.events));
    const isUnique = plans.some((plan) => plan.deliveries.some(({ uniqueKey }) => uniqueKey !== null));
    const isKeyed = plans.some((plan) => plan.idempotencyKeys.length > 0);
    const options = {
      channels,
      mustNotify: (lane: number) => !this.#dispatching.owns(lane),
      // Whatever has neither waits for nobody.
      lockTimeoutMs: isUnique || isKeyed ? patienceMs : null,
    };
    const store = (db: Queryable) => storePlans(db, plans, matchers, receivedAt, options);
    const counted = (tx: Queryable) => daily.counted(tx, patienceMs, () => store(tx));
    const isOne = !isUnique && daily.isEmpty;
    const stored = await (isOne ? store(this.#database) : this.#database.transaction(counted));
    if (stored === 'stored') this.#channels.remember(channels);
    return stored;
  }

  /** Those of the accounts whose policies want events judged. A catalog another node has changed is read first. */
  async #judges(db: Queryable, matchers: readonly Matcher[]): Promise<Judges> {
    const isUnknown = ({ policies: { preset } }: Matcher): boolean =>
      preset !== null && this.#catalogs.preset(preset) === undefined;
    await (matchers.some(isUnknown) ? this.#catalogs.refresh(db) : this.#catalogs.refreshIfOld(db));
    const judges = new Map<Matcher, Judge>();
    for (const matcher of matchers) {
      const judge = createJudge(this.#catalogs, matcher);
      if (judge) judges.set(matcher, judge);
    }
    return judges;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

type Judges = ReadonlyMap<Matcher, Judge>;

function isRefused(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && 'error' in outcome && (isJudged(outcome) || isOverLimit(outcome.error));
}

/** Whether it was refused for what its data is. */
function isJudged(outcome: Outcome): boolean {
  return 'error' in outcome && isRejection(outcome.error);
}

function answeredOf(outcome: Outcome): Answered {
  if ('error' in outcome) return { status: 'rejected', reason: outcome.error };
  return { status: 'fulfilled', value: outcome.plan.answers };
}

/** Requests of one group see each other's keys: two that carry the same key at the same moment are one. */
function planOne(
  request: PublishRequest,
  used: Map<string, IdempotencyKeyRow>,
  matcher: Matcher | undefined,
  judgements: Judgements,
  receivedAt: string,
  daily: DailyPlan,
): Outcome {
  if (!matcher) return { error: notFound('account') };
  try {
    const plan = planPublish(request, used, matcher, receivedAt, judgements);
    daily.add(request.accountId, matcher.eventsPerDay, plan.events.length);
    for (const { accountId, key, requestHash, answer } of plan.idempotencyKeys) {
      used.set(keyName(accountId, key), { accountId, key, requestHash, answer: JSON.parse(answer) });
    }
    return { plan };
  } catch (error) {
    return { error };
  }
}

async function usedKeys(db: Queryable, requests: readonly PublishRequest[]): Promise<UsedKeys> {
  const wanted = requests.flatMap((request) =>
    keysOf(request).map((key) => ({ accountId: request.accountId, key })),
  );
  if (wanted.length === 0) return new Map();
  const rows = await findIdempotencyKeys(db, wanted);
  return new Map(rows.map((row) => [keyName(row.accountId, row.key), row]));
}

/** What ends by itself, whoever is in the way: those who hold a row for a moment, and two that wait for each other. */
function isCollision(error: unknown): boolean {
  const state = sqlState(error);
  return state === DEADLOCK || state === LOCK_TIMEOUT;
}

function cannotSee(cause?: unknown): WaybillError {
  return new WaybillError(
    'serialization_failure',
    409,
    'The transaction cannot see what others have committed meanwhile. Roll it back and run it again.',
    { cause },
  );
}
