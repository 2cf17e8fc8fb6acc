import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CivilTime, civilTimeAt, dayOfYear, epochMs, readCivilTime } from './civil-time.ts';
import { formatDate } from './date-format.ts';
import { strftime } from './strftime.ts';

const time = (text: string): CivilTime => readCivilTime(text) as CivilTime;

const AFTERNOON = '2026-03-05T14:07:09.0450000+01:00';

describe('custom date formats', () => {
  it.each([
    [AFTERNOON, 'yyyy-MM-dd', '2026-03-05'],
    [AFTERNOON, 'dd.MM.yyyy HH:mm', '05.03.2026 14:07'],
    [AFTERNOON, 'HH:mm:ss', '14:07:09'],
    [AFTERNOON, 'd.M.yy', '5.3.26'],
    [AFTERNOON, 'd', '5'],
    [AFTERNOON, '%d', '5'],
    [AFTERNOON, 'M', '3'],
    [AFTERNOON, 'y', '26'],
    [AFTERNOON, 'yyy yyyyy', '2026 02026'],
    [AFTERNOON, 'ddd dddd', 'Thu Thursday'],
    [AFTERNOON, 'd MMM', '5 Mar'],
    [AFTERNOON, 'MMMM yyyy', 'March 2026'],
    [AFTERNOON, 'h:mm tt', '2:07 PM'],
    [AFTERNOON, 'hh:mm t', '02:07 P'],
    [AFTERNOON, 'H:m:s', '14:7:9'],
    [AFTERNOON, 'ss.fff', '09.045'],
    [AFTERNOON, 'ss.f', '09.0'],
    [AFTERNOON, 'ss.FFF', '09.045'],
    [AFTERNOON, 'ss.FF', '09.04'],
    [AFTERNOON, 'ss.F', '09'],
    [AFTERNOON, 'ss.fffffff', '09.0450000'],
    [AFTERNOON, 'zzz zz z K', '+01:00 +01 +1 +01:00'],
    [AFTERNOON, 'gg', 'A.D.'],
    [AFTERNOON, "yyyy-MM-dd'T'HH:mm", '2026-03-05T14:07'],
    [AFTERNOON, '"day" d', 'day 5'],
    [AFTERNOON, 'd \\d\\a\\y', '5 day'],
    [AFTERNOON, 'dd/MM/yyyy', '05/03/2026'],
    ['2026-03-05', 'dd.MM.yyyy HH:mm', '05.03.2026 00:00'],
    ['2026-03-05T00:30:00', 'hh:mm tt zzz', '12:30 AM +00:00'],
    ['2026-03-05T12:30:00', 'h tt K', '12 PM '],
    ['2026-03-05 12:30', 'HH.mm', '12.30'],
    ['2026-03-05T23:30:00-0530', 'dd HH zzz', '05 23 -05:30'],
    ['2026-03-05T23:30:00Z', 'ddK', '05Z'],
    ['0999-12-31', 'yyyy dddd', '0999 Tuesday'],
  ])('%s in %s is %s', (written, format, expected) => {
    expect(formatDate(time(written), format)).toBe(expected);
  });

  it('write what they have read', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(formatDate(time(date.toISOString()), 'yyyy-MM-ddTHH:mm:ss.fffK')).toBe(date.toISOString());
      }),
    );
  });
});

describe('times', () => {
  it('are read from ISO 8601 alone, and must exist', () => {
    const others = [
      '2026-02-30',
      '2026-13-01',
      '2026-00-10',
      '2026-01-01T24:00',
      '2026-01-01T10:60',
      '13.03.2026',
    ];
    for (const text of [...others, 'today', 'now', '20260313', '2026-03-13T', '2026-03-13Z', '']) {
      expect(readCivilTime(text)).toBeUndefined();
    }
    expect(readCivilTime('2024-02-29')).toBeDefined();
  });

  it('tell the same moment as Date', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(epochMs(time(date.toISOString()))).toBe(date.getTime());
      }),
    );
    expect(epochMs(time('2026-03-13T14:30:00+02:00'))).toBe(Date.parse('2026-03-13T12:30:00Z'));
    expect(civilTimeAt(1773412200)).toEqual(time('2026-03-13T14:30:00.000Z'));
    expect(civilTimeAt(Number.MAX_VALUE)).toBeUndefined();
  });

  it('count the days of a year', () => {
    expect(dayOfYear(time('2026-01-01'))).toBe(1);
    expect(dayOfYear(time('2024-12-31'))).toBe(366);
  });
});

describe('the formats of Liquid', () => {
  it.each([
    ['%Y-%m-%d %H:%M:%S', '2026-03-05 14:07:09'],
    ['%-d.%-m.%y', '5.3.26'],
    ['%e %k %_m', ' 5 14  3'],
    ['%b %B %a %A', 'Mar March Thu Thursday'],
    ['%^b %^A', 'MAR THURSDAY'],
    ['%I:%M %p %P %l', '02:07 PM pm  2'],
    ['%j %u %w %C', '064 4 4 20'],
    ['%L %N', '045 045000000'],
    ['%z %:z %Z', '+0100 +01:00 +01:00'],
    ['%s', '1772716029'],
    ['%F %T %R %D', '2026-03-05 14:07:09 14:07 03/05/26'],
    ['%c', 'Thu Mar  5 14:07:09 2026'],
    ['100%% %n%t|', '100% \n\t|'],
    ['%Q %', '%Q %'],
  ])('%s is %s', (format, expected) => {
    expect(strftime(time(AFTERNOON), format)).toBe(expected);
  });
});
