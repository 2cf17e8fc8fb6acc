import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';

const NOW = 1_000_000;
const RULES = { after: 3, holdMs: 1_000, maxHoldMs: 5_000 };

/** One that has just opened, at `NOW`. */
function opened(): Breaker {
  const breaker = new Breaker(RULES);
  for (let failure = 0; failure < RULES.after; failure += 1) breaker.learn(false, NOW, NOW);
  return breaker;
}

describe('breaker of a webhook', () => {
  it('stays closed until so many in a row were not answered', () => {
    const breaker = new Breaker(RULES);
    breaker.learn(false, NOW, NOW);
    breaker.learn(false, NOW, NOW);
    expect([breaker.openUntil, breaker.limit]).toEqual([0, Number.POSITIVE_INFINITY]);
    breaker.learn(false, NOW, NOW);
    expect(breaker.openUntil).toBe(NOW + 1_000);
  });

  it('one answer in between begins the count anew', () => {
    const breaker = new Breaker(RULES);
    for (let time = 0; time < 10; time += 1) {
      breaker.learn(false, NOW, NOW);
      breaker.learn(false, NOW, NOW);
      breaker.learn(true, NOW, NOW);
    }
    expect(breaker.openUntil).toBe(0);
  });

  it('lets one request at a time through once its time is over', () => {
    const breaker = opened();
    expect([breaker.openUntil, breaker.limit]).toEqual([NOW + 1_000, 1]);
  });

  it('holds twice as long after each probe that fails, up to a limit', () => {
    const breaker = opened();
    const holds: number[] = [];
    for (let probe = 0; probe < 4; probe += 1) {
      const now = breaker.openUntil;
      breaker.learn(false, now, now);
      holds.push(breaker.openUntil - now);
    }
    expect(holds).toEqual([2_000, 4_000, 5_000, 5_000]);
  });

  it('an answer closes it, and the next time it holds as briefly as the first', () => {
    const breaker = opened();
    breaker.learn(false, NOW + 1_000, NOW + 1_000);
    breaker.learn(true, NOW + 3_000, NOW + 3_000);
    expect([breaker.openUntil, breaker.limit]).toEqual([0, Number.POSITIVE_INFINITY]);
    for (let failure = 0; failure < RULES.after; failure += 1) breaker.learn(false, NOW + 4_000, NOW + 4_000);
    expect(breaker.openUntil).toBe(NOW + 5_000);
  });

  it('requests that were under way when it opened do not prolong it', () => {
    const breaker = opened();
    for (let late = 0; late < 30; late += 1) breaker.learn(false, NOW + 999, NOW);
    expect(breaker.openUntil).toBe(NOW + 1_000);
  });

  it('not even where they end when its time is over, however many there are: none of them was a probe', () => {
    const breaker = opened();
    for (let late = 0; late < 30; late += 1) breaker.learn(false, NOW + 1_000 + late, NOW - 1);
    expect([breaker.openUntil, breaker.limit]).toEqual([NOW + 1_000, 1]);
    breaker.learn(false, NOW + 1_100, NOW + 1_050);
    expect(breaker.openUntil).toBe(NOW + 3_100);
  });

  it('an answer to one that was under way closes it as well', () => {
    const breaker = opened();
    breaker.learn(true, NOW + 10, NOW);
    expect(breaker.openUntil).toBe(0);
  });

  it('never holds for longer than its limit, whatever is learned', () => {
    const learned = fc.array(fc.record({ answered: fc.boolean(), waitMs: fc.nat(4_000) }));
    fc.assert(
      fc.property(learned, (steps) => {
        const breaker = new Breaker(RULES);
        let now = NOW;
        let failuresInARow = 0;
        for (const { answered, waitMs } of steps) {
          now += waitMs;
          breaker.learn(answered, now, now);
          failuresInARow = answered ? 0 : failuresInARow + 1;
          expect(breaker.openUntil - now).toBeLessThanOrEqual(RULES.maxHoldMs);
          expect(breaker.openUntil > 0).toBe(failuresInARow >= RULES.after);
        }
      }),
    );
  });
});
