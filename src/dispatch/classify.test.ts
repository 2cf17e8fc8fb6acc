import { describe, expect, it } from 'vitest';
import type { FailureCode, Sent } from '../egress/send.ts';
import { classify } from './classify.ts';

const NOW = Date.parse('2026-03-13T14:30:00Z');

function answer(status: number, headers: Record<string, string> = {}): Exclude<Sent, { kind: 'aborted' }> {
  return { kind: 'response', status, headers, body: new Uint8Array(), bodyTruncated: false, durationMs: 5 };
}

function failure(code: FailureCode, reason: string, status?: number): Exclude<Sent, { kind: 'aborted' }> {
  return { kind: 'failure', failure: { code, reason }, durationMs: 5, ...(status ? { status } : {}) };
}

describe('classify', () => {
  it.each([200, 201, 202, 204, 206, 299])('%i delivers', (status) => {
    expect(classify(answer(status), NOW)).toEqual({ kind: 'delivered', congestion: 'fine' });
  });

  it.each([
    [300, 'answered 300 Multiple Choices'],
    [302, 'answered 302 Found'],
    [304, 'answered 304 Not Modified'],
    [399, 'answered 399'],
  ])('%i fails as a redirect that is not followed', (status, beginning) => {
    expect(classify(answer(status, { location: 'https://internal/' }), NOW)).toEqual({
      kind: 'failed',
      code: `http_${status}`,
      reason: `${beginning}: redirects are not followed, set the new URL`,
      congestion: 'neutral',
      retryAfterMs: null,
      gone: false,
    });
  });

  it.each([
    [400, 'answered 400 Bad Request'],
    [401, 'answered 401 Unauthorized'],
    [404, 'answered 404 Not Found'],
    [499, 'answered 499'],
    [500, 'answered 500 Internal Server Error'],
    [502, 'answered 502 Bad Gateway'],
    [504, 'answered 504 Gateway Timeout'],
    [599, 'answered 599'],
    [999, 'answered 999'],
  ])('%i fails with the registered phrase, and its Retry-After is ignored', (status, reason) => {
    expect(classify(answer(status, { 'retry-after': '60' }), NOW)).toEqual({
      kind: 'failed',
      code: `http_${status}`,
      reason,
      congestion: 'neutral',
      retryAfterMs: null,
      gone: false,
    });
  });

  it.each([
    [429, 'answered 429 Too Many Requests'],
    [503, 'answered 503 Service Unavailable'],
  ])('%i asks for less, and may say for how long', (status, reason) => {
    const expected = { kind: 'failed', code: `http_${status}`, reason, congestion: 'congested', gone: false };
    expect(classify(answer(status), NOW)).toEqual({ ...expected, retryAfterMs: null });
    expect(classify(answer(status, { 'retry-after': '60' }), NOW)).toEqual({
      ...expected,
      retryAfterMs: 60_000,
    });
    const date = 'Fri, 13 Mar 2026 14:31:30 GMT';
    expect(classify(answer(status, { 'retry-after': date }), NOW)).toMatchObject({ retryAfterMs: 90_000 });
    expect(classify(answer(status, { 'retry-after': 'soon' }), NOW)).toMatchObject({ retryAfterMs: null });
  });

  it('410, and nothing else, means that the receiver is gone', () => {
    expect(classify(answer(410, { 'retry-after': '60' }), NOW)).toEqual({
      kind: 'failed',
      code: 'gone',
      reason: 'answered 410 Gone, so the webhook was disabled',
      congestion: 'neutral',
      retryAfterMs: null,
      gone: true,
    });
    for (const status of [301, 400, 404, 409, 411, 451, 500]) {
      expect(classify(answer(status), NOW)).toMatchObject({ gone: false });
    }
  });

  it('410 before a body that broke off is a failure of the network, not a farewell', () => {
    const outcome = classify(failure('protocol_error', 'answered 410, but closed', 410), NOW);
    expect(outcome).toMatchObject({ code: 'protocol_error', gone: false });
  });

  it.each([
    ['timeout', 'congested'],
    ['connect_timeout', 'congested'],
    ['connection_refused', 'neutral'],
    ['connection_reset', 'neutral'],
    ['dns_not_found', 'neutral'],
    ['tls_certificate_expired', 'neutral'],
    ['address_not_allowed', 'neutral'],
    ['protocol_error', 'neutral'],
  ] as const)('without an answer (%s) the reason stays as it was told, and is %s', (code, congestion) => {
    expect(classify(failure(code, 'it did not work'), NOW)).toEqual({
      kind: 'failed',
      code,
      reason: 'it did not work',
      congestion,
      retryAfterMs: null,
      gone: false,
    });
  });
});
