import { describe, expect, it } from 'vitest';
import { compileCondition } from '../condition/compile.ts';
import type { Condition } from '../condition/condition.ts';
import { parseCondition } from '../condition/parse.ts';
import { isEventPattern, matchesPattern } from '../event-pattern.ts';
import { createMatcher, type Subscription } from './match.ts';

describe('event patterns', () => {
  it.each(['*', 'order.*', 'order.created', 'tracking_update', 'a-b.c_d.*'])('%j is a pattern', (text) => {
    expect(isEventPattern(text)).toBe(true);
  });

  it.each([
    '',
    '.',
    'order.',
    '.order',
    'order..created',
    '**',
    'or*',
    '*.created',
    'order.*.x',
    'a b',
    'a\0b',
    'é',
    'x'.repeat(129),
  ])('%j is none', (text) => {
    expect(isEventPattern(text)).toBe(false);
  });

  it('order.* covers everything below order and nothing beside it', () => {
    expect(matchesPattern('order.*', 'order.created')).toBe(true);
    expect(matchesPattern('order.*', 'order.item.added')).toBe(true);
    expect(matchesPattern('order.*', 'order')).toBe(false);
    expect(matchesPattern('order.*', 'orders.created')).toBe(false);
    expect(matchesPattern('*', 'anything')).toBe(true);
    expect(matchesPattern('order.created', 'order.created.late')).toBe(false);
  });
});

describe('matcher', () => {
  const subscription = (webhookId: string, events: string[], channels: string[] = []) => ({
    webhookId,
    lane: 0,
    events,
    channels,
    selection: undefined,
    unique: false,
    ordered: false,
    profile: 'standard-webhooks',
    payloadVersion: null,
    hasTemplate: false,
  });
  const subscriptions = [
    subscription('all', ['*']),
    subscription('orders', ['order.*', 'order.created']),
    subscription('shop-1', ['order.*'], ['shop-1']),
  ];
  const matcher = createMatcher(1, subscriptions, { preset: null, validation: null, unknownTypes: null });
  const ids = (type: string, channel: string | null) =>
    matcher.match({ type, channel, data: '{}' }, 0).map((one) => one.webhookId);

  it('names a webhook once, however many of its patterns match', () => {
    expect(ids('order.created', null)).toEqual(['all', 'orders']);
  });

  it('a webhook with channels wants events of these channels alone', () => {
    expect(ids('order.created', 'shop-1')).toEqual(['all', 'orders', 'shop-1']);
    expect(ids('order.created', 'shop-2')).toEqual(['all', 'orders']);
    expect(ids('route.started', 'shop-1')).toEqual(['all']);
  });
});

describe('conditions', () => {
  const NOW = Date.parse('2026-03-13T14:30:00Z');
  const policies = { preset: null, validation: null, unknownTypes: null };

  function subscription(
    webhookId: string,
    condition?: unknown,
    events: readonly string[] = ['*'],
  ): Subscription {
    const parsed = parseCondition(condition);
    if (condition !== undefined && 'errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
    const compiled = 'condition' in parsed ? compileCondition(parsed.condition as Condition) : undefined;
    const more = { lane: 0, channels: [], unique: false, ordered: false };
    const sending = { profile: 'standard-webhooks', payloadVersion: null, hasTemplate: false };
    return { webhookId, events, selection: compiled, ...more, ...sending };
  }

  function wanting(data: string, subscriptions: readonly Subscription[], nowMs = NOW): string[] {
    const matcher = createMatcher(1, subscriptions, policies);
    const event = { type: 'order.created', channel: null, data };
    return matcher.match(event, nowMs).map(({ webhookId }) => webhookId);
  }

  const above = (value: number) => ({ all: [{ field: 'total', operator: 'greaterThan', value }] });

  it('a webhook gets the events for which its condition holds, beside others that have none', () => {
    const all = [
      subscription('any'),
      subscription('above 100', above(100)),
      subscription('above 10', above(10)),
    ];
    expect(wanting('{"total": 250}', all)).toEqual(['any', 'above 100', 'above 10']);
    expect(wanting('{"total": 50}', all)).toEqual(['any', 'above 10']);
    expect(wanting('{"total": 5}', all)).toEqual(['any']);
  });

  it('with stop it gets those for which it does not hold', () => {
    const all = [subscription('not above 100', { mode: 'stop', ...above(100) })];
    expect(wanting('{"total": 250}', all)).toEqual([]);
    expect(wanting('{"total": 50}', all)).toEqual(['not above 100']);
  });

  it.each(['continue', 'stop'])('what cannot be decided is not sent, in mode %s', (mode) => {
    const rule = { field: 'order.total', operator: 'greaterThan', value: 100 };
    expect(wanting('{"invoice": 1}', [subscription('undecided', { mode, all: [rule] })])).toEqual([]);
  });

  it.each(['17', '"text"', 'null', 'true', '[]'])(
    'data may be %s: then nothing is there to ask about',
    (data) => {
      const all = [
        subscription('any'),
        subscription('above', above(1)),
        subscription('none', { all: [{ field: 'total', operator: 'isNull' }] }),
      ];
      expect(wanting(data, all)).toEqual(['any', 'none']);
    },
  );

  it('is asked of the event at the moment it was received', () => {
    const condition = { all: [{ field: 'due', operator: 'equals', date: { base: 'today' } }] };
    const all = [subscription('due today', condition)];
    expect(wanting('{"due": "2026-03-13"}', all)).toEqual(['due today']);
    expect(wanting('{"due": "2026-03-13"}', all, NOW + 86_400_000)).toEqual([]);
  });

  it('is not asked about events the webhook does not want anyway', () => {
    const asked: unknown[] = [];
    const condition = (data: unknown) => {
      asked.push(data);
      return { fires: true };
    };
    const sending = { profile: 'standard-webhooks', payloadVersion: null, hasTemplate: false };
    const given = { lane: 0, channels: ['shop-1'], unique: false, ordered: false };
    const more = { ...given, selection: condition, ...sending };
    const all = [
      { webhookId: 'of another type', events: ['route.*'], ...more, channels: [] },
      { webhookId: 'of another channel', events: ['*'], ...more },
    ];
    expect(wanting('{"a": 1}', all)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('data is read once for all conditions, and not at all where there is none', () => {
    const seen: unknown[] = [];
    const condition = (data: unknown) => {
      seen.push(data);
      return { fires: true };
    };
    const conditional = { ...subscription('one'), selection: condition };
    expect(wanting('{"a": {}}', [conditional, { ...conditional, webhookId: 'two' }])).toEqual(['one', 'two']);
    expect(seen[0]).toBe(seen[1]);
    expect(wanting('not even JSON', [subscription('any')])).toEqual(['any']);
  });

  it('members of a prototype are not members of the data', () => {
    const all = ['constructor', '__proto__', 'toString'].map((field) =>
      subscription(field, { all: [{ field, operator: 'isNotNull' }] }),
    );
    expect(wanting('{}', all)).toEqual([]);
    expect(wanting('{"__proto__": 1, "constructor": 2}', all)).toEqual(['constructor', '__proto__']);
  });
});
