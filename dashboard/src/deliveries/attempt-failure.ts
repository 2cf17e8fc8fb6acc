import type { AttemptView, DeliveryView } from '../data/deliveries.ts';
import { failureText } from '../words/failure-words.ts';

/** Why an attempt failed, in the viewer's language; null if it didn't. */
export function attemptFailure(attempt: AttemptView): string | null {
  const { failureCode, failureReason, ...known } = attempt;
  if (failureReason === null) return null;
  return failureText({ ...known, code: failureCode ?? '', reason: failureReason });
}

type Tried = Pick<
  DeliveryView,
  'lastFailureCode' | 'lastFailureReason' | 'lastStatusCode' | 'lastDurationMs'
>;

/** Why the last attempt of a delivery failed, in the viewer's language; null if there was none or it didn't. */
export function lastFailureText(delivery: Tried): string | null {
  const { lastFailureCode, lastFailureReason, lastStatusCode, lastDurationMs } = delivery;
  if (lastFailureReason === null) return null;
  return failureText({
    code: lastFailureCode ?? '',
    reason: lastFailureReason,
    statusCode: lastStatusCode,
    ...(lastDurationMs !== null && { durationMs: lastDurationMs }),
  });
}
