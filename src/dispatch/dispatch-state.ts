import type { WebhookQueue } from './webhook-queue.ts';

/** What a node is doing at a moment. */
export interface DispatchState {
  /** How many lanes it has. */
  readonly lanes: number;
  /** Requests under way. */
  readonly inFlight: number;
  /**
   * Of the webhooks it holds anything of: `closed`: they are sent to; `open`: they rest, as nobody answers;
   * `probing`: one request is made to see whether anybody does again.
   */
  readonly breakers: Readonly<Record<BreakerState, number>>;
}

export type BreakerState = 'closed' | 'open' | 'probing';

/** How many queues have their breaker in which state. @param now milliseconds since 1970 */
export function countBreakers(queues: Iterable<WebhookQueue>, now: number): DispatchState['breakers'] {
  const counts = { closed: 0, open: 0, probing: 0 };
  for (const { breaker } of queues) counts[stateOf(breaker.openUntil, now)] += 1;
  return counts;
}

function stateOf(openUntil: number, now: number): BreakerState {
  if (openUntil === 0) return 'closed';
  return now < openUntil ? 'open' : 'probing';
}
