import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { builtInProfile } from '../test/support/profiles.ts';
import { renderHeaders } from './profile/engine.ts';
import { generateSecret } from './profile/secret.ts';
import type { Subject } from './profile/subject.ts';
import { VerificationError, type VerifyOptions, verify, type WebhookHeaders } from './verify.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'evt_01a1fd191cb6763ba0cee8afcda06821';
const SENT_AT = new Date('2026-03-13T14:30:00Z');
const BODY = '{"type":"order.delivered","timestamp":"2026-03-13T14:30:00Z","data":{"driver":"Åsa 🚚"}}';

/** What Waybill would send now. */
function subject(): Subject {
  const event = { id: ID, type: 'order.delivered', subject: null, channel: null, version: null, data: '1' };
  return {
    event: { ...event, occurredAt: SENT_AT.toISOString() },
    payloadVersion: null,
    delivery: { id: 'dlv_1' },
    attempt: { number: 1, timestampSeconds: Math.floor(Date.now() / 1000) },
    webhook: { id: 'wh_1' },
  };
}

const onTime: VerifyOptions = { now: () => SENT_AT.getTime() };

/** Signed by the reference implementation, not by ours. */
function signed(body: string, secret = SECRET, id = ID, sentAt = SENT_AT): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, sentAt, body),
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof VerificationError) return error.code;
  throw error ?? new Error('It was accepted.');
}

describe('what is accepted', () => {
  it('takes what the standardwebhooks package signs, as text and as bytes', async () => {
    const verified = { id: ID, timestampSeconds: SENT_AT.getTime() / 1000, payload: BODY };
    expect(await verify(BODY, signed(BODY), SECRET, onTime)).toEqual(verified);
    expect(await verify(Buffer.from(BODY), signed(BODY), SECRET, onTime)).toEqual(verified);
    expect(await verify(new TextEncoder().encode(BODY), signed(BODY), SECRET, onTime)).toEqual(verified);
  });

  it('takes what Waybill signs, and so does the standardwebhooks package', async () => {
    const secret = generateSecret();
    const headers = renderHeaders(builtInProfile('standard-webhooks'), subject(), Buffer.from(BODY), [
      secret,
    ]);
    expect((await verify(BODY, headers, secret)).payload).toBe(BODY);
    expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
  });

  it('takes the empty body', async () => {
    expect((await verify('', signed(''), SECRET, onTime)).payload).toBe('');
  });

  it('finds headers in a Headers object, in any case, and in arrays', async () => {
    const lower = signed(BODY);
    const upper = Object.fromEntries(
      Object.entries(lower).map(([name, value]) => [name.toUpperCase(), value]),
    );
    const arrays = Object.fromEntries(Object.entries(lower).map(([name, value]) => [name, [value]]));
    const forms: WebhookHeaders[] = [new Headers(lower), upper, arrays];
    for (const headers of forms) {
      expect((await verify(BODY, headers, SECRET, onTime)).id).toBe(ID);
    }
  });

  it('ignores signatures of versions it does not know', async () => {
    const headers = signed(BODY);
    const { 'webhook-signature': signature } = headers;
    const list = `v1a,${Buffer.alloc(64).toString('base64')} ${signature} v2,!!`;
    expect((await verify(BODY, { ...headers, 'webhook-signature': list }, SECRET, onTime)).id).toBe(ID);
    const asV2 = { ...headers, 'webhook-signature': signature?.replace('v1,', 'v2,') };
    expect(await codeOf(verify(BODY, asV2, SECRET, onTime))).toBe('no_matching_signature');
  });
});

