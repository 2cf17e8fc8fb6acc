import { expect, it } from 'vitest';
import { filterStep } from './filter-step.ts';

it('a choice is a step of its own, whatever was typed before', () => {
  expect(filterStep({}, { status: 'failed' }, undefined)).toEqual({});
  expect(filterStep({ search: '1' }, { search: '1', status: 'failed' }, 'search')).toEqual({});
  expect(filterStep({ status: 'failed' }, { status: '' }, undefined)).toEqual({});
});

it('what is typed in one field is one step, also where a link had named what it shows', () => {
  const first = filterStep({ status: 'failed' }, { status: 'failed', search: '1' }, undefined);
  expect(first).toEqual({ replace: false, state: { typedIn: 'search' } });
  const searched = { subject: 'order/1' };
  expect(filterStep(searched, { search: 'order/12', subject: '', eventId: '' }, 'search').replace).toBe(true);
  expect(filterStep({ search: 'a' }, { search: '' }, 'search').replace).toBe(true);
});

it('typing in another field is another step', () => {
  const next = filterStep({ search: '1' }, { search: '1', eventType: 'order.*' }, 'search');
  expect(next).toEqual({ replace: false, state: { typedIn: 'eventType' } });
});

it('clearing all filters is a step of its own, also where all there was had been typed', () => {
  expect(filterStep({ search: '1' }, {}, 'search')).toEqual({});
});
