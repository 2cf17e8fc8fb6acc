import type { AttemptView, DeliveryView } from '../data/deliveries.ts';
import { failureSaid, failureText } from '../words/failure-words.ts';
import type { Said } from '../words/said.ts';

/** Why an attempt failed, in the viewer's language; null if it didn't. */
export function attemptFailure(attempt: AttemptView): Said | null {
  const { failureCode, failureReason, failureParams, ...known } = attempt;
  if (failureReason === null) return null;
  return failureSaid({ ...known, code: failureCode ?? '', reason: failureReason, params: failureParams });
}

type Tried = Pick<
  DeliveryView,
  'lastFailureCode' | 'lastFailureReason' | 'lastFailureParams' | 'lastStatusCode' | 'lastDurationMs'
>;

/** Why the last attempt of a delivery failed, in the viewer's language; null if there was none or it didn't. */
export function lastFailureText(delivery: Tried): string | null {
  const { lastFailureCode, lastFailureReason, lastFailureParams, lastStatusCode, lastDurationMs } = delivery;
  if (lastFailureReason === null) return null;
  return failureText({
    code: lastFailureCode ?? '',
    reason: lastFailureReason,
    params: lastFailureParams,
    statusCode: lastStatusCode,
    ...(lastDurationMs !== null && { durationMs: lastDurationMs }),
  });
}
