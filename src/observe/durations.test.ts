import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDurations, noDurations, placeOf, quantileMs } from './durations.ts';

function count(...durationsMs: number[]): number[] {
  const durations = noDurations();
  for (const ms of durationsMs) durations[placeOf(ms)] = (durations[placeOf(ms)] ?? 0) + 1;
  return durations;
}

describe('quantileMs', () => {
  it('knows nothing of no attempts', () => {
    expect(quantileMs(noDurations(), 0.5)).toBeNull();
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
          const found = quantileMs(count(...values), share) as number;
          expect(found).toBeGreaterThanOrEqual(lower);
          expect(found).toBeLessThanOrEqual(upper);
        },
      ),
    );
  });

  it('says of what took longer than all bounds that it took that long', () => {
    expect(quantileMs(count(60_000), 0.5)).toBe(30_000);
  });
});

describe('addDurations', () => {
  it('counts both', () => {
    expect(addDurations(count(1, 80), count(80))).toEqual(count(1, 80, 80));
  });
});
