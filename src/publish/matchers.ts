import { compileSelection } from '../condition/chosen-filters.ts';
import type { Condition } from '../condition/condition.ts';
import type { Queryable } from '../db/database.ts';
import { readSubscriptions, type SubscriptionRow } from '../store/subscriptions.ts';
import { createMatcher, type Matcher, type Subscription } from './match.ts';

// Accounts beyond this are read again when they next publish.
const MEMORY_OF_ACCOUNTS = 10_000;

/** The matchers of accounts, remembered until a publish finds that one is out of date. */
export class Matchers {
  readonly #known = new Map<string, Matcher>();

  /** Accounts that don't exist are missing from the result. */
  async get(db: Queryable, accountIds: Iterable<string>): Promise<Map<string, Matcher>> {
    const matchers = new Map<string, Matcher>();
    for (const accountId of accountIds) {
      const matcher = this.#known.get(accountId) ?? (await this.#read(db, accountId));
      if (matcher) matchers.set(accountId, matcher);
    }
    return matchers;
  }

  forget(accountIds: Iterable<string>): void {
    for (const accountId of accountIds) this.#known.delete(accountId);
  }

  async #read(db: Queryable, accountId: string): Promise<Matcher | undefined> {
    const matcher = await readMatcher(db, accountId);
    if (!matcher) return undefined;
    if (this.#known.size >= MEMORY_OF_ACCOUNTS) this.#known.clear();
    this.#known.set(accountId, matcher);
    return matcher;
  }
}

/** What the account's webhooks want, as `db` sees them now; undefined if there is no such account. */
export async function readMatcher(db: Queryable, accountId: string): Promise<Matcher | undefined> {
  const rows = await readSubscriptions(db, accountId);
  const [first] = rows;
  if (!first) return undefined;
  const subscriptions = rows.flatMap(subscriptionOf);
  const { preset, validation, unknownTypes } = first;
  const policies = { preset, validation, unknownTypes };
  return createMatcher(first.version, subscriptions, policies, first.eventsPerDay);
}

/** None for the row of an account without webhooks. */
function subscriptionOf(row: SubscriptionRow): Subscription[] {
  const { id, lane, events, channels, unique, ordering, profile, payloadVersion, hasTemplate } = row;
  if (id === null || lane === null || !events || !channels || profile === null) return [];
  // They were checked when they were saved.
  const condition = row.condition as Condition | null;
  const selection = compileSelection({ filters: row.filters ?? {}, condition });
  const ordered = ordering === 'subject';
  const sending = { profile, payloadVersion, hasTemplate: hasTemplate === true };
  return [{ webhookId: id, lane, events, channels, selection, unique: unique === true, ordered, ...sending }];
}
