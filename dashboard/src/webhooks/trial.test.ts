import { expect, it } from 'vitest';
import { ApiProblem } from '../api.ts';
import { emptyDraft } from './draft.ts';
import { missingIn, refusalOf } from './trial.ts';

it('a draft is tried once it has a URL and events', () => {
  const url = 'https://warehouse.example/';
  expect(missingIn(emptyDraft())).toBe('urlAndEvents');
  expect(missingIn({ ...emptyDraft(), url })).toBe('events');
  expect(missingIn({ ...emptyDraft(), url: ' ', allEvents: true })).toBe('url');
  expect(missingIn({ ...emptyDraft(), url, events: ['order.*'] })).toBeUndefined();
  expect(missingIn({ ...emptyDraft(), url, allEvents: true })).toBeUndefined();
});

it('what is refused is told apart by the tab it stands on', () => {
  const problem = (...paths: string[]) =>
    new ApiProblem(
      400,
      'validation_failed',
      'no',
      paths.map((path) => ({ path, code: 'invalid', message: 'is wrong' })),
    );
  const both = refusalOf(problem('webhook.payload.template', 'webhook.retry.schedule[0]'), 'payload');
  expect(both?.here.map(({ path }) => path)).toEqual(['payload.template']);
  expect(both?.elsewhere).toBe('delivery');
  expect(refusalOf(problem('filters.status', 'condition'), 'condition')?.here).toHaveLength(2);
  expect(refusalOf(problem('webhook.url'), 'condition')).toEqual({ here: [], elsewhere: 'general' });
  expect(refusalOf(new ApiProblem(404, 'not_found', 'no'), 'payload')).toBeUndefined();
  expect(refusalOf(new Error('lost'), 'payload')).toBeUndefined();
});
