import type { AttemptView } from '../data/deliveries.ts';
import { failureText } from '../words/failure-words.ts';

/** Why an attempt failed, in the viewer's language; null if it didn't. */
export function attemptFailure(attempt: AttemptView): string | null {
  const { failureCode, failureReason, ...known } = attempt;
  if (failureReason === null) return null;
  return failureText({ ...known, code: failureCode ?? '', reason: failureReason });
}
