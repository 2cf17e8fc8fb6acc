import { describe, expect, it } from 'vitest';
import english from '../locales/en/catalog.json' with { type: 'json' };
import { reasonOf, sentenceOf } from './change-text.ts';

const WORDS = { type: (text: string) => text, optional: 'optional', always: 'always there' };

type Change = Parameters<typeof sentenceOf>[0];

/** As it is read in English. */
function told(change: Partial<Change> & Pick<Change, 'change'>): string {
  const { key, values } = sentenceOf(
    { keyword: null, from: null, to: null, message: 'as it is told', ...change },
    WORDS,
  );
  return english.changes.what[key].replaceAll(
    /\{\{(\w+)\}\}/g,
    (_, name) => Object.entries(values ?? {}).find(([one]) => one === name)?.[1] ?? '???',
  );
}

describe('what has changed is said', () => {
  it.each<[Partial<Change> & Pick<Change, 'change'>, string]>([
    [{ change: 'new', to: { type: 'number', required: false } }, 'added (number, optional)'],
    [
      { change: 'new', to: { type: 'string or null', required: true } },
      'added (string or null, always there)',
    ],
    [{ change: 'new' }, 'members of any name may be there'],
    [{ change: 'gone', from: 'sku' }, 'removed'],
    [{ change: 'renamed', from: 'sku', to: 'skuId' }, 'removed; perhaps it is skuId now'],
    [{ change: 'type_changed', from: 'string', to: 'number' }, 'was string, and is number'],
    [{ change: 'type_narrowed', from: 3, to: 2 }, 'has fewer forms than it had'],
    [{ change: 'values_added', from: [], to: ['returned', 7] }, '"returned", 7 added to what it may be'],
    [
      { change: 'values_added', from: ['a'], to: ['b'] },
      '"b" added to what it may be, and "a" removed from it',
    ],
    [{ change: 'values_added', from: ['a', 'b'] }, 'may be any value, and was one of "a", "b"'],
    [{ change: 'values_added', to: ['a'] }, 'may be "a", which it could not be'],
    [{ change: 'values_removed', from: ['lost'], to: [] }, '"lost" removed from what it may be'],
    [{ change: 'values_removed', to: ['a', 'b'] }, 'is always one of "a", "b"'],
    [{ change: 'limit_loosened', keyword: 'maxLength', from: 5, to: 9 }, 'maxLength was 5, and is 9'],
    [{ change: 'limit_loosened', keyword: 'maximum', from: 'below 5' }, 'maximum below 5 no longer holds'],
    [{ change: 'rule_added', keyword: 'format', to: 'date' }, 'format date holds now'],
    [{ change: 'rule_added', keyword: 'not', to: 'not' }, 'not holds now'],
    [{ change: 'rule_changed', keyword: 'if', from: 'if', to: 'if' }, 'the rule if is another one'],
    [{ change: 'rule_changed', keyword: 'if', from: 'if' }, 'if no longer holds'],
    [{ change: 'moved' }, 'as it is told'],
  ])('of %j', (change, sentence) => {
    expect(told(change)).toBe(sentence);
  });
});

describe('why a receiver may fail', () => {
  it.each([
    ['optional', true, 'missing'],
    ['values_added', true, 'unknown'],
    ['rule_changed', true, 'unclear'],
    ['new', false, undefined],
  ] as const)('of %s that breaks: %s', (change, breaking, reason) => {
    expect(reasonOf({ change, breaking })).toBe(reason);
  });
});
