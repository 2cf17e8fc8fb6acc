import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATOR_NAMES, OPERATORS } from './operators.ts';
import { MAX_NESTING, MAX_RULES, parseCondition } from './parse.ts';

const rule = { field: 'order.total', operator: 'greaterThan', value: 10 };

/** What is wrong, as `path code`. */
function problemsOf(value: unknown, base?: string): string[] {
  const parsed = parseCondition(value, base);
  return 'errors' in parsed ? parsed.errors.map((error) => `${error.path} ${error.code}`) : [];
}

const problemsOfRule = (value: unknown): string[] => problemsOf({ all: [value] });

function nest(depth: number): object {
  let group: object = { all: [rule] };
  for (let level = 1; level < depth; level += 1) group = { any: [group] };
  return group;
}

describe('a condition that is accepted', () => {
  it('continues unless it says stop, and is otherwise returned as it was', () => {
    const condition = {
      any: [
        rule,
        { all: [{ field: 'order.due', operator: 'before', date: { base: 'today', plus: 7, unit: 'days' } }] },
        {
          field: 'order.country',
          operator: 'inList',
          value: ['SE', 'NO'],
          caseSensitive: true,
          type: 'text',
        },
        { field: 'order.a', operator: 'equals', property: 'order.b', compare: 'dateTime' },
        { field: 'a', operator: 'between', value: [{ property: 'b' }, { date: { base: 'now' } }] },
        { field: 'note', operator: 'isNull', type: 'date' },
        { field: '', operator: 'hasParam', value: 'gift' },
      ],
    };
    expect(parseCondition(condition)).toEqual({ condition: { mode: 'continue', ...condition } });
    const stop = { mode: 'stop', ...condition };
    expect(parseCondition(stop)).toEqual({ condition: stop });
  });

  it('is accepted again as it was returned', () => {
    const parsed = parseCondition({ all: [rule, nest(3)] });
    expect(parsed).toHaveProperty('condition');
    const { condition } = parsed as { condition: unknown };
    expect(parseCondition(JSON.parse(JSON.stringify(condition)))).toEqual({ condition });
  });

  it.each([
    ['as many groups in each other as there may be', nest(MAX_NESTING)],
    ['as many rules', { all: Array(MAX_RULES).fill(rule) }],
    ['as many values', { all: [{ field: 'a', operator: 'inList', value: Array(1000).fill(7) }] }],
    ['as long a text', { all: [{ field: 'a'.repeat(1024), operator: 'equals', value: 'b'.repeat(1024) }] }],
  ])('may have %s', (_, condition) => {
    expect(problemsOf(condition)).toEqual([]);
  });
});

describe('the shape of a condition', () => {
  it.each([
    [null, ['condition wrong_type']],
    ['all', ['condition wrong_type']],
    [[], ['condition wrong_type']],
    [{}, ['condition required']],
    [{ all: rule }, ['condition.all wrong_type']],
    [{ all: [] }, ['condition.all empty']],
    [{ any: [] }, ['condition.any empty']],
    [{ all: [rule], any: [rule] }, ['condition.any not_allowed']],
    [{ mode: 'go', all: [rule] }, ['condition.mode not_allowed']],
    [{ all: [rule], none: [] }, ['condition.none unknown_field']],
    [
      { all: [rule, 7, null, [rule]] },
      ['condition.all[1] wrong_type', 'condition.all[2] wrong_type', 'condition.all[3] wrong_type'],
    ],
    [{ all: [{ mode: 'stop', all: [rule] }] }, ['condition.all[0].mode unknown_field']],
    [{ all: [{ any: [rule, { all: [] }] }] }, ['condition.all[0].any[1].all empty']],
    [{ all: [{ all: [rule], field: 'a' }] }, ['condition.all[0].field unknown_field']],
    [{ all: [{}] }, ['condition.all[0].operator required']],
    [nest(MAX_NESTING + 1), [`condition${'.any[0]'.repeat(MAX_NESTING)} too_deep`]],
    [{ all: Array(MAX_RULES + 1).fill(rule) }, ['condition.all too_many_rules']],
    [
      { all: [{ all: Array(150).fill(rule) }, { any: Array(51).fill(rule) }] },
      ['condition.all[1].any[50] too_many_rules'],
    ],
  ])('%j has wrong: %j', (condition, expected) => {
    expect(problemsOf(condition)).toEqual(expected);
  });

  it('is told with the name under which it was sent', () => {
    expect(problemsOf({ all: [{ ...rule, operator: 'is' }] }, 'changes.condition')).toEqual([
      'changes.condition.all[0].operator unknown_operator',
    ]);
    expect(problemsOf({ all: [], more: 1 }, '')).toEqual(['more unknown_field', 'all empty']);
  });

  it('everything wrong is told at once', () => {
    const rules = [
      { ...rule, operator: 'is' },
      { ...rule, field: 7 },
      { ...rule, value: true, extra: 1 },
    ];
    expect(problemsOf({ mode: 1, all: rules })).toEqual([
      'condition.mode not_allowed',
      'condition.all[0].operator unknown_operator',
      'condition.all[1].field wrong_type',
      'condition.all[2].extra unknown_field',
      'condition.all[2].value wrong_value_type',
    ]);
  });
});

