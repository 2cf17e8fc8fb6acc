import { describe, expect, it } from 'vitest';
import { evaluate } from './compile.ts';
import { explain } from './explain.ts';
import { OPERATOR_NAMES, OPERATORS } from './operators.ts';
import { parseCondition } from './parse.ts';

const NOW = Date.parse('2026-03-13T14:30:00Z');

/** + if the rule holds, - if not, E if it can't be told. */
function ask(rule: object, data: unknown): string {
  const parsed = parseCondition({ all: [rule] });
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  const outcome = evaluate(parsed.condition, data, NOW);
  const [explained] = explain(parsed.condition, data, NOW).rules.all ?? [];
  expect(explained?.holds).toBe('error' in outcome ? 'error' : outcome.fires);
  if ('error' in outcome) return 'E';
  return outcome.fires ? '+' : '-';
}

/** What stands at `order.x`, one a column of the tables below. */
const VALUES = [
  { order: {} },
  { order: { x: null } },
  { order: { x: '' } },
  { order: { x: [] } },
  { order: { x: {} } },
  { order: { x: true } },
  { order: { x: false } },
  { order: { x: 7 } },
  { order: { x: '7' } },
  { order: { x: 'Abc' } },
  { order: { x: '2026-03-13' } },
  { order: { x: ['abc', 7] } },
  { order: { x: { gift: null } } },
];

const NO_ENTITIES = [
  {},
  { order: null },
  { order: 'text' },
  { order: 7 },
  { order: [{ x: 7 }] },
  null,
  7,
  [],
];

const date = '2026-03-13';