describe('what is refused', () => {
  it.each([
    ['body', BODY.replace('order.delivered', 'order.delivereD'), signed(BODY)],
    ['body, a space longer', `${BODY} `, signed(BODY)],
    ['id', BODY, { ...signed(BODY), 'webhook-id': `${ID.slice(0, -1)}2` }],
    ['timestamp', BODY, { ...signed(BODY), 'webhook-timestamp': String(SENT_AT.getTime() / 1000 + 1) }],
    [
      'timestamp, written otherwise',
      BODY,
      { ...signed(BODY), 'webhook-timestamp': `0${SENT_AT.getTime() / 1000}` },
    ],
  ])('a changed byte in the %s is refused', async (_what, body, headers) => {
    expect(await codeOf(verify(body, headers, SECRET, onTime))).toBe('no_matching_signature');
  });

  it('any single changed bit of the signature is refused', async () => {
    const headers = signed(BODY);
    const mac = Buffer.from(headers['webhook-signature']?.slice(3) ?? '', 'base64');
    for (let bit = 0; bit < mac.length * 8; bit += 1) {
      const changed = Buffer.from(mac);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const forged = { ...headers, 'webhook-signature': `v1,${changed.toString('base64')}` };
      expect(await codeOf(verify(BODY, forged, SECRET, onTime))).toBe('no_matching_signature');
    }
  });

  it.each(['', ' ', 'v1', 'v1,', ',', 'v1,!!!!', 'v1,AAAA', `v1,${'A'.repeat(10_000)}`])(
    'a signature header of %j is refused',
    async (signature) => {
      const headers = { ...signed(BODY), 'webhook-signature': signature };
      const code = await codeOf(verify(BODY, headers, SECRET, onTime));
      expect(['missing_header', 'no_matching_signature']).toContain(code);
    },
  );

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('a missing %s is named', async (name) => {
    const headers = { ...signed(BODY), [name]: undefined };
    expect(await codeOf(verify(BODY, headers, SECRET, onTime))).toBe('missing_header');
    await expect(verify(BODY, headers, SECRET, onTime)).rejects.toThrow(name);
  });

  it.each(['now', '-1', '1e9', ' 1773412200', '1773412200.5', '0x69b41d68', '1773412200, 1773412200'])(
    'a timestamp of %j is not one',
    async (timestamp) => {
      const headers = { ...signed(BODY), 'webhook-timestamp': timestamp };
      expect(await codeOf(verify(BODY, headers, SECRET, onTime))).toBe('bad_timestamp');
    },
  );

  it('a body that was parsed already is refused with a hint', async () => {
    const parsed: unknown = JSON.parse(BODY);
    // @ts-expect-error: plain JavaScript can pass anything
    expect(await codeOf(verify(parsed, signed(BODY), SECRET, onTime))).toBe('bad_body');
  });
});

describe('the tolerance', () => {
  const at = (offsetSeconds: number, toleranceSeconds?: number): Promise<unknown> =>
    verify(BODY, signed(BODY), SECRET, {
      now: () => SENT_AT.getTime() + offsetSeconds * 1000,
      ...(toleranceSeconds === undefined ? {} : { toleranceSeconds }),
    });

  it('is five minutes either way unless told otherwise', async () => {
    await at(300);
    await at(-300);
    expect(await codeOf(at(301))).toBe('timestamp_too_old');
    expect(await codeOf(at(-301))).toBe('timestamp_too_new');
  });

  it('can be set', async () => {
    await at(3600, 3600);
    expect(await codeOf(at(11, 10))).toBe('timestamp_too_old');
    expect(await codeOf(at(1, 0))).toBe('timestamp_too_old');
  });

  it('refuses everything if it is not a number', async () => {
    expect(await codeOf(at(0, Number.NaN))).toBe('timestamp_too_old');
  });
});

describe('secrets', () => {
  const OTHER = generateSecret();

  it('another secret does not verify', async () => {
    expect(await codeOf(verify(BODY, signed(BODY), OTHER, onTime))).toBe('no_matching_signature');
  });

  it('while the sender changes secrets, receivers with the old and with the new one both verify', async () => {
    const both = `${signed(BODY, OTHER)['webhook-signature']} ${signed(BODY)['webhook-signature']}`;
    const headers = { ...signed(BODY), 'webhook-signature': both };
    await verify(BODY, headers, SECRET, onTime);
    await verify(BODY, headers, OTHER, onTime);
    expect(await codeOf(verify(BODY, headers, generateSecret(), onTime))).toBe('no_matching_signature');
  });

  it('a receiver may hold several, of which one must match', async () => {
    await verify(BODY, signed(BODY), [OTHER, SECRET], onTime);
    expect(await codeOf(verify(BODY, signed(BODY), [OTHER, generateSecret()], onTime))).toBe(
      'no_matching_signature',
    );
  });

  it.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'whsec_not base64!', SECRET.slice(6), `whsec_${'A'.repeat(200)}`])(
    '%j is not a secret',
    async (secret) => {
      expect(await codeOf(verify(BODY, signed(BODY), secret, onTime))).toBe('bad_secret');
      expect(await codeOf(verify(BODY, signed(BODY), [SECRET, secret], onTime))).toBe('bad_secret');
    },
  );

  it('no secret at all is refused, whatever the request', async () => {
    expect(await codeOf(verify(BODY, signed(BODY), [], onTime))).toBe('bad_secret');
    // @ts-expect-error: an environment variable that isn't set
    expect(await codeOf(verify(BODY, signed(BODY), process.env.NO_SUCH_VARIABLE, onTime))).toBe('bad_secret');
  });

  it('no message repeats the secret', async () => {
    const broken = `${SECRET.slice(0, 20)}!`;
    const error: unknown = await verify(BODY, signed(BODY), broken, onTime).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).not.toContain(broken.slice(6));
  });
});

it('the module imports nothing, so that it runs anywhere', () => {
  const source = readFileSync(new URL('./verify.ts', import.meta.url), 'utf8');
  expect(source).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(|\bBuffer\b|\bprocess\b/m);
});
