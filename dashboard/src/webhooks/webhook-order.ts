import type { WebhookView } from '../data/webhooks.ts';

type Placed = Pick<
  WebhookView,
  'id' | 'name' | 'url' | 'status' | 'health' | 'disabledReason' | 'lastFailure'
>;

/**
 * What needs somebody comes first: webhooks that fail, then those that were disabled because of it, then those whose last
 * attempt failed. The rest, and those alike, go by what they are called.
 *
 * @param language whose alphabet they are sorted by
 */
export function inOrder<Webhook extends Placed>(webhooks: readonly Webhook[], language: string): Webhook[] {
  const { compare } = new Intl.Collator(language, { numeric: true });
  return webhooks.toSorted(
    (a, b) => placeOf(a) - placeOf(b) || compare(calledBy(a), calledBy(b)) || (a.id < b.id ? -1 : 1),
  );
}

/** Whether a webhook gets nothing, or not what it should, and somebody has to see to it. */
export function needsSomebody(webhook: Omit<Placed, 'id' | 'name' | 'url'>): boolean {
  return placeOf(webhook) < FINE;
}

const FINE = 3;

/** Health changes only when deliveries are given up, which takes a long schedule days: so the last attempt counts, too. */
function placeOf({
  status,
  health,
  disabledReason,
  lastFailure,
}: Omit<Placed, 'id' | 'name' | 'url'>): number {
  // What somebody disabled or paused themselves needs nobody.
  if (status === 'disabled') return disabledReason === null || disabledReason === 'request' ? FINE : 1;
  if (status === 'paused') return FINE;
  if (health === 'failing') return 0;
  return lastFailure === null ? FINE : 2;
}

function calledBy({ name, url }: Placed): string {
  return name || url;
}
