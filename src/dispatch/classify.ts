import { STATUS_CODES } from 'node:http';
import type { SendFailure, Sent } from '../egress/send.ts';
import type { Congestion } from './concurrency.ts';
import { parseRetryAfter } from './retry.ts';

/** What an attempt came to. A failed one says why, in a stable code and in words for people. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly congestion: Congestion }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly reason: string;
      /** The values in the reason; undefined: it holds none but its status. */
      readonly params: SendFailure['params'] | undefined;
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
    const { code, reason, params } = sent.failure;
    const slow = code === 'timeout' || code === 'connect_timeout';
    return failed(code, reason, { params, congestion: slow ? 'congested' : 'neutral' });
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
export function notSent({ code, reason, params }: Unsent): Outcome {
  return failed(code, reason, { params });
}

/** Why a request couldn't be made. */
interface Unsent {
  readonly code: string;
  readonly reason: string;
  readonly params?: SendFailure['params'];
}

type Failed = Extract<Outcome, { kind: 'failed' }>;

function is2xx(status: number): boolean {
  return status >= 200 && status < 300;
}

function failed(
  code: string,
  reason: string,
  rest: Partial<Pick<Failed, 'congestion' | 'retryAfterMs' | 'gone' | 'params'>> = {},
): Outcome {
  const usual = { params: undefined, congestion: 'neutral', retryAfterMs: null, gone: false } as const;
  return { kind: 'failed', code, reason, ...usual, ...rest };
}

/** The phrase is the registered one, not the receiver's: what it sends is not ours to repeat here. */
function answered(status: number): string {
  const phrase = STATUS_CODES[status];
  return phrase ? `answered ${status} ${phrase}` : `answered ${status}`;
}
