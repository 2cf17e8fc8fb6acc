import { expect, it } from 'vitest';
import { builtInPresets } from '../../catalog/built-in.ts';
import { DAY_MS, DEMO_DAY, planDay } from './day-plan.ts';

const BEGINS_AT = Date.UTC(2026, 2, 14);

it('the events of a day happen within it, in order, and are the same each time', () => {
  const plan = planDay(DEMO_DAY, BEGINS_AT);
  const times = plan.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(BEGINS_AT);
  expect(times.at(-1)).toBeLessThan(BEGINS_AT + DAY_MS);
  expect(planDay(DEMO_DAY, BEGINS_AT)).toEqual(plan);
});

it('an order keeps its number, its customer and its channel on its way', () => {
  const first = planDay(DEMO_DAY, BEGINS_AT).filter(({ event }) => event.subject === 'order/20240');
  expect(first.map(({ event }) => event.type)).toEqual(DEMO_DAY.journeys[0]?.events.map(({ type }) => type));
  expect(new Set(first.map(({ event }) => event.channel)).size).toBe(1);
  for (const { event } of first) expect(event.data).toMatchObject({ order_id: '20240' });
  expect(first[0]?.event.data).toMatchObject({ customer: { name: DEMO_DAY.customers[0] } });
});

it('every type of the day is one of its preset, and every channel one that has a title', () => {
  const types = builtInPresets().get(DEMO_DAY.preset)?.eventTypes;
  const channels = DEMO_DAY.channels.map(({ id }) => id);
  for (const { event } of planDay(DEMO_DAY, BEGINS_AT)) {
    expect(types?.has(event.type), event.type).toBe(true);
    expect(channels).toContain(event.channel);
  }
});
