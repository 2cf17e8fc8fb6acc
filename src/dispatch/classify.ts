import { STATUS_CODES } from 'node:http';
import type { Sent } from '../egress/send.ts';
import type { Congestion } from './concurrency.ts';
import { parseRetryAfter } from './retry.ts';

/** What an attempt came to. A failed one says why, in a stable code and in words for people. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly congestion: Congestion }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly reason: string;
      readonly congestion: Congestion;
      /** Milliseconds the receiver asked to be left alone. */
      readonly retryAfterMs: number | null;
      /** 410: nothing will ever be taken there again. */
      readonly gone: boolean;
    };

/**
 * Judges an answer or the lack of one.
 *
 * @param isSuccess which statuses deliver; any 2xx unless a profile says otherwise
 */
export function classify(
  sent: Exclude<Sent, { kind: 'aborted' }>,
  nowMs: number,
  isSuccess: (status: number) => boolean = is2xx,
): Outcome {
  if (sent.kind === 'failure') {
    const { code, reason } = sent.failure;
    const slow = code === 'timeout' || code === 'connect_timeout';
    return failed(code, reason, { congestion: slow ? 'congested' : 'neutral' });
  }
  const { status } = sent;
  if (isSuccess(status)) return { kind: 'delivered', congestion: 'fine' };
  if (is2xx(status))
    return failed(`http_${status}`, `${answered(status)}, which its profile doesn't take for success`);
  if (status === 410) {
    return failed('gone', 'answered 410 Gone, so the webhook was disabled', { gone: true });
  }
  if (status === 429 || status === 503) {
    const retryAfterMs = parseRetryAfter(sent.headers['retry-after'], nowMs);
    return failed(`http_${status}`, answered(status), { congestion: 'congested', retryAfterMs });
  }
  if (status >= 300 && status < 400) {
    return failed(`http_${status}`, `${answered(status)}: redirects are not followed, set the new URL`);
  }
  return failed(`http_${status}`, answered(status));
}

/** What an attempt came to whose request couldn't be made. */
export function notSent({ code, reason }: { readonly code: string; readonly reason: string }): Outcome {
  return failed(code, reason);
}

function is2xx(status: number): boolean {
  return status >= 200 && status < 300;
}

function failed(
  code: string,
  reason: string,
  rest: { congestion?: Congestion; retryAfterMs?: number | null; gone?: boolean } = {},
): Outcome {
  return { kind: 'failed', code, reason, congestion: 'neutral', retryAfterMs: null, gone: false, ...rest };
}

/** The phrase is the registered one, not the receiver's: what it sends is not ours to repeat here. */
function answered(status: number): string {
  const phrase = STATUS_CODES[status];
  return phrase ? `answered ${status} ${phrase}` : `answered ${status}`;
}
