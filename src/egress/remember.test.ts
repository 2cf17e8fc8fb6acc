import { expect, test } from 'vitest';
import { remember } from './remember.ts';

test('an answer is computed once, until there are more than may be held', () => {
  const computed: string[] = [];
  const length = remember((text) => {
    computed.push(text);
    return text.length;
  }, 2);
  expect(['a', 'bb', 'a', 'ccc', 'a'].map(length)).toEqual([1, 2, 1, 3, 1]);
  expect(computed).toEqual(['a', 'bb', 'ccc', 'a']);
});
