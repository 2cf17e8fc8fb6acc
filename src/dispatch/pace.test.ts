import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

const NOW = 1_000_000;
/** How late a timer may be without the rate suffering from it. */
const LATE_MS = 10;

describe('pace of a webhook', () => {
  it('the first request may begin at once', () => {
    expect(new Pace().readyAt(1)).toBeLessThanOrEqual(NOW);
  });

  it('the next one may begin when its part of a second has passed', () => {
    const pace = new Pace();
    pace.took(NOW, 4);
    expect(pace.readyAt(4)).toBeGreaterThanOrEqual(NOW + 250 - LATE_MS);
    expect(pace.readyAt(4)).toBeLessThanOrEqual(NOW + 250);
  });

  it('a rate below one a second is one request in many seconds', () => {
    const pace = new Pace();
    pace.took(NOW, 0.1);
    expect(pace.readyAt(0.1)).toBeGreaterThanOrEqual(NOW + 10_000 - LATE_MS);
    expect(pace.readyAt(0.1)).toBeLessThanOrEqual(NOW + 10_000);
  });

  it('timers that come late by a moment do not lower the rate', () => {
    const pace = new Pace();
    let now = NOW;
    for (let request = 0; request < 100; request += 1) {
      now = Math.max(now, pace.readyAt(20)) + 3;
      pace.took(now, 20);
    }
    // A hundred requests, twenty a second: five seconds, and not five and the three milliseconds of each.
    expect(now - NOW).toBeLessThan(5_000 + LATE_MS);
  });

  it('however long nothing was sent, what was not used is not made up for', () => {
    const pace = new Pace();
    pace.took(NOW, 10);
    const later = NOW + 3_600_000;
    pace.took(later, 10);
    expect(pace.readyAt(10)).toBeGreaterThanOrEqual(later + 100 - LATE_MS);
  });

  it('no span of time has more requests than the rate allows', () => {
    const waits = fc.array(fc.oneof(fc.constant(0), fc.nat(40), fc.nat(5_000)), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 50, noNaN: true }), waits, (perSecond, beyondReady) => {
        const pace = new Pace();
        const times: number[] = [];
        let now = NOW;
        for (const wait of beyondReady) {
          now = Math.max(now, pace.readyAt(perSecond)) + wait;
          times.push(now);
          pace.took(now, perSecond);
        }
        times.forEach((from, first) => {
          times.slice(first).forEach((to, more) => {
            const allowed = ((to - from + LATE_MS) * perSecond) / 1_000;
            expect(more).toBeLessThanOrEqual(allowed + 1e-6);
          });
        });
      }),
    );
  });

  it('a rate that is raised or lowered holds from the next request', () => {
    const pace = new Pace();
    pace.took(NOW, 0.001);
    expect(pace.readyAt(10)).toBeLessThanOrEqual(NOW + 100);
    pace.took(NOW + 100, 10);
    expect(pace.readyAt(0.1)).toBeGreaterThanOrEqual(NOW + 10_100 - LATE_MS);
    expect(pace.readyAt(0.1)).toBeLessThanOrEqual(NOW + 10_100);
  });

  it('between two requests there is the time of the rate of the second one, however often it changes', () => {
    const rates = fc.double({ min: 0.1, max: 50, noNaN: true });
    fc.assert(
      fc.property(fc.array(rates, { minLength: 2, maxLength: 60 }), (all) => {
        const pace = new Pace();
        let now = NOW;
        let least = 0;
        all.forEach((perSecond, index) => {
          now = Math.max(now, pace.readyAt(perSecond));
          pace.took(now, perSecond);
          if (index > 0) least += 1_000 / perSecond;
        });
        expect(now - NOW).toBeGreaterThanOrEqual(least - LATE_MS - 1e-6);
        expect(now - NOW).toBeLessThanOrEqual(least + 1e-6);
      }),
    );
  });

  it('is over when the next request may begin', () => {
    const pace = new Pace();
    expect(pace.isOver(NOW)).toBe(true);
    pace.took(NOW, 0.5);
    expect([pace.isOver(NOW + 1_900), pace.isOver(NOW + 2_000)]).toEqual([false, true]);
  });
});
