import { describe, expect, it } from 'vitest';
import { isEventPattern, matchesPattern } from '../event-pattern.ts';
import { createMatcher } from './match.ts';

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
    condition: undefined,
    unique: false,
    ordered: false,
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
