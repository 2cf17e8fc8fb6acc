import { describe, expect, it } from 'vitest';
import { afterFailure, disabledFrom, failureLimitMs, NO_FAILURES } from './failure-run.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIVE_DAYS_MS = 5 * DAY_MS;
const START = Date.parse('2026-03-13T14:30:00Z');

/** What follows from failures at these times, in days. */
function follow(days: readonly number[], limitMs: number | null = FIVE_DAYS_MS): (string | null)[] {
  let run = NO_FAILURES;
  return days.map((day) => {
    const at = START + day * DAY_MS;
    const next = afterFailure(run, at, limitMs);
    if (next === 'begin') run = { since: at, warnedAt: null };
    if (next === 'warn') run = { ...run, warnedAt: at };
    return next;
  });
}

describe('a run of failures', () => {
  it('begins with the first, warns at half of the time and disables at the end of it', () => {
    expect(follow([0, 1, 2.49, 2.5, 3, 4.99, 5])).toEqual([
      'begin',
      null,
      null,
      'warn',
      null,
      null,
      'disable',
    ]);
  });

  it('of two failures with a long silence between them only warns', () => {
    expect(follow([0, 40])).toEqual(['begin', 'warn']);
  });

  it('disables a quarter of the time after the warning at the earliest', () => {
    expect(follow([0, 40, 40.1, 41.24, 41.25])).toEqual(['begin', 'warn', null, null, 'disable']);
    expect(follow([0, 4.5, 5, 5.74, 5.75])).toEqual(['begin', 'warn', null, null, 'disable']);
  });

  it('goes on for ever where there is no limit', () => {
    expect(follow([0, 100, 1000], null)).toEqual(['begin', null, null]);
  });

  it('says from when on a failure disables, which is when one does', () => {
    const run = { since: START, warnedAt: START + 4.5 * DAY_MS };
    const from = disabledFrom(run, FIVE_DAYS_MS);
    expect(afterFailure(run, from - 1, FIVE_DAYS_MS)).toBeNull();
    expect(afterFailure(run, from, FIVE_DAYS_MS)).toBe('disable');
  });
});

describe('the limit', () => {
  it('is that of the webhook, else that of the instance, and 0 is none in both', () => {
    expect(failureLimitMs(null, 5)).toBe(FIVE_DAYS_MS);
    expect(failureLimitMs(0.5, 5)).toBe(12 * HOUR_MS);
    expect(failureLimitMs(0, 5)).toBeNull();
    expect(failureLimitMs(null, 0)).toBeNull();
    expect(failureLimitMs(2, 0)).toBe(2 * DAY_MS);
  });
});
