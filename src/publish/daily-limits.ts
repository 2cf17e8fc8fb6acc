import type { Queryable } from '../db/database.ts';
import { dailyLimitReached, WaybillError } from '../errors.ts';
import { newId } from '../ids.ts';
import { addDailyUsage, lockDailyUsage, readDailyUsage } from '../store/daily-usage.ts';
import { orInUse } from './in-use.ts';
import type { Stored } from './store-plans.ts';

// Beyond this they are read again when they next publish.
const MEMORY_OF_ACCOUNTS = 10_000;

/** What an account is about to publish. */
interface Planned {
  readonly limit: number;
  readonly events: number;
}

/** How many events accounts with a daily limit have published, as far as this process knows: it never gets less. */
export class DailyLimits {
  readonly #known = new Map<string, { readonly day: string; readonly used: number }>();

  /** @param receivedAt when what is planned now is received, ISO 8601 */
  plan(receivedAt: string): DailyPlan {
    return new DailyPlan(this, receivedAt);
  }

  used(accountId: string, day: string): number {
    const known = this.#known.get(accountId);
    return known?.day === day ? known.used : 0;
  }

  learn(accountId: string, day: string, used: number): void {
    if (this.#known.size >= MEMORY_OF_ACCOUNTS) this.#known.clear();
    this.#known.set(accountId, { day, used });
  }
}

/** What was to be stored has no room in the limits any more: nothing of its transaction stays. */
export class NoRoomLeft extends Error {}

/** What is about to be published together, held to the limits of its accounts. Without a limit it costs nothing. */
export class DailyPlan {
  readonly #limits: DailyLimits | undefined;
  readonly #receivedAt: string;
  readonly #planned = new Map<string, Planned>();

  /** @param limits undefined: nothing is known that a transaction of a caller may rely on */
  constructor(limits: DailyLimits | undefined, receivedAt: string) {
    this.#limits = limits;
    this.#receivedAt = receivedAt;
  }

  get isEmpty(): boolean {
    return this.#planned.size === 0;
  }

  /** @throws WaybillError `daily_limit_reached` (429) if it is known to be too much */
  add(accountId: string, limit: number | null, events: number): void {
    if (limit === null || events === 0) return;
    const before = this.#planned.get(accountId)?.events ?? 0;
    const used = (this.#limits?.used(accountId, this.#day) ?? 0) + before;
    if (this.#limits && used + events > limit)
      throw dailyLimitReached(limit, used, Date.parse(this.#receivedAt));
    this.#planned.set(accountId, { limit, events: before + events });
  }

  /**
   * Stores with `store`, and counts what it has stored. Its turn comes last, after all that others may be in the way of:
   * whoever has it waits for nobody. Until the transaction ends nobody takes the room, but transactions of callers.
   *
   * @param patienceMs how long to wait at most for others that count for the same account
   * @throws NoRoomLeft if the transaction must roll back: planned anew, with what is known of the limits now, what doesn't
   *   fit is left out; WaybillError `daily_limit_in_use`
   */
  async counted(tx: Queryable, patienceMs: number, store: () => Promise<Stored>): Promise<Stored> {
    const stored = await store();
    if (stored !== 'stored') return stored;
    if (!(await this.#fits(tx, patienceMs))) throw new NoRoomLeft();
    await this.count(tx);
    return stored;
  }

  async #fits(tx: Queryable, patienceMs: number): Promise<boolean> {
    if (this.isEmpty) return true;
    await orInUse('daily_limit_in_use', lockDailyUsage(tx, [...this.#planned.keys()], patienceMs));
    const used = await this.#used(tx);
    for (const accountId of this.#planned.keys()) this.#limits?.learn(accountId, this.#day, used(accountId));
    return [...this.#planned].every(([accountId, { limit, events }]) => used(accountId) + events <= limit);
  }

  /** The same without a lock. @throws WaybillError `daily_limit_reached` (429) */
  async check(tx: Queryable): Promise<void> {
    if (this.isEmpty) return;
    const used = await this.#used(tx);
    for (const [accountId, { limit, events }] of this.#planned) {
      if (used(accountId) + events <= limit) continue;
      throw dailyLimitReached(limit, used(accountId), Date.parse(this.#receivedAt));
    }
  }

  /** Counts what has been stored in the transaction. */
  async count(tx: Queryable): Promise<void> {
    for (const [accountId, { events }] of this.#planned) {
      await addDailyUsage(tx, { accountId, day: this.#day, events }, newId());
    }
  }

  async #used(tx: Queryable): Promise<(accountId: string) => number> {
    const used = await readDailyUsage(tx, [...this.#planned.keys()], this.#day);
    return (accountId) => used.get(accountId) ?? 0;
  }

  get #day(): string {
    return this.#receivedAt.slice(0, 10);
  }
}

/**
 * What is about to be published in a transaction of a caller, held to the limit. That may stay open, so that it takes no
 * lock; and what it sees may be older than what this process knows, so that neither learns from the other.
 *
 * @throws WaybillError `daily_limit_reached` (429)
 */
export async function planWithin(
  tx: Queryable,
  accountId: string,
  limit: number | null,
  events: number,
  receivedAt: string,
): Promise<DailyPlan> {
  const plan = new DailyPlan(undefined, receivedAt);
  plan.add(accountId, limit, events);
  await plan.check(tx);
  return plan;
}

export function isOverLimit(error: unknown): error is WaybillError {
  return error instanceof WaybillError && error.code === 'daily_limit_reached';
}
