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

function placeOf({ status, health, disabledReason, lastFailure }: Placed): number {
  // What somebody disabled or paused themselves needs nobody.
  if (status === 'disabled') return disabledReason === null || disabledReason === 'request' ? 3 : 1;
  if (status === 'paused') return 3;
  if (health === 'failing') return 0;
  return lastFailure === null ? 3 : 2;
}

function calledBy({ name, url }: Placed): string {
  return name || url;
}