// biome-ignore format: a table is read by its columns
const TABLE: readonly (readonly [rule: object, type: string, noEntity: string, values: string])[] = [
  //                                                                absent, null, '', [], {}, true, false,
  //                                                                7, '7', 'Abc', '2026-03-13', ['abc', 7], {gift: null}
  [{ operator: 'equals', value: 'aBC' }, 'text', 'E',                 '---------+---'],
  [{ operator: 'equals', value: '7' }, 'text', 'E',                   '--------+----'],
  [{ operator: 'equals', value: 7 }, 'number', 'E',                   '-------++----'],
  [{ operator: 'equals', value: date }, 'date', 'E',                  '----------+--'],
  [{ operator: 'equals', value: true }, 'boolean', 'E',               '-----+-------'],
  [{ operator: 'equals', value: false }, 'boolean', 'E',              '------+------'],
  [{ operator: 'equals', value: 'abc' }, 'lookup', 'E',               '---------+---'],
  [{ operator: 'equals', value: '7' }, 'lookup', 'E',                 '-------++----'],
  [{ operator: 'equals', value: '7' }, '', 'E',                       '-------++----'],
  [{ operator: 'equals', value: '' }, '', 'E',                        '--+----------'],
  [{ operator: 'equals', value: 7 }, '', 'E',                         '-------++----'],
  [{ operator: 'notEquals', value: 'aBC' }, 'text', 'E',              '+++++++++-+++'],
  [{ operator: 'notEquals', value: 7 }, 'number', 'E',                '+++++++--++++'],
  [{ operator: 'notEquals', value: date }, 'date', 'E',               '++++++++++-++'],
  [{ operator: 'notEquals', value: true }, 'boolean', 'E',            '+++++-+++++++'],
  [{ operator: 'notEquals', value: 7 }, 'lookup', 'E',                '+++++++--++++'],
  [{ operator: 'contains', value: 'bc' }, 'text', 'E',                '---------+---'],
  [{ operator: 'contains', value: 'ABC' }, 'text', 'E',               '---------+-+-'],
  [{ operator: 'contains', value: '7' }, 'text', 'E',                 '--------+----'],
  [{ operator: 'contains', value: '7' }, '', 'E',                     '--------+--+-'],
  [{ operator: 'contains', value: 7 }, '', 'E',                       '--------+--+-'],
  [{ operator: 'notContains', value: 'ABC' }, 'text', 'E',            '+++++++++-+-+'],
  [{ operator: 'notContains', value: 7 }, '', 'E',                    '++++++++-++-+'],
  [{ operator: 'startsWith', value: 'aB' }, 'text', 'E',              '---------+---'],
  [{ operator: 'endsWith', value: '3' }, 'text', 'E',                 '----------+--'],
  [{ operator: 'inList', value: ['x', 'ABC', '7'] }, 'text', 'E',     '--------++-+-'],
  [{ operator: 'inList', value: ['ABC', '7'] }, 'lookup', 'E',        '-------+++-+-'],
  [{ operator: 'inList', value: [7, 8] }, '', 'E',                    '-------++--+-'],
  [{ operator: 'notInList', value: ['ABC', '7'] }, 'text', 'E',       '++++++++--+-+'],
  [{ operator: 'notInList', value: ['ABC', 7] }, 'lookup', 'E',       '+++++++---+-+'],
  [{ operator: 'isEmpty' }, 'text', 'E',                              '++++---------'],
  [{ operator: 'isNotEmpty' }, 'text', 'E',                           '----+++++++++'],
  [{ operator: 'isNull' }, 'text', '+',                               '++-----------'],
  [{ operator: 'isNull' }, 'number', '+',                             '++-----------'],
  [{ operator: 'isNull' }, 'date', '+',                               '++-----------'],
  [{ operator: 'isNull' }, 'boolean', '+',                            '++-----------'],
  [{ operator: 'isNull' }, 'lookup', '+',                             '++-----------'],
  [{ operator: 'isNotNull' }, 'text', '-',                            '--+++++++++++'],
  [{ operator: 'isNotNull' }, 'number', '-',                          '--+++++++++++'],
  [{ operator: 'isNotNull' }, 'date', '-',                            '--+++++++++++'],
  [{ operator: 'isNotNull' }, 'boolean', '-',                         '--+++++++++++'],
  [{ operator: 'isNotNull' }, 'lookup', '-',                          '--+++++++++++'],
  [{ operator: 'greaterThan', value: 6.9 }, 'number', 'E',            '-------++----'],
  [{ operator: 'greaterThan', value: 7 }, 'number', 'E',              '-------------'],
  [{ operator: 'greaterThanOrEqual', value: 7 }, 'number', 'E',       '-------++----'],
  [{ operator: 'greaterThanOrEqual', value: '7.01' }, 'number', 'E',  '-------------'],
  [{ operator: 'lessThan', value: '7.01' }, 'number', 'E',            '-------++----'],
  [{ operator: 'lessThan', value: 7 }, 'number', 'E',                 '-------------'],
  [{ operator: 'lessThanOrEqual', value: 7 }, 'number', 'E',          '-------++----'],
  [{ operator: 'between', value: [7, 7] }, 'number', 'E',             '-------++----'],
  [{ operator: 'between', value: [8, 9] }, '', 'E',                   '-------------'],
  [{ operator: 'between', value: ['2026-03-13', '2026-03-14'] }, 'date', 'E', '----------+--'],
  [{ operator: 'between', value: ['2026-03-14', '2026-03-15'] }, '', 'E', '-------------'],
  [{ operator: 'before', value: '2026-03-14' }, 'date', 'E',          '----------+--'],
  [{ operator: 'before', value: date }, 'date', 'E',                  '-------------'],
  [{ operator: 'after', value: '2026-03-12' }, 'date', 'E',           '----------+--'],
  [{ operator: 'after', value: date }, 'date', 'E',                   '-------------'],
  [{ operator: 'onOrBefore', value: date }, 'date', 'E',              '----------+--'],
  [{ operator: 'onOrBefore', value: '2026-03-12' }, 'date', 'E',      '-------------'],
  [{ operator: 'onOrAfter', value: date }, 'date', 'E',               '----------+--'],
  [{ operator: 'onOrAfter', value: '2026-03-14' }, 'date', 'E',       '-------------'],
  [{ operator: 'isTrue' }, 'boolean', 'E',                            '-----+-------'],
  [{ operator: 'isFalse' }, 'boolean', 'E',                           '------+------'],
  [{ operator: 'hasParam', value: 'gift' }, '', 'E',                  '------------+'],
  [{ operator: 'hasParam', value: 'length' }, '', 'E',                '-------------'],
  [{ operator: 'hasParam', value: 'constructor' }, '', 'E',           '-------------'],
  [{ operator: 'hasNoParam', value: 'gift' }, '', 'E',                '++++++++++++-'],
];

describe.each(TABLE)('%j as %j', (rule, type, noEntity, values) => {
  const asked = { field: 'order.x', ...rule, ...(type !== '' && { type }) };

  it('is answered for every kind of value', () => {
    expect(VALUES.map((data) => ask(asked, data)).join('')).toBe(values);
  });

  it('is answered where there is no entity', () => {
    expect(NO_ENTITIES.map((data) => ask(asked, data)).join('')).toBe(noEntity.repeat(NO_ENTITIES.length));
  });
});

