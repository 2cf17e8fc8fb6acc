import { matchesPattern } from '../event-pattern.ts';
import type { WebhookRow } from '../store/webhooks.ts';

/** One thing that must hold for a webhook to get an event. */
export interface ExplainedRule {
  rule: 'test' | 'status' | 'events' | 'channels' | 'filters' | 'condition';
  holds: boolean;
  sentence: string;
}

type Asked = Pick<WebhookRow, 'status' | 'events' | 'channels'>;

const STATUS: Readonly<Record<WebhookRow['status'], string>> = {
  active: 'The webhook is active.',
  paused: 'The webhook is paused: deliveries are made, and wait.',
  disabled: 'The webhook is disabled: it gets no events.',
};

/** What is asked of every event, whatever is in it, in the order it is asked. */
export function explainRules(
  webhook: Asked,
  event: { readonly type: string; readonly channel: string | null },
): ExplainedRule[] {
  const { status, events, channels } = webhook;
  const type = events.some((pattern) => matchesPattern(pattern, event.type));
  const channel = channels.length === 0 || (event.channel !== null && channels.includes(event.channel));
  return [
    { rule: 'status', holds: status !== 'disabled', sentence: STATUS[status] },
    { rule: 'events', holds: type, sentence: eventsSentence(events, event.type, type) },
    { rule: 'channels', holds: channel, sentence: channelsSentence(channels, event.channel, channel) },
  ];
}

function eventsSentence(patterns: readonly string[], type: string, holds: boolean): string {
  if (patterns.includes('*')) return 'It wants events of all types.';
  return `It wants events of ${named('type', patterns)}, and ${type} is ${holds ? '' : 'not '}among these.`;
}

function channelsSentence(channels: readonly string[], channel: string | null, holds: boolean): string {
  if (channels.length === 0) return 'It is for all channels.';
  const only = `It is for ${named('channel', channels)} only`;
  if (channel === null) return `${only}, and the event names no channel.`;
  return `${only}, and the event is from ${holds ? channel : `another, ${channel}`}.`;
}

/** Names there may be a hundred of. */
const MAX_NAMED = 10;

/** `the type order.*`, `the types order.*, route.* and 7 more` */
function named(what: string, names: readonly string[]): string {
  const [only] = names;
  if (names.length === 1) return `the ${what} ${only}`;
  const rest = names.length - MAX_NAMED;
  const shown = rest > 0 ? [...names.slice(0, MAX_NAMED), `${rest} more`] : names;
  return `the ${what}s ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Of a test event there is no delivery of to the webhook: it was for another. */
export const TEST_OF_ANOTHER: ExplainedRule = {
  rule: 'test',
  holds: false,
  sentence: 'It is a test event, and was sent to another webhook alone.',
};
