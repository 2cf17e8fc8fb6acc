import { addDurations, noDurations, placeOf } from './durations.ts';

/** Of an attempt what is counted. */
export interface CountedAttempt {
  readonly accountId: string;
  readonly webhookId: string;
  readonly outcome: 'delivered' | 'failed';
  readonly startedAt: string;
  /** ISO 8601; decides which bucket it falls into. */
  readonly endedAt: string;
  readonly durationMs: number;
}

/** What was counted of one webhook in one bucket. */
export interface Tally {
  readonly accountId: string;
  readonly webhookId: string;
  /** When the bucket begins, in milliseconds since 1970. */
  readonly bucketAt: number;
  delivered: number;
  failed: number;
  durations: number[];
  lastAttemptAt: string;
}

export const BUCKET_MS = 300_000;

/** Counts attempts in memory, so that settling them costs no further write. */
export class AttemptTally {
  #tallies = new Map<string, Tally>();

  add(attempt: CountedAttempt): void {
    const { accountId, webhookId, startedAt } = attempt;
    const bucketAt = Math.floor(Date.parse(attempt.endedAt) / BUCKET_MS) * BUCKET_MS;
    const tally = this.#of(accountId, webhookId, bucketAt);
    tally[attempt.outcome] += 1;
    const place = placeOf(attempt.durationMs);
    tally.durations[place] = (tally.durations[place] ?? 0) + 1;
    if (startedAt > tally.lastAttemptAt) tally.lastAttemptAt = startedAt;
  }

  /** All that has been counted since it was last taken. */
  take(): readonly Tally[] {
    const taken = [...this.#tallies.values()];
    this.#tallies = new Map();
    return taken;
  }

  /** What was taken and could not be written counts again. */
  restore(tallies: readonly Tally[]): void {
    for (const one of tallies) {
      const tally = this.#of(one.accountId, one.webhookId, one.bucketAt);
      tally.delivered += one.delivered;
      tally.failed += one.failed;
      tally.durations = addDurations(tally.durations, one.durations);
      if (one.lastAttemptAt > tally.lastAttemptAt) tally.lastAttemptAt = one.lastAttemptAt;
    }
  }

  #of(accountId: string, webhookId: string, bucketAt: number): Tally {
    const key = `${webhookId} ${bucketAt}`;
    const known = this.#tallies.get(key);
    if (known) return known;
    const tally = {
      accountId,
      webhookId,
      bucketAt,
      delivered: 0,
      failed: 0,
      durations: noDurations(),
      lastAttemptAt: '',
    };
    this.#tallies.set(key, tally);
    return tally;
  }
}
