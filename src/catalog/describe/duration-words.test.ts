import { describe, expect, it } from 'vitest';
import { durationWords, enumerated } from './duration-words.ts';

describe('durations in words', () => {
  it.each([
    [30, '30 s'],
    [90, '1 min 30 s'],
    [3_840, '1 h 4 min'],
    [86_400, '1 day'],
    [180_000, '2 days 2 h'],
    [0, '0 s'],
  ])('%i seconds are %s', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });
});

describe('enumerations', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('%j are "%s"', (words, text) => {
    expect(enumerated(words)).toBe(text);
  });

  it('end with another word if asked for', () => {
    expect(enumerated(['200', '202'], 'or')).toBe('200 or 202');
  });
});