it('the table has every operator with every type', () => {
  const wanted = OPERATOR_NAMES.flatMap((operator) => {
    const { types } = OPERATORS[operator];
    return types.length === 0 ? [`${operator} `] : types.map((type) => `${operator} ${type}`);
  });
  const there = new Set(TABLE.map(([rule, type]) => `${(rule as { operator: string }).operator} ${type}`));
  expect(wanted.filter((one) => !there.has(one))).toEqual([]);
});

describe('texts', () => {
  const equals = (value: string, x: string, more: object = {}): string =>
    ask({ field: 'x', operator: 'equals', value, ...more }, { x });

  it('are compared without regard to case', () => {
    expect(equals('straße', 'STRASSE')).toBe('+');
    expect(equals('ΟΔΟΣ', 'οδος')).toBe('+');
    expect(equals('é', 'É')).toBe('+');
    expect(equals('e', 'é')).toBe('-');
  });

  it('are compared with regard to case where that is asked', () => {
    const exact = { caseSensitive: true };
    expect(equals('SE', 'se', exact)).toBe('-');
    expect(equals('SE', 'SE', exact)).toBe('+');
    const ask2 = (operator: string, value: unknown): string =>
      ask({ field: 'x', operator, value, ...exact }, { x: 'Express' });
    expect(ask2('contains', 'XP')).toBe('-');
    expect(ask2('contains', 'xp')).toBe('+');
    expect(ask2('startsWith', 'express')).toBe('-');
    expect(ask2('startsWith', 'Ex')).toBe('+');
    expect(ask2('endsWith', 'SS')).toBe('-');
    expect(ask2('endsWith', 'ss')).toBe('+');
    expect(ask2('inList', ['express'])).toBe('-');
    expect(ask2('notInList', ['express'])).toBe('+');
    expect(ask2('inList', ['Express'])).toBe('+');
  });

  it('are not patterns', () => {
    const contains = (value: string): string =>
      ask({ field: 'x', operator: 'contains', value }, { x: 'a+b' });
    expect(contains('.*')).toBe('-');
    expect(contains('(a+)+$')).toBe('-');
    expect(contains('a+b')).toBe('+');
  });

  it('that are numbers equal numbers, but not each other', () => {
    expect(ask({ field: 'x', operator: 'equals', value: '007' }, { x: 7 })).toBe('+');
    expect(ask({ field: 'x', operator: 'equals', value: '007' }, { x: '7' })).toBe('-');
    expect(ask({ field: 'x', operator: 'equals', value: '007', type: 'number' }, { x: '7' })).toBe('+');
    expect(ask({ field: 'x', operator: 'inList', value: ['007'] }, { x: 7 })).toBe('+');
    expect(ask({ field: 'x', operator: 'inList', value: ['007'] }, { x: '7' })).toBe('-');
    expect(ask({ field: 'x', operator: 'inList', value: [7] }, { x: '007' })).toBe('+');
  });
});

describe('numbers', () => {
  const compare = (operator: string, x: unknown, value: unknown): string =>
    ask({ field: 'x', operator, value }, { x });

  it('written as text are compared as numbers', () => {
    expect(compare('greaterThan', '12.50', 9)).toBe('+');
    expect(compare('lessThan', '9', '10')).toBe('+');
    expect(compare('equals', '12.50', 12.5)).toBe('+');
    expect(compare('between', '10', ['9', '11.5'])).toBe('+');
  });

  it('keep all their digits when whole and written as text', () => {
    expect(compare('greaterThan', '9007199254740993', '9007199254740992')).toBe('+');
    expect(compare('lessThanOrEqual', '9007199254740993', '9007199254740992')).toBe('-');
    expect(compare('greaterThan', '9007199254740993', 9_007_199_254_740_991)).toBe('+');
    expect(compare('equals', '9007199254740993', '9007199254740992')).toBe('-');
    const number = { field: 'x', operator: 'equals', type: 'number', value: '9007199254740993' };
    expect(ask(number, { x: '09007199254740993' })).toBe('+');
    expect(ask(number, { x: '9007199254740992' })).toBe('-');
  });

  it('too large for any computer are larger than all', () => {
    const data = JSON.parse('{"x": 1e999}');
    expect(ask({ field: 'x', operator: 'greaterThan', value: '1e300' }, data)).toBe('+');
    expect(ask({ field: 'x', operator: 'lessThan', value: 0 }, data)).toBe('-');
  });
});

