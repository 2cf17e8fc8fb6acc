import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayOf, formatDate, parseDate, resolveDate } from './date-value.ts';

describe('reading a date', () => {
  it.each([
    ['2026-03-13', '2026-03-13T00:00:00.000Z'],
    ['2026-03-13T14:30', '2026-03-13T14:30:00.000Z'],
    ['2026-03-13T14:30:05', '2026-03-13T14:30:05.000Z'],
    ['2026-03-13 14:30:05', '2026-03-13T14:30:05.000Z'],
    ['2026-03-13T14:30:05Z', '2026-03-13T14:30:05.000Z'],
    ['2026-03-13T14:30:05.5Z', '2026-03-13T14:30:05.500Z'],
    ['2026-03-13T14:30:05.1239999', '2026-03-13T14:30:05.123Z'],
    ['2026-03-13T14:30:00+02:00', '2026-03-13T12:30:00.000Z'],
    ['2026-03-13T23:30:00-0330', '2026-03-14T03:00:00.000Z'],
    ['2026-03-13T14:30:00+02', '2026-03-13T12:30:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00', '0001-01-01T00:00:00.000Z'],
    ['0099-12-31', '0099-12-31T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseDate(text) as number).toISOString()).toBe(expected);
  });

  it.each([
    [''],
    ['2026'],
    ['2026-03'],
    ['2026-3-13'],
    ['20260313'],
    ['13.03.2026'],
    ['03/13/2026'],
    ['2026-00-10'],
    ['2026-13-01'],
    ['2026-02-29'],
    ['1900-02-29'],
    ['2026-04-31'],
    ['2026-03-00'],
    ['2026-03-13T24:00:00'],
    ['2026-03-13T14:60'],
    ['2026-03-13T14:30:60'],
    ['2026-03-13T14'],
    ['2026-03-13Z'],
    ['2026-03-13T14:30:00+24:00'],
    ['2026-03-13T14:30:00+02:60'],
    ['2026-03-13T14:30:00 CET'],
    [' 2026-03-13'],
    ['2026-03-13\n'],
    ['1773412205'],
    ['today'],
  ])('%j is none', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  it('every time of the years 1 to 9999 is read back as it was written', () => {
    const range = { min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z') };
    fc.assert(
      fc.property(fc.date({ ...range, noInvalidDate: true }), (date) => {
        expect(parseDate(date.toISOString())).toBe(date.getTime());
        expect(parseDate(formatDate(date.getTime(), 'date'))).toBe(dayOf(date.getTime()) * 86_400_000);
      }),
    );
  });
});

describe('date variables', () => {
  const now = Date.parse('2026-01-31T14:30:15.500Z');
  it.each([
    [{ base: 'today' }, '2026-01-31T00:00:00.000Z'],
    [{ base: 'now' }, '2026-01-31T14:30:15.500Z'],
    [{ base: 'today', plus: 7 }, '2026-02-07T00:00:00.000Z'],
    [{ base: 'today', plus: 7, unit: 'days' }, '2026-02-07T00:00:00.000Z'],
    [{ base: 'today', plus: -1, unit: 'weeks' }, '2026-01-24T00:00:00.000Z'],
    [{ base: 'today', plus: 90, unit: 'minutes' }, '2026-01-31T01:30:00.000Z'],
    [{ base: 'now', plus: -15, unit: 'hours' }, '2026-01-30T23:30:15.500Z'],
    [{ base: 'today', plus: 1, unit: 'months' }, '2026-02-28T00:00:00.000Z'],
    [{ base: 'now', plus: 25, unit: 'months' }, '2028-02-29T14:30:15.500Z'],
    [{ base: 'today', plus: -2, unit: 'months' }, '2025-11-30T00:00:00.000Z'],
    [{ base: 'today', plus: 12, unit: 'months' }, '2027-01-31T00:00:00.000Z'],
  ] as const)('%j is %s', (variable, expected) => {
    expect(new Date(resolveDate(variable, now)).toISOString()).toBe(expected);
  });

  it('the furthest are dates still', () => {
    for (const unit of ['minutes', 'hours', 'days', 'weeks', 'months'] as const) {
      for (const plus of [1_000_000, -1_000_000]) {
        expect(Number.isNaN(resolveDate({ base: 'now', plus, unit }, now))).toBe(false);
        expect(formatDate(resolveDate({ base: 'now', plus, unit }, now), 'date')).toMatch(/\d-\d\d-\d\d$/);
      }
    }
  });
});
