import { expect, it } from 'vitest';
import { targetName, targetText } from './target-name.ts';

it('what was changed has the newest name its entry knows', () => {
  expect(targetName({ before: { name: 'Depot' }, after: { name: 'Shop' } })).toBe('Shop');
  expect(targetName({ before: { name: 'Depot' }, after: null })).toBe('Depot');
  expect(targetName({ before: null, after: { name: '', url: 'https://a.example/' } })).toBe(
    'https://a.example/',
  );
});

it('what no entry names has no name', () => {
  expect(targetName({ before: { priority: 5 }, after: { priority: 9 } })).toBeNull();
  expect(targetName({ before: null, after: 'name' })).toBeNull();
  expect(targetName({ before: null, after: { name: { of: 'none' } } })).toBeNull();
});

it('what was changed is told of by what it is, in the language of the viewer', () => {
  const kinds = { delivery: 'Leverans', 'owner-link': 'Länk för en ägare' };
  expect(targetText(kinds, { kind: 'delivery', id: 'dlv_1' })).toEqual({ kind: 'Leverans', id: 'dlv_1' });
  expect(targetText(kinds, { kind: 'owner-link', id: 'owner-link' })).toEqual({
    kind: 'Länk för en ägare',
    id: '',
  });
  expect(targetText(kinds, { kind: 'constructor', id: 'x_1' })).toEqual({ kind: '', id: 'x_1' });
});
