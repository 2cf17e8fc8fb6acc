import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../src/condition/condition.ts';
import { parseCondition } from '../../../src/condition/parse.ts';
import { conditionOf, isSimple, rulesOf } from './condition-rules.ts';

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
});
