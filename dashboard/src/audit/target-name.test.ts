import { expect, it } from 'vitest';
import { targetName } from './target-name.ts';

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
