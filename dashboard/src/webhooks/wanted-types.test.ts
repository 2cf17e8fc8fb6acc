import { expect, it } from 'vitest';
import { wants } from './wanted-types.ts';

it('a webhook wants the types it names and those of its patterns, or all', () => {
  const some = { allEvents: false, events: ['order.delivered', 'parcel.*'] };
  const types = ['order.delivered', 'order.cancelled', 'parcel.lost', 'parcels.lost'];
  expect(types.filter((type) => wants(some, type))).toEqual(['order.delivered', 'parcel.lost']);
  expect(types.filter((type) => wants({ allEvents: true, events: [] }, type))).toEqual(types);
});
