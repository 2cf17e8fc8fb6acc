import { passes } from '../condition/chosen-filters.ts';
import type { Evaluation } from '../condition/compile.ts';
import { matchesPattern } from '../event-pattern.ts';
import type { AccountPolicies } from '../store/accounts.ts';

/** What of a webhook decides which events it wants. */
export interface Subscription {
  readonly webhookId: string;
  readonly lane: number;
  readonly events: readonly string[];
  /** None: all channels, and events without one. */
  readonly channels: readonly string[];
  /** Which events it gets of its types and channels; undefined: every one. */
  readonly selection: Evaluation | undefined;
  /** Whether a newer event takes the place of one that waits, for the same type and subject. */
  readonly unique: boolean;
  /** Whether deliveries of one subject go one after the other. */
  readonly ordered: boolean;
  /** Its wire format, and the version of payloads it pins: they say which payload it gets. */
  readonly profile: string;
  readonly payloadVersion: string | null;
  /** Whether its body is made by a template of its own, and so of the data. */
  readonly hasTemplate: boolean;
}

/** What of an event decides who wants it. */
export interface Matchable {
  readonly type: string;
  readonly channel: string | null;
  /** JSON. */
  readonly data: string;
}

/** The webhooks of one account, asked which of them want an event. */
export interface Matcher {
  readonly policies: AccountPolicies;
  /** Of the account's webhooks: see `accounts.webhooks_version`. */
  readonly version: number;
  /** Those that want events of a type, of one channel or another. */
  wanting(type: string): readonly Subscription[];
  /** How many events the account may publish a day; null: any number. */
  readonly eventsPerDay: number | null;
  /** @param nowMs milliseconds since 1970, for conditions that ask for the date */
  match(event: Matchable, nowMs: number): readonly Subscription[];
}

// Types are the platform's own, a few dozen; a bound only keeps a platform that makes names up from filling memory.
const MEMORY_OF_TYPES = 1_000;

/** Matching by type is remembered: an account publishes the same few types over and over. */
export function createMatcher(
  version: number,
  subscriptions: readonly Subscription[],
  policies: AccountPolicies,
  eventsPerDay: number | null = null,
): Matcher {
  const byType = new Map<string, readonly Subscription[]>();
  const ofType = (type: string): readonly Subscription[] => {
    const known = byType.get(type);
    if (known) return known;
    const wanting = subscriptions.filter((one) =>
      one.events.some((pattern) => matchesPattern(pattern, type)),
    );
    if (byType.size >= MEMORY_OF_TYPES) byType.clear();
    byType.set(type, wanting);
    return wanting;
  };
  return {
    version,
    policies,
    wanting: ofType,
    eventsPerDay,
    match: (event, nowMs) => {
      const wanting = ofType(event.type).filter((one) => wantsChannel(one, event.channel));
      if (wanting.every(({ selection }) => selection === undefined)) return wanting;
      const data: unknown = JSON.parse(event.data);
      return wanting.filter(({ selection }) => passes(selection, data, nowMs));
    },
  };
}

function wantsChannel(subscription: Subscription, channel: string | null): boolean {
  if (subscription.channels.length === 0) return true;
  return channel !== null && subscription.channels.includes(channel);
}
