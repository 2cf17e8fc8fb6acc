import { describe, expect, it } from 'vitest';
import { explainRules } from './explain-rules.ts';

const WEBHOOK = { status: 'active' as const, events: ['order.*'], channels: [] as string[] };
const EVENT = { type: 'order.created', channel: null };

/** What is said of one rule. */
const said = (
  rule: string,
  webhook: Partial<typeof WEBHOOK>,
  event: Partial<Record<keyof typeof EVENT, string>>,
) => explainRules({ ...WEBHOOK, ...webhook }, { ...EVENT, ...event }).find((one) => one.rule === rule);

describe('the sentences of explain', () => {
  it.each([
    [['*'], true, 'It wants events of all types.'],
    [['order.*', '*'], true, 'It wants events of all types.'],
    [['order.*'], true, 'It wants events of the type order.*, and order.created is among these.'],
    [['route.*'], false, 'It wants events of the type route.*, and order.created is not among these.'],
    [
      ['route.*', 'order.created', 'order.paid'],
      true,
      'It wants events of the types route.*, order.created and order.paid, and order.created is among these.',
    ],
  ])('of webhooks that want %j', (events, holds, sentence) => {
    expect(said('events', { events }, {})).toMatchObject({ rule: 'events', holds, sentence });
  });

  it.each([
    [[], undefined, true, 'It is for all channels.'],
    [['web'], 'web', true, 'It is for the channel web only, and the event is from web.'],
    [['web'], 'app', false, 'It is for the channel web only, and the event is from another, app.'],
    [['web'], undefined, false, 'It is for the channel web only, and the event names no channel.'],
    [['web', 'b'], 'b', true, 'It is for the channels web and b only, and the event is from b.'],
    [
      ['web', 'b'],
      undefined,
      false,
      'It is for the channels web and b only, and the event names no channel.',
    ],
  ])('of webhooks for the channels %j and an event from %s', (channels, channel, holds, sentence) => {
    const event = channel === undefined ? {} : { channel };
    expect(said('channels', { channels }, event)).toMatchObject({ rule: 'channels', holds, sentence });
  });

  it('name ten of many, and tell how many more there are', () => {
    const channels = Array.from({ length: 12 }, (_, index) => `c${index}`);
    expect(said('channels', { channels }, {})?.sentence).toContain('c8, c9 and 2 more only');
    expect(said('channels', { channels: channels.slice(0, 10) }, {})?.sentence).toContain('c8 and c9 only');
  });

  it('are told as stable codes with their values too', () => {
    const parts = (rule: string, webhook: Partial<typeof WEBHOOK>, event = {}) => {
      const { code, params } = said(rule, webhook, event) ?? {};
      return [code, params];
    };
    const names = { names: 'web, b', count: 2, more: 0 };
    expect(parts('status', {})).toEqual(['status_active', {}]);
    expect(parts('events', { events: ['*'] })).toEqual(['events_all', {}]);
    expect(parts('events', { events: ['route.*'] })).toEqual([
      'events_not_among',
      { names: 'route.*', count: 1, more: 0, type: 'order.created' },
    ]);
    expect(parts('channels', { channels: ['web', 'b'] })).toEqual(['channels_none_named', names]);
    expect(parts('channels', { channels: ['web', 'b'] }, { channel: 'b' })).toEqual([
      'channels_among',
      { ...names, channel: 'b' },
    ]);
  });
});