describe('the shape of a rule', () => {
  const at = 'condition.all[0]';
  it.each([
    [{ operator: 'isNull' }, ['field required']],
    [{ field: '', operator: 'isNull' }, ['field malformed_path']],
    [{ field: 'a..b', operator: 'isNull' }, ['field malformed_path']],
    [{ field: '.a', operator: 'isNull' }, ['field malformed_path']],
    [{ field: 'a.', operator: 'isNull' }, ['field malformed_path']],
    [{ field: ['a'], operator: 'isNull' }, ['field wrong_type']],
    [{ field: 'a'.repeat(1025), operator: 'isNull' }, ['field too_large']],
    [{ field: 'a\ud800', operator: 'isNull' }, ['field malformed_text']],
    [{ field: 'a' }, ['operator required']],
    [{ field: 'a', operator: 'toString' }, ['operator unknown_operator']],
    [{ field: 'a', operator: ['equals'], value: 1 }, ['operator unknown_operator']],
    [{ field: 'a', operator: 'isNull', type: 'money' }, ['type not_allowed']],
    [{ field: 'a', operator: 'before', type: 'text', value: '2026-01-01' }, ['type not_allowed']],
    [{ field: 'a', operator: 'hasParam', type: 'text', value: 'b' }, ['type not_allowed']],
    [{ field: 'a', operator: 'equals', value: 'b', caseSensitive: 'yes' }, ['caseSensitive wrong_type']],
    [{ field: 'a', operator: 'equals', value: 1, caseSensitive: true }, ['caseSensitive not_allowed']],
    [{ field: 'a', operator: 'isEmpty', caseSensitive: true }, ['caseSensitive not_allowed']],
    [{ field: 'a', operator: 'hasParam', value: 'b', caseSensitive: true }, ['caseSensitive not_allowed']],
    [{ field: 'a', operator: 'before', value: '2026-01-01', compare: 'time' }, ['compare not_allowed']],
    [{ field: 'a', operator: 'equals', value: 1, type: 'number', compare: 'date' }, ['compare not_allowed']],
    [{ field: 'a', operator: 'greaterThan', value: 1, compare: 'date' }, ['compare not_allowed']],
    [{ field: 'a', operator: 'isNull', compare: 'date' }, ['compare not_allowed']],
  ])('%j has wrong: %j', (value, expected) => {
    expect(problemsOfRule(value)).toEqual(expected.map((problem) => `${at}.${problem}`));
  });
});

