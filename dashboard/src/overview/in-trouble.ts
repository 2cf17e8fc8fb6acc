import type { WebhookView } from '../data/webhooks.ts';

type State = Pick<WebhookView, 'status' | 'health' | 'disabledReason' | 'lastFailure'>;

/** Those that get nothing, or not what they should, worst first: disabled ones, given up ones, those whose last attempt failed. */
export function inTrouble<Webhook extends State>(webhooks: readonly Webhook[]): Webhook[] {
  return webhooks.filter((one) => troubleOf(one) > 0).toSorted((a, b) => troubleOf(b) - troubleOf(a));
}

/** Health changes only when deliveries are given up, which takes a long schedule days: so the last attempt counts, too. */
function troubleOf({ status, health, disabledReason, lastFailure }: State): number {
  if (status === 'disabled') return disabledReason === 'request' ? 0 : 3;
  if (health === 'failing') return 2;
  return lastFailure === null ? 0 : 1;
}
