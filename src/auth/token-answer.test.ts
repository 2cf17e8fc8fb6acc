import { describe, expect, it } from 'vitest';
import type { Sent } from '../egress/send.ts';
import { judgeTokenAnswer } from './token-answer.ts';

const SECRET = 'hunter2hunter2';

function judge(status: number, body: unknown, rest: { headers?: object; truncated?: boolean } = {}) {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const sent = {
    kind: 'response',
    status,
    headers: { ...rest.headers },
    body: Buffer.from(text as string),
    bodyTruncated: rest.truncated ?? false,
    durationMs: 5,
  } as const satisfies Sent;
  return judgeTokenAnswer(sent, SECRET);
}
const grant = { access_token: 'abc', token_type: 'Bearer', expires_in: 3600 };
const failure = (code: string, reason: string) =>
  expect.objectContaining({ kind: 'failure', failure: expect.objectContaining({ code, reason }) });

describe('an answer with a token', () => {
  it('tells how long it is good', () => {
    expect(judge(200, grant)).toEqual({ kind: 'token', token: 'abc', lifetimeMs: 3_600_000 });
    expect(judge(201, { ...grant, token_type: 'bearer', scope: 'x' })).toMatchObject({ token: 'abc' });
  });

  it.each([
    [undefined, 300_000],
    [null, 300_000],
    ['3600', 3_600_000],
    [0.5, 500],
    [86_400, 86_400_000],
    [1e15, 86_400_000],
    ['999999999999999', 86_400_000],
  ])('whose expires_in is %j is good for %d ms', (expiresIn, lifetimeMs) => {
    expect(judge(200, { ...grant, expires_in: expiresIn })).toMatchObject({ kind: 'token', lifetimeMs });
  });

  it('may leave its type out', () => {
    expect(judge(200, { access_token: 'abc' })).toMatchObject({ kind: 'token' });
  });
});

describe('an answer of 200 without a token that can be used', () => {
  const notJson = 'the token server answered 200, but not with a JSON object';
  const notAhead = 'the token server answered 200, but its expires_in is not a number of seconds to come';
  const notVisible =
    'the token server answered 200, but its access_token is not visible ASCII without spaces';
  const missing = 'the token server answered 200, but without an access_token';

  it.each([
    ['<html><body>Sign in</body></html>', notJson],
    ['', notJson],
    ['"abc"', notJson],
    ['null', notJson],
    [`${'['.repeat(8_000)}${']'.repeat(8_000)}`, missing],
    [Buffer.from([0x7b, 0xff, 0x7d]), notJson],
    [{ error: 'invalid_client' }, missing],
    [{ ...grant, access_token: '' }, missing],
    [{ ...grant, access_token: 42 }, missing],
    [{ ...grant, access_token: 'a\r\nX-Evil: 1' }, notVisible],
    [{ ...grant, access_token: 'a b' }, notVisible],
    [{ ...grant, access_token: 'å' }, notVisible],
    [
      { ...grant, access_token: 'a'.repeat(8_193) },
      'the token server answered 200, but its access_token is longer than 8192 characters',
    ],
    [{ ...grant, expires_in: -1 }, notAhead],
    [{ ...grant, expires_in: 0 }, notAhead],
    [{ ...grant, expires_in: 'soon' }, notAhead],
    [{ ...grant, expires_in: '-5' }, notAhead],
    [{ ...grant, expires_in: {} }, notAhead],
    ['{"access_token":"abc","expires_in":1e400}', notAhead],
  ])('%.60j is malformed', (body, reason) => {
    expect(judge(200, body)).toMatchObject(failure('oauth_malformed', reason));
  });

  it('that is too long to be kept is malformed', () => {
    expect(judge(200, grant, { truncated: true })).toMatchObject(
      failure('oauth_malformed', 'the token server answered 200, but with more than a token server sends'),
    );
  });

  it.each(['mac', 'DPoP', '', 7, null])('of the type %j is told apart', (type) => {
    expect(judge(200, { ...grant, token_type: type })).toMatchObject(
      failure('oauth_token_type', 'the token server answered 200, but its token_type is not bearer'),
    );
  });
});

describe('another answer', () => {
  it.each([
    [400, { error: 'invalid_scope' }, 'the token server refused: invalid_scope'],
    [
      401,
      { error: 'invalid_client', error_description: 'No such client.' },
      'the token server refused: invalid_client (No such client)',
    ],
    [401, '<html>', 'the token server answered 401 Unauthorized'],
    [403, { error: 5 }, 'the token server answered 403 Forbidden'],
    [404, { error: '\u0000' }, 'the token server answered 404 Not Found'],
    [418, {}, "the token server answered 418 I'm a Teapot"],
    [499, {}, 'the token server answered 499'],
  ])('of %i %j is a refusal', (status, body, reason) => {
    expect(judge(status, body)).toMatchObject(failure('oauth_refused', reason));
  });

  it('is shown without the secret, cut, and in printable ASCII', () => {
    const description = `bad ${SECRET}\r\n\u202e"<b>"${'x'.repeat(500)}`;
    const answer = judge(400, { error: 'invalid_client', error_description: description });
    if (answer.kind !== 'failure') throw new Error('it is a failure');
    const { reason } = answer.failure;
    expect(reason).toMatch(/^the token server refused: invalid_client \(bad … <b> x+…\)$/);
    expect(reason.length).toBeLessThan(260);
  });

  it('whose body was cut is told by its status', () => {
    expect(judge(400, { error: 'x' }, { truncated: true })).toMatchObject(
      failure('oauth_refused', 'the token server answered 400 Bad Request'),
    );
  });

  it.each([
    [500, {}, null],
    [503, { 'retry-after': '60' }, 60_000],
    [429, { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' }, null],
  ])('of %i passes by', (status, headers, retryAfterMs) => {
    expect(judge(status, 'x', { headers })).toMatchObject({
      failure: { code: 'oauth_unavailable' },
      retryAfterMs,
    });
  });

  it('that leads elsewhere is not followed', () => {
    expect(judge(302, '', { headers: { location: 'http://10.0.0.1/' } })).toMatchObject(
      failure(
        'oauth_redirected',
        'the token server answered 302 Found: redirects are not followed, set tokenUrl to where it leads',
      ),
    );
  });
});