describe('operands', () => {
  const at = 'condition.all[0]';
  const ask = (more: object): string[] => problemsOfRule({ field: 'a', ...more });

  it.each(OPERATOR_NAMES)('%s takes its own form, and no other', (operator) => {
    const form = OPERATORS[operator].operand;
    if (form === 'none') {
      expect(ask({ operator })).toEqual([]);
      expect(ask({ operator, value: 1 })).toEqual([`${at}.value not_allowed`]);
      expect(ask({ operator, property: 'b' })).toEqual([`${at}.property not_allowed`]);
      expect(ask({ operator, date: { base: 'now' } })).toEqual([`${at}.date not_allowed`]);
      return;
    }
    expect(ask({ operator })).toEqual([`${at}.value required`]);
    expect(ask({ operator, value: null })).toEqual([`${at}.value wrong_type`]);
    expect(ask({ operator, value: {} })).toEqual([`${at}.value wrong_type`]);
    const property = ask({ operator, property: 'b' });
    expect(property).toEqual(form === 'one' ? [] : [`${at}.property not_allowed`]);
    if (form === 'one') {
      expect(ask({ operator, value: [1, 2] })).toEqual([`${at}.value wrong_type`]);
      expect(ask({ operator, property: 'b', value: 'x' })).toEqual([`${at}.property not_allowed`]);
    }
  });

  it.each([
    ['greaterThan', 'ten', 'value wrong_value_type'],
    ['greaterThan', true, 'value wrong_value_type'],
    ['before', 'tomorrow', 'value wrong_value_type'],
    ['before', '2026-02-30', 'value wrong_value_type'],
    ['before', 1_773_412_205, 'value wrong_value_type'],
    ['startsWith', 7, 'value wrong_value_type'],
    ['startsWith', '', 'value empty'],
    ['contains', '', 'value empty'],
    ['contains', true, 'value wrong_value_type'],
    ['equals', 2 ** 53, 'value too_large'],
    ['equals', Number.POSITIVE_INFINITY, 'value too_large'],
    ['equals', 'b'.repeat(1025), 'value too_large'],
    ['equals', '\0', 'value malformed_text'],
    ['hasParam', '', 'value empty'],
    ['hasParam', 7, 'value wrong_type'],
    ['inList', [], 'value empty'],
    ['inList', 'SE', 'value wrong_type'],
    ['inList', Array(1001).fill('a'), 'value too_large'],
    ['inList', ['SE', true], 'value[1] wrong_value_type'],
    ['inList', ['SE', { property: 'b' }], 'value[1] wrong_type'],
    ['inList', ['SE', 'b'.repeat(1025)], 'value[1] too_large'],
    ['between', [1], 'value wrong_type'],
    ['between', [1, 2, 3], 'value wrong_type'],
    ['between', [1, null], 'value[1] wrong_type'],
    ['between', [1, '2026-01-01'], 'value[0] wrong_value_type'],
    ['between', ['a', 'b'], 'value[0] wrong_value_type,value[1] wrong_value_type'],
    ['between', [2, 1], 'value reversed_range'],
    ['between', ['2026-01-02', '2026-01-01'], 'value reversed_range'],
    ['between', [1, {}], 'value[1] wrong_type'],
    ['between', [1, { property: 'b', date: { base: 'now' } }], 'value[1] wrong_type'],
    ['between', [1, { property: 'b', plus: 1 }], 'value[1].plus unknown_field'],
    ['between', [{ property: '' }, 1], 'value[0].property malformed_path'],
    ['between', [{ date: { base: 'now' } }, 1], 'value[1] wrong_value_type'],
  ])('%s refuses %j', (operator, value, expected) => {
    expect(ask({ operator, value })).toEqual(expected.split(',').map((problem) => `${at}.${problem}`));
  });

  it.each([
    ['text', 7],
    ['number', 'seven'],
    ['number', true],
    ['date', 'today'],
    ['date', 7],
    ['boolean', 'true'],
    ['lookup', true],
  ])('of type %s is not %j', (type, value) => {
    expect(ask({ operator: 'equals', type, value })).toEqual([`${at}.value wrong_value_type`]);
  });

  it.each([
    [{ base: 'tomorrow' }, 'date.base not_allowed'],
    [{ plus: 7 }, 'date.base required'],
    [{ base: 'today', plus: 1.5 }, 'date.plus wrong_type'],
    [{ base: 'today', plus: '7' }, 'date.plus wrong_type'],
    [{ base: 'today', plus: 1_000_001 }, 'date.plus too_large'],
    [{ base: 'today', unit: 'years' }, 'date.unit not_allowed'],
    [{ base: 'today', minus: 7 }, 'date.minus unknown_field'],
    ['today', 'date wrong_type'],
  ])('the date variable %j has wrong: %s', (date, expected) => {
    expect(ask({ operator: 'before', date })).toEqual([`${at}.${expected}`]);
  });

  it('dates are for what compares dates', () => {
    const date = { base: 'today' };
    for (const operator of ['greaterThan', 'contains', 'startsWith']) {
      expect(ask({ operator, date })).toEqual([`${at}.date wrong_value_type`]);
    }
    expect(ask({ operator: 'equals', type: 'text', date })).toEqual([`${at}.date wrong_value_type`]);
    expect(ask({ operator: 'between', type: 'number', value: [1, { date }] })).toEqual([
      `${at}.value[1] wrong_value_type`,
    ]);
  });
});

