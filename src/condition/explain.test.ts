import { describe, expect, it } from 'vitest';
import { evaluate } from './compile.ts';
import type { Condition } from './condition.ts';
import { type ExplainedRule, explain } from './explain.ts';
import { parseCondition } from './parse.ts';

const NOW = Date.parse('2026-03-13T14:30:00Z');

function parse(value: unknown): Condition {
  const parsed = parseCondition(value);
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.condition;
}

function explainRule(rule: object, data: unknown): ExplainedRule {
  return explain(parse({ all: [rule] }), data, NOW).rules.all?.[0] as ExplainedRule;
}

describe('a sentence', () => {
  const x = (operator: string, value: unknown, more: object = {}) => ({
    field: 'x',
    operator,
    value,
    ...more,
  });

  it.each([
    [x('greaterThan', 100), 12.5, 'x is 12.5, which is not greater than 100.'],
    [x('greaterThan', 100), '120.50', 'x is "120.50", which is greater than 100.'],
    [x('greaterThan', 100), 'many', 'x is "many", which is not greater than 100: it is not a number.'],
    [x('greaterThan', 100), null, 'x is null, which is not greater than 100.'],
    [x('equals', 'open'), 'OPEN', 'x is "OPEN", which equals "open".'],
    [x('notEquals', 'open'), 'OPEN', 'x is "OPEN", which equals "open".'],
    [x('notEquals', 'open'), 'shut', 'x is "shut", which does not equal "open".'],
    [x('equals', 'a', { type: 'text' }), 7, 'x is 7, which does not equal "a": it is not text.'],
    [x('equals', true), 'true', 'x is "true", which does not equal true: it is neither true nor false.'],
    [
      x('equals', 'a'),
      ['a'],
      'x is a list of 1 item ("a"), which does not equal "a": it is neither text nor a number.',
    ],
    [x('contains', 'a'), ['b', 'a'], 'x is a list of 2 items ("b", "a"), which contains "a".'],
    [x('contains', 'a'), 7, 'x is 7, which does not contain "a": it is neither text nor a list.'],
    [x('startsWith', 'a'), 'abc', 'x is "abc", which starts with "a".'],
    [x('inList', ['SE', 'NO']), 'DK', 'x is "DK", which is not in the list ("SE", "NO").'],
    [x('notInList', ['SE', 7]), 'DK', 'x is "DK", which is not in the list ("SE", 7).'],
    [x('between', [1, 5]), 7, 'x is 7, which is not between 1 and 5.'],
    [{ field: 'x', operator: 'isNull' }, null, 'x is null.'],
    [{ field: 'x', operator: 'isNull' }, 7, 'x is 7, which is not null.'],
    [{ field: 'x', operator: 'isNotNull' }, undefined, 'x is not there, which counts as null.'],
    [{ field: 'x', operator: 'isEmpty' }, [], 'x is an empty list.'],
    [{ field: 'x', operator: 'isNotEmpty' }, undefined, 'x is not there, which counts as empty.'],
    [{ field: 'x', operator: 'isEmpty' }, '', 'x is "", which is empty.'],
    [{ field: 'x', operator: 'isEmpty' }, { a: 1 }, 'x is an object, which is not empty.'],
    [{ field: 'x', operator: 'isTrue' }, true, 'x is true.'],
    [{ field: 'x', operator: 'isTrue' }, false, 'x is false, which is not true.'],
    [x('hasParam', 'gift'), { gift: 1, b: 2 }, 'x is an object, which has the parameter "gift".'],
    [x('hasNoParam', 'gift'), 7, 'x is 7, which does not have the parameter "gift": it is no object.'],
    [
      x('before', '2026-03-14'),
      '2026-03-14T00:30:00+02:00',
      'x is "2026-03-14T00:30:00+02:00" (2026-03-13 in UTC), which is before "2026-03-14".',
    ],
    [
      x('before', '2026-03-14'),
      '14 March',
      'x is "14 March", which is not before "2026-03-14": it is not a date.',
    ],
  ])('%j of %j', (rule, value, expected) => {
    expect(explainRule(rule, { x: value }).sentence).toBe(expected);
  });

  it.each([
    [
      { date: { base: 'today', plus: 7, unit: 'days' } },
      'x is "2026-03-20", which is on or before today + 7 days (2026-03-20).',
    ],
    [{ date: { base: 'today' } }, 'x is "2026-03-20", which is not on or before today (2026-03-13).'],
    [
      { date: { base: 'now', plus: -1, unit: 'weeks' } },
      'x is "2026-03-20", which is not on or before now - 1 week (2026-03-06).',
    ],
    [
      { date: { base: 'now', plus: 90, unit: 'minutes' }, compare: 'dateTime' },
      'x is "2026-03-20" (2026-03-20T00:00:00.000Z in UTC), which is not on or before now + 90 minutes (2026-03-13T16:00:00.000Z).',
    ],
    [
      { property: 'y.z' },
      'x is "2026-03-20", which is not on or before y.z ("2026-03-19T10:00:00Z" (2026-03-19 in UTC)).',
    ],
    [{ property: 'y.w' }, 'x is "2026-03-20", which is not on or before y.w (7): y.w is not a date.'],
    [{ property: 'y.v' }, 'x is "2026-03-20", which is not on or before y.v (not there).'],
  ])('shows what %j stands for', (operand, expected) => {
    const data = { x: '2026-03-20', y: { z: '2026-03-19T10:00:00Z', w: 7 } };
    expect(explainRule({ field: 'x', operator: 'onOrBefore', ...operand }, data).sentence).toBe(expected);
  });

  it('speaks of the data where the field is empty', () => {
    const rule = { field: '', operator: 'hasParam', value: 'gift' };
    expect(explainRule(rule, { a: 1 }).sentence).toBe(
      'The data is an object, which does not have the parameter "gift".',
    );
    expect(explainRule(rule, 7).sentence).toBe(
      "The data can't be looked at, because the data is not there or is no object.",
    );
  });

  it('shows 200 characters of a text, and no half ones', () => {
    const rule = { field: 'x', operator: 'equals', value: 'y'.repeat(300) };
    const { sentence, found } = explainRule(rule, { x: 'x'.repeat(100_000) });
    expect(found.text).toBe(`"${'x'.repeat(200)}…"`);
    expect(sentence).toBe(`x is "${'x'.repeat(200)}…", which does not equal "${'y'.repeat(200)}…".`);
    const smileys = explainRule(rule, { x: `a${'😀'.repeat(200)}` });
    expect(smileys.found.text).toBe(`"a${'😀'.repeat(99)}…"`);
  });

  it('shows no more of lists and objects than there is room for', () => {
    const rule = { field: 'x', operator: 'inList', value: Array.from({ length: 1000 }, (_, index) => index) };
    const lists = explainRule(rule, { x: Array(100_000).fill('abc') });
    expect(lists.found.text).toMatch(/^a list of 100000 items \("abc", .*, …\)$/);
    expect(lists.operand).toMatch(/^the list \(0, 1, 2, .*, …\)$/);
    expect(lists.sentence).toBe("x can't be looked through, because it has more than 1000 items.");
    expect(explainRule(rule, { x: [[1, [2]], { a: 1 }, null] }).found.text).toBe(
      'a list of 3 items (…, …, null)',
    );
    expect(explainRule(rule, { x: ['y'.repeat(300)] }).found.text).toBe('a list of 1 item (…)');
    expect(explainRule(rule, { x: { y: {} } }).found).toEqual({ kind: 'object', text: 'an object' });
  });
});

