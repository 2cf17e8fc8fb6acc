import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RETRY_SCHEDULE, parseRetryAfter, retryDelayMs } from './retry.ts';

const question = { schedule: null, tries: 1, retryAfterMs: null, random: 0.5 };

describe('retry delay', () => {
  it('the default schedule varies by at most ten per cent', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: DEFAULT_RETRY_SCHEDULE.length }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (tries, random) => {
          const base = (DEFAULT_RETRY_SCHEDULE[tries - 1] as number) * 1000;
          const delay = retryDelayMs({ ...question, tries, random }) as number;
          expect(delay).toBeGreaterThanOrEqual(base * 0.9);
          expect(delay).toBeLessThanOrEqual(base * 1.1);
        },
      ),
    );
    expect(retryDelayMs({ ...question, random: 0 })).toBe(4_500);
    expect(retryDelayMs({ ...question, random: 1 })).toBe(5_500);
  });

  it("a webhook's own schedule is exact", () => {
    expect(retryDelayMs({ ...question, schedule: [7, 11], tries: 2, random: 0 })).toBe(11_000);
  });

  it('there is none after the last retry', () => {
    expect(retryDelayMs({ ...question, tries: DEFAULT_RETRY_SCHEDULE.length + 1 })).toBeNull();
    expect(retryDelayMs({ ...question, schedule: [], tries: 1 })).toBeNull();
    expect(retryDelayMs({ ...question, schedule: [], tries: 1, retryAfterMs: 1000 })).toBeNull();
  });

  it('Retry-After wins over the schedule, within one second and one day', () => {
    expect(retryDelayMs({ ...question, retryAfterMs: 90_000 })).toBe(90_000);
    expect(retryDelayMs({ ...question, retryAfterMs: 0 })).toBe(1_000);
    expect(retryDelayMs({ ...question, retryAfterMs: 1e12 })).toBe(86_400_000);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-03-13T14:30:00Z');
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Fri, 13 Mar 2026 14:31:00 GMT', 60_000],
    ['Fri, 13 Mar 2026 14:00:00 GMT', 0],
    ['-1', null],
    ['1.5', null],
    ['soon', null],
    ['2027-01-01', null],
    ['', null],
    ['99999999999999', null],
    [undefined, null],
  ])('%j is %j milliseconds', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
