import { expect, it } from 'vitest';
import { coveringPattern, groupState, typedEvent, unlisted } from './chosen-events.ts';

it('a pattern covers the types that begin as it does, and names cover nothing', () => {
  const chosen = ['order.created', 'order.*', 'parcel.lost'];
  expect(coveringPattern(chosen, 'order.created')).toBe('order.*');
  expect(coveringPattern(chosen, 'order.line.added')).toBe('order.*');
  expect(coveringPattern(chosen, 'orders.created')).toBeUndefined();
  expect(coveringPattern(chosen, 'parcel.lost')).toBeUndefined();
});

it('names that the catalog lacks are told apart from patterns, each once', () => {
  const names = ['*', 'old.name', 'order.*', 'order.created', 'old.name'];
  expect(unlisted(names, new Set(['order.created']))).toEqual({
    patterns: ['order.*'],
    strangers: ['old.name'],
  });
});

it('words with dots are a type, with a star at the end a pattern, and nothing else is either', () => {
  expect([' order.created ', 'order.*', '*', 'ping'].map(typedEvent)).toEqual([
    'order.created',
    'order.*',
    '*',
    'ping',
  ]);
  for (const text of ['', 'order.', 'order*', '*.created', 'order..created', 'an order', 'a'.repeat(129)]) {
    expect(typedEvent(text), text).toBeUndefined();
  }
});

it('a group is chosen by names and patterns together, and only what no pattern covers can be changed', () => {
  const names = ['order.created', 'order.line.added', 'parcel.lost'];
  expect(groupState(names, [])).toEqual({ free: names, all: false, some: false });
  expect(groupState(names, ['order.*'])).toEqual({ free: ['parcel.lost'], all: false, some: true });
  expect(groupState(names, ['order.*', 'parcel.lost']).all).toBe(true);
  expect(groupState(names, ['order.*', 'parcel.*'])).toEqual({ free: [], all: true, some: false });
});
