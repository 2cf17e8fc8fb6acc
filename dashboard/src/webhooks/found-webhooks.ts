import type { WebhookView } from '../data/webhooks.ts';

type Searched = Pick<WebhookView, 'name' | 'url' | 'events' | 'channels'>;
type Stated = Pick<WebhookView, 'status' | 'health' | 'lastFailure'>;

export const WEBHOOK_STATES = ['failing', 'active', 'paused', 'disabled'] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

/** How many there are in each state, and of all. */
export type StateCounts = Readonly<Record<WebhookState | 'all', number>>;

/** Each webhook is in one state, that of its badge: one that is active but at which nothing arrives counts as failing. */
export function stateOf({ status, health, lastFailure }: Stated): WebhookState {
  if (status !== 'active') return status;
  return health === 'failing' || lastFailure !== null ? 'failing' : 'active';
}

/** What the address bar names; undefined: all of them. */
export function stateNamed(text: string | undefined): WebhookState | undefined {
  return WEBHOOK_STATES.find((state) => state === text);
}

/** Those that have each word of a text in their name, URL, events or channels. */
export function webhooksWith<Webhook extends Searched>(
  webhooks: readonly Webhook[],
  text: string,
): readonly Webhook[] {
  const words = comparable(text)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return webhooks;
  return webhooks.filter(({ name, url, events, channels }) => {
    const searched = comparable([name, url, ...events, ...channels].join('\n'));
    return words.every((word) => searched.includes(word));
  });
}

export function countStates(webhooks: readonly Stated[]): StateCounts {
  const counts = { all: webhooks.length, failing: 0, active: 0, paused: 0, disabled: 0 };
  for (const webhook of webhooks) counts[stateOf(webhook)] += 1;
  return counts;
}

/** An å typed on one system may be two characters, and one on another. */
function comparable(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
