import { expect, it } from 'vitest';
import { delivery, ordered, unique } from '../../test/support/webhook-queue.ts';
import { StartedDeliveries } from './started-deliveries.ts';

const NO_KEYS = { uniqueKey: null, orderKey: null };

it('a key is busy until the last that was started with it is let go of', () => {
  const started = new StartedDeliveries();
  for (const id of ['1', '2']) started.add(ordered(id, 'order/1', 'changed'));
  started.add(unique('3', 'paid'));
  expect(started.hasKeyOf({ ...NO_KEYS, orderKey: 'order/1' })).toBe(true);
  expect(started.hasKeyOf({ ...NO_KEYS, orderKey: 'paid' })).toBe(false);
  started.remove('1');
  started.remove('1');
  expect([started.hasKeyOf(ordered('9', 'order/1')), started.withUniqueKey('changed')?.id]).toEqual([
    true,
    '2',
  ]);
  started.remove('2');
  expect([started.hasKeyOf(ordered('9', 'order/1', 'changed')), started.withUniqueKey('changed')]).toEqual([
    false,
    undefined,
  ]);
  expect([started.hasKeyOf(unique('9', 'paid')), started.hasKeyOf(delivery('9'))]).toEqual([true, false]);
});
