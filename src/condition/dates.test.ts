import { describe, expect, it } from 'vitest';
import { evaluate } from './compile.ts';
import { parseCondition } from './parse.ts';

const NOW = '2026-03-13T23:30:00Z';

function holds(rule: object, due: unknown, now = NOW): boolean {
  const parsed = parseCondition({ all: [{ field: 'due', ...rule }] });
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  const outcome = evaluate(parsed.condition, { due }, Date.parse(now));
  if ('error' in outcome) throw new Error(outcome.error.message);
  return outcome.fires;
}

/** The operators that hold when a date is earlier, the same, or later. */
const OPERATORS = {
  earlier: ['before', 'onOrBefore', 'notEquals'],
  same: ['equals', 'onOrBefore', 'onOrAfter'],
  later: ['after', 'onOrAfter', 'notEquals'],
};
const ALL = ['equals', 'notEquals', 'before', 'after', 'onOrBefore', 'onOrAfter'];

describe.each([
  // By the day in UTC.
  ['2026-03-13T23:59:59Z', 'same', '2026-03-13', 'date'],
  ['2026-03-14T00:00:00Z', 'later', '2026-03-13', 'date'],
  ['2026-03-12T23:59:59.999Z', 'earlier', '2026-03-13', 'date'],
  ['2026-03-14T00:30:00+02:00', 'same', '2026-03-13', 'date'],
  ['2026-03-13T23:30:00-02:00', 'later', '2026-03-13', 'date'],
  ['2026-03-13', 'same', '2026-03-14T00:30:00+02:00', 'date'],
  ['2026-03-13T23:30:00', 'same', '2026-03-13', 'date'],
  ['1969-12-31T23:00:00Z', 'earlier', '1970-01-01', 'date'],
  ['1969-12-31T23:00:00Z', 'same', '1969-12-31', 'date'],
  // By the time.
  ['2026-03-13T23:59:59Z', 'later', '2026-03-13', 'dateTime'],
  ['2026-03-13T00:00:00Z', 'same', '2026-03-13', 'dateTime'],
  ['2026-03-13T14:30:00+02:00', 'same', '2026-03-13T12:30:00Z', 'dateTime'],
  ['2026-03-13T14:30:00', 'same', '2026-03-13T14:30:00Z', 'dateTime'],
  ['2026-03-13T14:29:59.999Z', 'earlier', '2026-03-13T14:30:00Z', 'dateTime'],
  ['2026-03-14T00:30:00+02:00', 'earlier', '2026-03-14', 'dateTime'],
] as const)('%s is %s than or as %s by %s', (due, relation, value, compare) => {
  it.each(ALL)('%s', (operator) => {
    const expected = OPERATORS[relation].includes(operator);
    expect(holds({ operator, value, compare }, due)).toBe(expected);
  });
});

describe('dates', () => {
  it('are compared by the day unless it is said otherwise', () => {
    expect(holds({ operator: 'after', value: '2026-03-13' }, '2026-03-13T14:30:00Z')).toBe(false);
    expect(holds({ operator: 'equals', type: 'date', value: '2026-03-13' }, '2026-03-13T14:30:00Z')).toBe(
      true,
    );
    expect(holds({ operator: 'equals', value: '2026-03-13' }, '2026-03-13T14:30:00Z')).toBe(false);
  });

  it('lie between two dates that count themselves', () => {
    const range = { operator: 'between', value: ['2026-03-13', '2026-03-15'] };
    expect(holds(range, '2026-03-13T00:00:00Z')).toBe(true);
    expect(holds(range, '2026-03-15T23:59:59Z')).toBe(true);
    expect(holds(range, '2026-03-16T00:00:00Z')).toBe(false);
    expect(holds(range, '2026-03-12')).toBe(false);
    expect(holds({ ...range, compare: 'dateTime' }, '2026-03-15T00:00:00Z')).toBe(true);
    expect(holds({ ...range, compare: 'dateTime' }, '2026-03-15T00:00:01Z')).toBe(false);
  });

  it.each([['13.03.2026'], ['2026-02-30'], ['tomorrow'], [1_773_412_205], [1_773_412_205_000], [null]])(
    'no operator but its opposite holds for %j',
    (due) => {
      const operators = ['equals', 'before', 'after', 'onOrBefore', 'onOrAfter'];
      for (const operator of operators) {
        expect(holds({ operator, value: '2026-03-13', type: 'date' }, due)).toBe(false);
      }
      expect(holds({ operator: 'notEquals', value: '2026-03-13', type: 'date' }, due)).toBe(true);
    },
  );
});

describe('date variables', () => {
  const inAWeek = { date: { base: 'today', plus: 7, unit: 'days' } };

  it('count from the day on which the event is judged', () => {
    expect(holds({ operator: 'onOrBefore', ...inAWeek }, '2026-03-20')).toBe(true);
    expect(holds({ operator: 'onOrBefore', ...inAWeek }, '2026-03-21')).toBe(false);
    expect(holds({ operator: 'onOrBefore', ...inAWeek }, '2026-03-21', '2026-03-14T00:00:00Z')).toBe(true);
    expect(holds({ operator: 'equals', ...inAWeek }, '2026-03-20T18:00:00Z')).toBe(true);
  });

  it('today is a day, or with the time its midnight', () => {
    const today = { date: { base: 'today' } };
    expect(holds({ operator: 'equals', ...today }, '2026-03-13T01:00:00Z')).toBe(true);
    expect(holds({ operator: 'after', ...today, compare: 'dateTime' }, '2026-03-13T00:00:01Z')).toBe(true);
    expect(holds({ operator: 'equals', ...today, compare: 'dateTime' }, '2026-03-13')).toBe(true);
  });

  it('now is its day, or with the time the moment', () => {
    const soon = { date: { base: 'now', plus: 1, unit: 'hours' } };
    expect(holds({ operator: 'equals', ...soon }, '2026-03-14')).toBe(true);
    expect(holds({ operator: 'before', ...soon, compare: 'dateTime' }, '2026-03-14T00:29:59Z')).toBe(true);
    expect(holds({ operator: 'before', ...soon, compare: 'dateTime' }, '2026-03-14T00:30:00Z')).toBe(false);
    expect(holds({ operator: 'equals', ...soon, compare: 'dateTime' }, '2026-03-14T00:30:00Z')).toBe(true);
  });

  it('bound a range, beside dates and properties', () => {
    const lastWeek = { operator: 'between', value: [{ date: { base: 'today', plus: -7 } }, '2026-03-13'] };
    expect(holds(lastWeek, '2026-03-06')).toBe(true);
    expect(holds(lastWeek, '2026-03-05')).toBe(false);
    const untilItself = { operator: 'between', value: [{ date: { base: 'today' } }, { property: 'due' }] };
    expect(holds(untilItself, '2026-03-13')).toBe(true);
    expect(holds(untilItself, '2026-03-12')).toBe(false);
  });
});
