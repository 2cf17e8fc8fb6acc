/** Seconds before each retry, unless a webhook brings its own schedule. About three days in all. */
export const DEFAULT_RETRY_SCHEDULE: readonly number[] = [
  5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
];

// Receivers that failed together don't come back together.
const JITTER = 0.1;

/** However long a receiver asks to be left alone, it is asked again after a day. */
export const MAX_RETRY_AFTER_MS = 24 * 3600 * 1000;
const MIN_RETRY_AFTER_MS = 1_000;
/** The other deliveries of a webhook wait as well, but one odd answer doesn't silence it for long. */
export const MAX_HOLD_MS = 60_000;

export interface RetryQuestion {
  /** Seconds, exact; null: the default schedule, with jitter. */
  readonly schedule: readonly number[] | null;
  /** Attempts made in this round, the one that has just failed among them. */
  readonly tries: number;
  /** What the receiver asked for with Retry-After, if it did. */
  readonly retryAfterMs: number | null;
  /** 0 ≤ random < 1. */
  readonly random: number;
}

/** How long to wait before the next attempt, in milliseconds; null: that was the last. */
export function retryDelayMs(question: RetryQuestion): number | null {
  const schedule = question.schedule ?? DEFAULT_RETRY_SCHEDULE;
  const seconds = schedule[question.tries - 1];
  if (seconds === undefined) return null;
  if (question.retryAfterMs !== null) {
    return Math.min(Math.max(question.retryAfterMs, MIN_RETRY_AFTER_MS), MAX_RETRY_AFTER_MS);
  }
  const factor = question.schedule ? 1 : 1 + JITTER * (2 * question.random - 1);
  return Math.round(seconds * 1000 * factor);
}

/** How long a webhook as a whole is left alone when its receiver asks for it, in milliseconds. */
export function holdMs(retryAfterMs: number | null): number {
  return Math.min(retryAfterMs ?? 0, MAX_HOLD_MS);
}

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3): seconds, or a date.
 *
 * @returns milliseconds from now, never negative; null if it is neither
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  // Only the three forms of an HTTP date begin with a day's name; Date.parse takes far more than these.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