describe('hostile input', () => {
  it('members named as those of prototypes are as unknown as any', () => {
    expect(problemsOf(JSON.parse('{"__proto__": {"all": []}}'))).toEqual([
      'condition.__proto__ unknown_field',
      'condition required',
    ]);
    const proto = JSON.parse('{"all": [{"__proto__": {"field": "a"}, "operator": "isNull"}]}');
    expect(problemsOf(proto)).toEqual([
      'condition.all[0].__proto__ unknown_field',
      'condition.all[0].field required',
    ]);
    expect(problemsOfRule(JSON.parse('{"field": "a", "operator": "__proto__"}'))).toEqual([
      'condition.all[0].operator unknown_operator',
    ]);
  });

  it('nesting deeper than any stack is refused', () => {
    let group: object = rule;
    for (let level = 0; level < 200_000; level += 1) group = { all: [group] };
    expect(problemsOf(group)).toEqual([`condition${'.all[0]'.repeat(MAX_NESTING)} too_deep`]);
  });

  it('no more than 50 problems are told, of names that are cut', () => {
    const names = Array.from({ length: 1000 }, (_, index) => [`${index}`.padStart(5000, 'x'), 1]);
    const parsed = parseCondition({ all: [rule], ...Object.fromEntries(names) });
    const errors = 'errors' in parsed ? parsed.errors : [];
    expect(errors).toHaveLength(50);
    expect(Math.max(...errors.map((error) => error.path.length))).toBe('condition.'.length + 100);
    const lists = { all: Array(200).fill({ all: Array(200).fill({ any: [] }) }) };
    expect(problemsOf(lists)).toHaveLength(50);
  });

  it('no JSON makes it throw, and what it accepts it accepts again', () => {
    const words = [
      'all',
      'any',
      'mode',
      'field',
      'operator',
      'value',
      'property',
      'date',
      'type',
      '__proto__',
    ];
    const scalar = fc.oneof(
      fc.constantFrom<unknown>(
        'a',
        'stop',
        'equals',
        'between',
        'inList',
        'isNull',
        'number',
        '2026-01-01',
        '',
      ),
      fc.constantFrom<unknown>(0, 1, null, true),
    );
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 6 },
        scalar,
        fc.array(tie('json'), { maxLength: 3 }),
        fc.array(fc.tuple(fc.constantFrom(...words), tie('json')), { maxLength: 4 }).map(Object.fromEntries),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(json, fc.jsonValue()), (value) => {
        for (const asked of [value, { all: [value] }, { all: [{ field: 'a', operator: 'equals', value }] }]) {
          const parsed = parseCondition(asked);
          if ('condition' in parsed) expect(parseCondition(parsed.condition)).toEqual(parsed);
          else expect(parsed.errors.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
