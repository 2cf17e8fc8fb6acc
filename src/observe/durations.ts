/** Upper bounds in milliseconds; what takes longer than the last one is counted beyond it. */
const BOUNDS = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000] as const;

/** How many attempts took how long, bound by bound, and beyond. */
export type Durations = readonly number[];

export function noDurations(): number[] {
  return Array.from({ length: BOUNDS.length + 1 }, () => 0);
}

/** Which place in `Durations` counts an attempt of this length. */
export function placeOf(durationMs: number): number {
  const place = BOUNDS.findIndex((bound) => durationMs <= bound);
  return place === -1 ? BOUNDS.length : place;
}

export function addDurations(one: Durations, other: Durations): number[] {
  return one.map((count, place) => count + (other[place] ?? 0));
}

/** A duration below which a share of the attempts stayed. */
export interface Quantile {
  readonly ms: number;
  /** Whether it was longer than that, which is as far as durations are told apart. */
  readonly isOver: boolean;
}

/**
 * The duration that a share of the attempts stayed below, in milliseconds: exact to within its two bounds, between which
 * they are taken to be spread evenly.
 *
 * @param share 0 to 1: 0.95 for the 95th percentile
 * @returns null where there were none
 */
export function quantileOf(durations: Durations, share: number): Quantile | null {
  const total = durations.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let rest = share * total;
  for (const [place, count] of durations.entries()) {
    if (place === BOUNDS.length) break;
    if (count > 0 && rest <= count) return { ms: Math.round(within(place, rest / count)), isOver: false };
    rest -= count;
  }
  return { ms: BOUNDS[BOUNDS.length - 1] as number, isOver: true };
}

function within(place: number, share: number): number {
  const lower = place === 0 ? 0 : (BOUNDS[place - 1] as number);
  const upper = BOUNDS[place] as number;
  return lower + (upper - lower) * share;
}
