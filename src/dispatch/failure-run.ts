const DAY_MS = 24 * 3600 * 1000;

/** When somebody is warned, as a part of the time that nothing but failures may last. */
const WARN_AFTER = 1 / 2;
/** And how long before it is disabled: two failures with a long silence between them are not enough. */
const WARN_BEFORE = 1 / 4;

/** Attempts of a webhook that failed, none having arrived in between. In milliseconds since 1970. */
export interface FailureRun {
  /** When the first one failed; null: there is none. */
  readonly since: number | null;
  /** When somebody was warned; null: nobody was. */
  readonly warnedAt: number | null;
}

export const NO_FAILURES: FailureRun = { since: null, warnedAt: null };

/** How long nothing but failures may last, in milliseconds; null: for ever. */
export function failureLimitMs(ownDays: number | null, instanceDays: number): number | null {
  const days = ownDays ?? instanceDays;
  return days === 0 ? null : days * DAY_MS;
}

/**
 * What follows from an attempt that failed at `at`. Only a failure decides anything, so that a webhook to which nothing
 * is sent is left alone, however long ago it failed.
 *
 * @param limitMs null: it is never disabled
 */
export function afterFailure(
  { since, warnedAt }: FailureRun,
  at: number,
  limitMs: number | null,
): 'begin' | 'warn' | 'disable' | null {
  if (since === null) return 'begin';
  if (limitMs === null) return null;
  if (warnedAt === null) return at - since >= limitMs * WARN_AFTER ? 'warn' : null;
  return at >= disabledFrom({ since, warnedAt }, limitMs) ? 'disable' : null;
}

/** From when on a failure disables a webhook of which somebody was warned. */
export function disabledFrom(
  { since, warnedAt }: { readonly since: number; readonly warnedAt: number },
  limitMs: number,
): number {
  return Math.max(since + limitMs, warnedAt + limitMs * WARN_BEFORE);
}
