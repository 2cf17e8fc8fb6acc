import { describe, expect, it } from 'vitest';
import { isMeant, newestBySubject } from './found-events.ts';

const event = { id: 'evt_0195f1a2', type: 'order.created', subject: 'order/12345' };

describe('an event is meant by', () => {
  it.each([['12345'], ['order/12345'], ['ORDER/1'], ['created'], ['evt_0195f1a2']])('%s', (text) => {
    expect(isMeant(event, text)).toBe(true);
  });

  it.each([['54321'], ['shipment']])('nothing like %s', (text) => {
    expect(isMeant(event, text)).toBe(false);
    expect(isMeant({ ...event, subject: null }, '12345')).toBe(false);
  });
});

it('of the events about one subject the newest of each type stands for it', () => {
  const events = [
    { n: 6, subject: 'order/1', type: 'a' },
    { n: 5, subject: 'order/1', type: 'b' },
    { n: 4, subject: null, type: 'a' },
    { n: 3, subject: 'order/2', type: 'a' },
    { n: 2, subject: 'order/1', type: 'a' },
    { n: 1, subject: 'order/3', type: 'a' },
  ];
  expect(
    newestBySubject(events)
      .map(({ n }) => n)
      .sort(),
  ).toEqual([1, 3, 5, 6]);
});
