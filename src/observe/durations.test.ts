import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDurations, noDurations, placeOf, quantileOf } from './durations.ts';

function count(...durationsMs: number[]): number[] {
  const durations = noDurations();
  for (const ms of durationsMs) durations[placeOf(ms)] = (durations[placeOf(ms)] ?? 0) + 1;
  return durations;
}

describe('quantileOf', () => {
  it('knows nothing of no attempts', () => {
    expect(quantileOf(noDurations(), 0.5)).toBeNull();
  });

  it('lies between the bounds around the real one, whatever the durations are', () => {
    const bounds = [0, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.95, 1),
        (values, share) => {
          const sorted = values.toSorted((a, b) => a - b);
          const real = sorted[Math.ceil(share * sorted.length) - 1] as number;
          const upper = bounds.find((bound) => real <= bound) as number;
          const lower = bounds[bounds.indexOf(upper) - 1] as number;
          const found = quantileOf(count(...values), share);
          expect(found?.ms).toBeGreaterThanOrEqual(lower);
          expect(found?.ms).toBeLessThanOrEqual(upper);
          expect(found?.isOver).toBe(false);
        },
      ),
    );
  });

  it('says of what took longer than all bounds that it took longer, never how long', () => {
    expect(quantileOf(count(60_000), 0.5)).toEqual({ ms: 30_000, isOver: true });
    expect(quantileOf(count(10, 10, 60_000), 0.95)).toEqual({ ms: 30_000, isOver: true });
    expect(quantileOf(count(10, 10, 60_000), 0.5)).toMatchObject({ isOver: false });
    expect(quantileOf(count(30_000), 1)).toEqual({ ms: 30_000, isOver: false });
  });
});

describe('addDurations', () => {
  it('counts both', () => {
    expect(addDurations(count(1, 80), count(80))).toEqual(count(1, 80, 80));
  });
});
