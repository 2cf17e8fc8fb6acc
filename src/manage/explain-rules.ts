import type { explainFilter } from '../condition/chosen-filters.ts';
import type { Explanation } from '../condition/explain.ts';
import type { Params } from '../errors.ts';
import { matchesPattern } from '../event-pattern.ts';
import type { WebhookRow } from '../store/webhooks.ts';

/** One thing that must hold for a webhook to get an event. */
export interface ExplainedRule {
  rule: 'test' | 'status' | 'events' | 'channels' | 'filters' | 'condition';
  holds: boolean;
  sentence: string;
  /** What the sentence says, stable, and the values in it: for whoever words it in another language. */
  code: RuleCode;
  params: Params;
  /** Of a filter: what it found, and what it was compared with. */
  found?: ExplainedFilter;
}

type ExplainedFilter = ReturnType<typeof explainFilter>;

export const RULE_CODES = [
  'test_of_another',
  'status_active',
  'status_paused',
  'status_disabled',
  'events_all',
  'events_among',
  'events_not_among',
  'channels_all',
  'channels_none_named',
  'channels_among',
  'channels_not_among',
  'filter',
  'condition_undecided',
  'condition_stops',
  'condition_does_not_stop',
  'condition_lets_through',
  'condition_keeps_back',
] as const;
export type RuleCode = (typeof RULE_CODES)[number];

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
    {
      rule: 'status',
      holds: status !== 'disabled',
      code: `status_${status}`,
      params: {},
      sentence: STATUS[status],
    },
    {
      rule: 'events',
      holds: type,
      sentence: eventsSentence(events, event.type, type),
      ...eventsInParts(events, event.type, type),
    },
    {
      rule: 'channels',
      holds: channel,
      sentence: channelsSentence(channels, event.channel, channel),
      ...channelsInParts(channels, event.channel, channel),
    },
  ];
}

type Parts = Pick<ExplainedRule, 'code' | 'params'>;

function eventsInParts(patterns: readonly string[], type: string, holds: boolean): Parts {
  if (patterns.includes('*')) return { code: 'events_all', params: {} };
  return { code: holds ? 'events_among' : 'events_not_among', params: { ...listed(patterns), type } };
}

function channelsInParts(channels: readonly string[], channel: string | null, holds: boolean): Parts {
  if (channels.length === 0) return { code: 'channels_all', params: {} };
  if (channel === null) return { code: 'channels_none_named', params: listed(channels) };
  return { code: holds ? 'channels_among' : 'channels_not_among', params: { ...listed(channels), channel } };
}

/** The names of which a sentence has room, and how many are left. */
function listed(names: readonly string[]): Params {
  return {
    names: names.slice(0, MAX_NAMED).join(', '),
    count: names.length,
    more: Math.max(0, names.length - MAX_NAMED),
  };
}

const CONDITION_CODES = {
  stop: ['condition_stops', 'condition_does_not_stop'],
  continue: ['condition_keeps_back', 'condition_lets_through'],
} as const;

/** A condition as one rule among the others. */
export function conditionRule({ fires, sentence, mode, error }: Explanation): ExplainedRule {
  const rule = { rule: 'condition', holds: fires, sentence } as const;
  if (error !== null) return { ...rule, code: 'condition_undecided', params: { message: error.message } };
  const code = CONDITION_CODES[mode][fires ? 1 : 0];
  return { ...rule, code, params: {} };
}

/** A filter as one rule among the others. @param title as its preset has it */
export function filterRule(title: string, found: ExplainedFilter): ExplainedRule {
  const { holds, sentence } = found;
  return {
    rule: 'filters',
    holds,
    code: 'filter',
    params: { filter: title },
    found,
    sentence: `${title}: ${sentence}`,
  };
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
  code: 'test_of_another',
  params: {},
  sentence: 'It is a test event, and was sent to another webhook alone.',
};