describe('comparing with another property', () => {
  const compare = (operator: string, x: unknown, y: unknown, more: object = {}): string =>
    ask({ field: 'x', operator, property: 'y', ...more }, { x, y });

  it('goes by what the two are', () => {
    expect(compare('equals', 'SE', 'se')).toBe('+');
    expect(compare('equals', 7, '7.0')).toBe('+');
    expect(compare('equals', '7', '7.0')).toBe('-');
    expect(compare('equals', true, true)).toBe('+');
    expect(compare('equals', true, 'true')).toBe('-');
    expect(compare('notEquals', 7, 8)).toBe('+');
    expect(compare('contains', 'SO-4711', 4711)).toBe('+');
    expect(compare('contains', ['a', 'b'], 'B')).toBe('+');
    expect(compare('startsWith', 'SO-4711', 'so')).toBe('+');
    expect(compare('greaterThan', 8, '7.5')).toBe('+');
    expect(compare('lessThan', 8, 7)).toBe('-');
  });

  it('can be told the type', () => {
    expect(compare('equals', '7', '7.0', { type: 'number' })).toBe('+');
    expect(compare('equals', '2026-03-13T10:00:00Z', '2026-03-13', { type: 'date' })).toBe('+');
    expect(compare('equals', 7, '7', { type: 'text' })).toBe('-');
  });

  it('nothing equals nothing, and is neither more nor less', () => {
    expect(compare('equals', null, null)).toBe('+');
    expect(compare('notEquals', null, null)).toBe('-');
    expect(ask({ field: 'x', operator: 'equals', property: 'y' }, { x: null })).toBe('+');
    expect(compare('equals', null, '')).toBe('-');
    expect(compare('greaterThanOrEqual', null, null)).toBe('-');
    expect(compare('contains', 'null', null)).toBe('-');
  });

  it('lists and objects equal nothing, not even themselves', () => {
    expect(compare('equals', [1], [1])).toBe('-');
    expect(compare('equals', {}, {})).toBe('-');
  });

  it('is an error where the entity of the other is not there', () => {
    expect(ask({ field: 'x', operator: 'equals', property: 'y.z' }, { x: 1 })).toBe('E');
    expect(ask({ field: 'x', operator: 'contains', property: 'y.z' }, { x: 'a' })).toBe('E');
    const range = { field: 'x', operator: 'between', value: [1, { property: 'y.z' }] };
    expect(ask(range, { x: 1 })).toBe('E');
    expect(ask(range, { x: 1, y: { z: 2 } })).toBe('+');
    expect(ask(range, { x: 1, y: {} })).toBe('-');
  });
});

describe('lists in the data', () => {
  it.each([
    ['contains', 'z'],
    ['notContains', 'z'],
    ['inList', ['z']],
    ['notInList', ['z']],
  ])('of more than 1,000 items are not looked through by %s', (operator, value) => {
    const rule = { field: 'x', operator, value };
    const long = Array(1000).fill('a');
    expect(ask(rule, { x: long })).toBe(operator.startsWith('not') ? '+' : '-');
    expect(ask(rule, { x: [...long.slice(1), 'z'] })).toBe(operator.startsWith('not') ? '-' : '+');
    expect(ask(rule, { x: ['z', ...long] })).toBe('E');
    expect(ask({ field: 'x', operator: 'isNotEmpty' }, { x: ['z', ...long] })).toBe('+');
  });
});

describe('parameters', () => {
  it('of the data itself are asked for with an empty field', () => {
    const rule = { field: '', operator: 'hasParam', value: 'gift' };
    expect(ask(rule, { gift: false })).toBe('+');
    expect(ask(rule, { other: 1 })).toBe('-');
    expect(ask({ ...rule, operator: 'hasNoParam' }, { other: 1 })).toBe('+');
    expect(ask(rule, null)).toBe('E');
    expect(ask(rule, [])).toBe('-');
  });

  it('have names of their own, whatever these mean elsewhere', () => {
    const data = JSON.parse('{"params": {"__proto__": 1}}');
    expect(ask({ field: 'params', operator: 'hasParam', value: '__proto__' }, data)).toBe('+');
    expect(ask({ field: 'params', operator: 'hasParam', value: '__proto__' }, { params: {} })).toBe('-');
    expect(ask({ field: 'params', operator: 'hasParam', value: 'Gift' }, { params: { gift: 1 } })).toBe('-');
    expect(ask({ field: 'params', operator: 'hasParam', value: 'a.b' }, { params: { 'a.b': 1 } })).toBe('+');
  });
});
