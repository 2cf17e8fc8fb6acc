import { matchesPattern } from '../event-pattern.ts';
import type { AccountPolicies } from './judge.ts';

/** What of a webhook decides which events it wants. */
export interface Subscription {
  readonly webhookId: string;
  readonly lane: number;
  readonly events: readonly string[];
  /** None: all channels, and events without one. */
  readonly channels: readonly string[];
}

/** The webhooks of one account, asked which of them want an event. */
export interface Matcher {
  readonly policies: AccountPolicies;
  /** Of the account's webhooks: see `accounts.webhooks_version`. */
  readonly version: number;
  match(type: string, channel: string | null): readonly Subscription[];
}

// Types are the platform's own, a few dozen; a bound only keeps a platform that makes names up from filling memory.
const MEMORY_OF_TYPES = 1_000;

/** Matching by type is remembered: an account publishes the same few types over and over. */
export function createMatcher(
  version: number,
  subscriptions: readonly Subscription[],
  policies: AccountPolicies,
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
    match: (type, channel) => ofType(type).filter((one) => wantsChannel(one, channel)),
  };
}

function wantsChannel(subscription: Subscription, channel: string | null): boolean {
  if (subscription.channels.length === 0) return true;
  return channel !== null && subscription.channels.includes(channel);
}
