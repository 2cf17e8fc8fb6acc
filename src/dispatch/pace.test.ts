import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

const NOW = 1_000_000;
/** How late a timer may be without the rate suffering from it. */
const LATE_MS = 10;

describe('pace of a webhook', () => {
  it('the first request may begin at once', () => {
    expect(new Pace().readyAt).toBeLessThanOrEqual(NOW);
  });

  it('the next one may begin when its part of a second has passed', () => {
    const pace = new Pace();
    pace.took(NOW, 4);
    expect(pace.readyAt).toBeGreaterThanOrEqual(NOW + 250 - LATE_MS);
    expect(pace.readyAt).toBeLessThanOrEqual(NOW + 250);
  });

  it('a rate below one a second is one request in many seconds', () => {
    const pace = new Pace();
    pace.took(NOW, 0.1);
    expect(pace.readyAt).toBeGreaterThanOrEqual(NOW + 10_000 - LATE_MS);
    expect(pace.readyAt).toBeLessThanOrEqual(NOW + 10_000);
  });

  it('timers that come late by a moment do not lower the rate', () => {
    const pace = new Pace();
    let now = NOW;
    for (let request = 0; request < 100; request += 1) {
      now = Math.max(now, pace.readyAt) + 3;
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
    expect(pace.readyAt).toBeGreaterThanOrEqual(later + 100 - LATE_MS);
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
          now = Math.max(now, pace.readyAt) + wait;
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
});