describe('an explanation', () => {
  const condition = {
    all: [
      { field: 'order.total', operator: 'greaterThan', value: 100 },
      {
        any: [
          { field: 'order.country', operator: 'equals', value: 'SE' },
          { field: 'order.customer.vip', operator: 'isTrue' },
        ],
      },
    ],
  };

  const partsWith = (value?: { kind: string; text: string }) => ({
    day: null,
    operands: value ? [{ value }] : [],
    list: null,
    misfit: null,
  });

  it('mirrors the condition', () => {
    expect(explain(parse(condition), { order: { total: 120, country: 'DK', customer: {} } }, NOW)).toEqual({
      fires: false,
      error: null,
      mode: 'continue',
      sentence: "The rules don't hold, so the condition keeps the event back.",
      rules: {
        path: 'condition',
        holds: false,
        all: [
          {
            path: 'condition.all[0]',
            field: 'order.total',
            operator: 'greaterThan',
            found: { kind: 'number', text: '120' },
            operand: '100',
            holds: true,
            parts: partsWith({ kind: 'number', text: '100' }),
            sentence: 'order.total is 120, which is greater than 100.',
          },
          {
            path: 'condition.all[1]',
            holds: false,
            any: [
              {
                path: 'condition.all[1].any[0]',
                field: 'order.country',
                operator: 'equals',
                found: { kind: 'text', text: '"DK"' },
                operand: '"SE"',
                holds: false,
                parts: partsWith({ kind: 'text', text: '"SE"' }),
                sentence: 'order.country is "DK", which does not equal "SE".',
              },
              {
                path: 'condition.all[1].any[1]',
                field: 'order.customer.vip',
                operator: 'isTrue',
                found: { kind: 'missing', text: 'not there' },
                operand: null,
                holds: false,
                parts: partsWith(),
                sentence: 'order.customer.vip is not there, which is not true.',
              },
            ],
          },
        ],
      },
    });
  });

  it('says which rule leaves it untold, as the evaluation does', () => {
    const data = { order: { total: 120, country: 'DK' } };
    const message =
      "order.customer.vip can't be looked at, because order.customer is not there or is no object.";
    const error = {
      path: 'condition.all[1].any[1]',
      field: 'order.customer.vip',
      operator: 'isTrue',
      message,
    };
    expect(evaluate(parse(condition), data, NOW)).toEqual({ error });
    const explanation = explain(parse(condition), data, NOW);
    expect(explanation).toMatchObject({ fires: false, error });
    expect(explanation.sentence).toBe(
      `It can't be told whether the rules hold, so the condition keeps the event back. ${message}`,
    );
    expect(explanation.rules).toMatchObject({
      holds: 'error',
      all: [
        { holds: true },
        { holds: 'error', any: [{ holds: false }, { holds: 'error', sentence: message }] },
      ],
    });
  });

  it('names the first of several rules that leave it untold', () => {
    const rules = ['b.x', 'a.x', 'c.x'].map((field) => ({ field, operator: 'isEmpty' }));
    expect(evaluate(parse({ all: rules }), { a: {} }, NOW)).toMatchObject({ error: { field: 'b.x' } });
    expect(explain(parse({ all: rules }), { a: {} }, NOW)).toMatchObject({ error: { field: 'b.x' } });
  });

  it('names the path of the operand where that has no entity', () => {
    const rule = { field: 'order.total', operator: 'equals', property: 'invoice.total' };
    const { found, operand, holds, sentence } = explainRule(rule, { order: { total: 7 } });
    expect({ found: found.text, operand, holds }).toEqual({
      found: '7',
      operand: 'invoice.total (not there)',
      holds: 'error',
    });
    expect(sentence).toBe("invoice.total can't be looked at, because invoice is not there or is no object.");
  });

  it.each([
    ['continue', 7, 'The rules hold, so the condition lets the event through.'],
    ['continue', 8, "The rules don't hold, so the condition keeps the event back."],
    ['stop', 7, 'The rules hold, and this condition stops the events for which they do.'],
    ['stop', 8, "The rules that would stop the event don't hold, so the condition lets it through."],
  ])('concludes in mode %s from %j', (mode, x, expected) => {
    const rules = parse({ mode, all: [{ field: 'x', operator: 'equals', value: 7 }] });
    const { sentence, fires } = explain(rules, { x }, NOW);
    expect(sentence).toBe(expected);
    expect(fires).toBe((mode === 'continue') === (x === 7));
  });
});
