import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/condition/condition.ts';
import { parseCondition } from '../../../src/condition/parse.ts';
import { conditionOf, isSimple, readCondition, rulesOf } from './condition-rules.ts';

const CONDITION: Condition = {
  mode: 'continue',
  all: [
    { field: 'order.total', operator: 'greaterThan', value: 100 },
    { field: 'order.country', operator: 'inList', value: ['SE', 'NO'] },
    { field: 'order.total', operator: 'between', value: [1, 2.5] },
    { field: 'order.rows', operator: 'isNotNull' },
    { field: 'order.isTest', operator: 'equals', value: false },
    { field: 'order.zip', operator: 'equals', value: '01234' },
  ],
};

describe('the rules of a condition', () => {
  it('come back as they were', () => {
    expect(isSimple(CONDITION)).toBe(true);
    expect(conditionOf(rulesOf(CONDITION), 'all', 'continue')).toEqual(CONDITION);
  });

  it('leave what nobody touched as it was, whatever is changed beside it', () => {
    const kept: Condition = {
      mode: 'continue',
      all: [
        { field: 'order.city', operator: 'inList', value: ['Oslo, NO', 'Malmö'] },
        { field: 'order.code', operator: 'equals', value: '12' },
      ],
    };
    const more = [
      ...rulesOf(kept),
      { field: 'order.total', operator: 'between', values: ['1', '2'] } as const,
    ];
    expect(conditionOf(more, 'all', 'continue')).toEqual({
      mode: 'continue',
      all: [...kept.all, { field: 'order.total', operator: 'between', value: [1, 2] }],
    });
  });

  it('take a comma that is typed into an item of a list as a part of it', () => {
    const rule = { field: 'order.city', operator: 'inList', values: ['Oslo, NO', 'Bergen, NO'] } as const;
    expect(conditionOf([rule], 'any', 'stop')).toEqual({
      mode: 'stop',
      any: [{ field: 'order.city', operator: 'inList', value: ['Oslo, NO', 'Bergen, NO'] }],
    });
  });

  it('make a condition the API takes', () => {
    expect(parseCondition(conditionOf(rulesOf(CONDITION), 'any', 'stop'), '')).toHaveProperty('condition');
  });

  it('are none where every event passes', () => {
    expect(rulesOf(null)).toEqual([]);
    expect(conditionOf([], 'all', 'continue')).toBeNull();
  });

  it.each<[string, Condition]>([
    ['a group in a group', { mode: 'continue', all: [{ any: [{ field: 'a', operator: 'isNull' }] }] }],
    ['another property', { mode: 'continue', all: [{ field: 'a', operator: 'equals', property: 'b' }] }],
    ['a type', { mode: 'continue', all: [{ field: 'a', operator: 'equals', value: '1', type: 'text' }] }],
  ])('can not show %s', (_what, condition) => {
    expect(isSimple(condition)).toBe(false);
  });

  it.each([
    [{}],
    [5],
    ['all'],
    [[]],
    [{ mode: 'stop' }],
    [{ all: null }],
    [{ all: [null] }],
    [{ all: [{ field: 'a', operator: 'equals', value: null }] }],
  ])('can not show %j, which is no condition', (value) => {
    expect(isSimple(value)).toBe(false);
  });
});

describe('what is typed as JSON', () => {
  it('is no condition where it is empty, and unknown where it is no JSON', () => {
    expect(readCondition(' ')).toBeNull();
    expect(readCondition('{"mode":')).toBeUndefined();
    expect(readCondition('{}')).toEqual({});
  });
});
