import type { WebhookDraft } from './draft.ts';

/** Whether a draft wants events of a type: by its name, or by a pattern that ends with `.*`. */
export function wants(
  { allEvents, events }: Pick<WebhookDraft, 'allEvents' | 'events'>,
  type: string,
): boolean {
  return (
    allEvents ||
    events.some((event) => event === type || (event.endsWith('.*') && type.startsWith(event.slice(0, -1))))
  );
}
