import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Waybill, WaybillOptions } from '../../src/waybill.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, type PlainAnswer, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const WEBHOOKS = `${ACCOUNT}/webhooks`;

const folder = new URL('../support/certificates/', import.meta.url);
const pem = (...names: string[]) =>
  names.map((name) => readFileSync(new URL(`${name}.pem`, folder), 'utf8')).join('');
const SERVER = { key: pem('server-key'), cert: pem('good') };
const ASKING = { ...SERVER, ca: pem('clients/root'), requestCert: true, rejectUnauthorized: true };
const CLIENT = { certificate: pem('clients/good', 'clients/issuing'), key: pem('clients/key') };

async function newReceiver(answer: Answer = 200, tls?: { key: string; cert: string }) {
  const receiver = await startReceiver(answer, tls ? { tls } : {});
  onTestFinished(() => receiver.close());
  return receiver;
}

async function setUp(kind: DatabaseKind = 'embedded', options: WaybillOptions = {}) {
  const started = await startTestWaybill(kind, options);
  const { api } = started;
  /** Never tried again by itself, unless told otherwise. */
  const create = async (fields: object) => {
    const answer = await api.post(WEBHOOKS, { events: ['*'], retry: { schedule: [] }, ...fields });
    expect(answer.status, answer.text).toBe(201);
    return answer.body;
  };
  const change = async (id: string, fields: object) => {
    const answer = await api.patch(`${WEBHOOKS}/${id}`, fields);
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  };
  /** A test event, once it has been attempted: the delivery with its attempts. */
  const send = async (id: string) => {
    const { body } = await api.post(`${WEBHOOKS}/${id}/test`);
    return eventually(async () => {
      const delivery = (await api.get(`${ACCOUNT}/deliveries/${body.deliveryId}`)).body;
      return delivery.attempts.length > 0 && delivery.status !== 'pending' && delivery;
    });
  };
  return { ...started, create, change, send };
}

const granting = (token: string): PlainAnswer => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600 }),
});

/** Gives `token-0`, `token-1`, … */
const counting: Answer = (_, __, index) => granting(`token-${index}`);

function oauth2(tokenUrl: string) {
  return { type: 'oauth2', tokenUrl, clientId: 'acme', clientSecret: 'marker-client-secret' };
}

/** Everything in the tables of Waybill, as text; bytes in hexadecimal and as they read. */
async function dump(waybill: Waybill): Promise<string> {
  return waybill.transaction(async (tx) => {
    const { rows: tables } = await tx.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'waybill'`,
    );
    let text = '';
    for (const { name } of tables) {
      const { rows } = await tx.query<Record<string, unknown>>(`select * from waybill."${name}"`);
      for (const value of rows.flatMap((row) => Object.values(row))) {
        text += value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : JSON.stringify(value);
      }
    }
    return text;
  });
}

describe.each(E2E_DATABASE_KINDS)('the header that says who sends, on %s', (kind) => {
  it('is that of auth: basic, bearer, or one of its own', async () => {
    const { create, send } = await setUp(kind);
    const receiver = await newReceiver();
    const sent: [auth: object, header: string, value: string][] = [
      [{ type: 'basic', username: 'a', password: 'b' }, 'authorization', 'Basic YTpi'],
      [{ type: 'bearer', token: 'abc' }, 'authorization', 'Bearer abc'],
      [{ type: 'header', name: 'X-Api-Key', value: 'one two' }, 'x-api-key', 'one two'],
    ];
    for (const [index, [auth, header, value]] of sent.entries()) {
      const { id } = await create({ url: receiver.url, auth, headers: { 'x-shop': 'acme' } });
      expect(await send(id)).toMatchObject({ status: 'delivered' });
      expect(receiver.requests[index]?.headers).toMatchObject({ [header]: value, 'x-shop': 'acme' });
    }
  });

  it('is another as soon as auth is changed, for a retry too, stays when it is left out, and goes with null', async () => {
    const clock = createTestClock();
    const { api, create, change, send } = await setUp(kind, { clock });
    const receiver = await newReceiver(401);
    const auth = { type: 'bearer', token: 'wrong' };
    const { id } = await create({ url: receiver.url, auth, retry: { schedule: [60] } });
    const { deliveryId } = (await api.post(`${WEBHOOKS}/${id}/test`)).body;
    await eventually(
      async () => (await api.get(`${ACCOUNT}/deliveries/${deliveryId}`)).body.attemptCount === 1,
    );
    receiver.answer(200);
    await change(id, { auth: { type: 'basic', username: 'right', password: '' } });
    clock.advance(60_000);
    await receiver.waitFor(2);
    await change(id, { name: 'other' });
    await send(id);
    expect((await change(id, { auth: null })).auth).toBeNull();
    await send(id);
    expect(receiver.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer wrong',
      'Basic cmlnaHQ6',
      'Basic cmlnaHQ6',
      undefined,
    ]);
  });
});

describe('with OAuth 2', () => {
  it('a token is asked for once and sent with every delivery', async () => {
    const { create, send } = await setUp();
    const [receiver, login] = [await newReceiver(), await newReceiver(counting)];
    const { id } = await create({ url: receiver.url, auth: oauth2(login.url) });
    for (let count = 0; count < 3; count += 1) await send(id);
    expect(receiver.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill('Bearer token-0'),
    );
    expect(login.requests).toHaveLength(1);
  });

  it('a token the receiver refuses is renewed, and the delivery arrives within one attempt', async () => {
    const { create, send } = await setUp();
    const receiver = await newReceiver(({ headers }) =>
      headers.authorization === 'Bearer token-1' ? 200 : 401,
    );
    const login = await newReceiver(counting);
    const { id } = await create({ url: receiver.url, auth: oauth2(login.url) });
    const delivery = await send(id);
    expect(delivery).toMatchObject({ status: 'delivered', attemptCount: 1, lastStatusCode: 200 });
    const [first, second, ...rest] = receiver.requests;
    expect([first?.headers['webhook-id'], first?.body]).toEqual([
      second?.headers['webhook-id'],
      second?.body,
    ]);
    expect(rest).toEqual([]);
    expect(login.requests).toHaveLength(2);
  });

  it('a receiver that refuses the new token too gets no third request', async () => {
    const { create, send } = await setUp();
    const [receiver, login] = [await newReceiver(401), await newReceiver(counting)];
    const { id } = await create({ url: receiver.url, auth: oauth2(login.url) });
    expect(await send(id)).toMatchObject({
      status: 'failed',
      lastStatusCode: 401,
      attempts: [{ failureCode: 'http_401' }],
    });
    expect([receiver.requests.length, login.requests.length]).toEqual([2, 2]);
    await send(id);
    expect([receiver.requests.length, login.requests.length]).toEqual([3, 2]);
  });

  it('a receiver whose 401 could not be helped, as no other token is given, is what the attempt tells of', async () => {
    const { create, send } = await setUp();
    const receiver = await newReceiver(401);
    const login = await newReceiver((_, __, index) => (index === 0 ? granting('only') : 503));
    const { id } = await create({ url: receiver.url, auth: oauth2(login.url) });
    expect((await send(id)).attempts).toMatchObject([{ failureCode: 'http_401', statusCode: 401 }]);
    expect(receiver.requests).toHaveLength(1);
    expect((await send(id)).attempts).toMatchObject([{ failureCode: 'oauth_unavailable' }]);
  });

  it('a token server that refuses makes the attempt fail with its reason, and nothing is sent', async () => {
    const { create, send } = await setUp();
    const receiver = await newReceiver();
    const body = JSON.stringify({ error: 'invalid_client', error_description: 'no such client' });
    const login = await newReceiver({ status: 401, body, headers: { 'content-type': 'application/json' } });
    const { id } = await create({ url: receiver.url, auth: oauth2(login.url) });
    const delivery = await send(id);
    expect(delivery).toMatchObject({ status: 'failed', attemptCount: 1, lastStatusCode: null });
    expect(delivery.attempts).toMatchObject([
      {
        outcome: 'failed',
        failureCode: 'oauth_refused',
        failureReason: expect.stringContaining('invalid_client'),
        statusCode: null,
      },
    ]);
    expect(receiver.requests).toEqual([]);
  });

  it('a webhook whose token server never answers does not keep Waybill from stopping', async () => {
    const { create, api, stop } = await setUp('embedded', { dispatch: { stopGraceMs: 50 } });
    const receiver = await newReceiver();
    const login = await newReceiver(() => undefined);
    const { id } = await create({ url: receiver.url, auth: oauth2(login.url) });
    await api.post(`${WEBHOOKS}/${id}/test`);
    await login.waitFor(1);
    await stop();
    expect(receiver.requests).toEqual([]);
  });
});

describe('over TLS', () => {
  /** Answers with the name in the client's certificate. */
  const nameOfClient: Answer = (_, { socket }) => ({
    body: (socket instanceof TLSSocket && socket.getPeerX509Certificate()?.subject) || 'nobody',
  });

  it('a receiver that asks for a certificate gets that of the webhook, and nothing without one', async () => {
    const { create, change, send } = await setUp('embedded', { tlsCa: pem('ca') });
    const receiver = await newReceiver(nameOfClient, ASKING);
    const webhook = await create({ url: receiver.url, clientCertificate: CLIENT });
    expect(webhook.clientCertificate).toEqual({
      subject: 'O=Acme, CN=acme',
      issuer: expect.any(String),
      fingerprintSha256: expect.stringMatching(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/),
      notBefore: expect.stringMatching(/Z$/),
      notAfter: expect.stringMatching(/^2120-/),
      expiresSoon: false,
    });
    const delivered = await send(webhook.id);
    expect(delivered.attempts).toMatchObject([{ responseBody: 'O=Acme\nCN=acme' }]);
    expect((await change(webhook.id, { clientCertificate: null })).clientCertificate).toBeNull();
    expect((await send(webhook.id)).attempts).toMatchObject([
      { outcome: 'failed', failureCode: 'tls_client_certificate_required' },
    ]);
    expect(receiver.requests).toHaveLength(1);
  });

  it('a receiver of a private authority is trusted by the webhook that names it, and by no other', async () => {
    const { create, change, send } = await setUp();
    const receiver = await newReceiver(200, SERVER);
    const trusting = await create({ url: receiver.url, tlsCa: pem('ca') });
    const other = await create({ url: receiver.url });
    expect(trusting.tlsCa).toMatchObject([{ subject: expect.any(String), notAfter: expect.any(String) }]);
    expect(await send(trusting.id)).toMatchObject({ status: 'delivered' });
    expect(await send(other.id)).toMatchObject({ status: 'failed', lastStatusCode: null });
    expect((await change(trusting.id, { name: 'other' })).tlsCa).toEqual(trusting.tlsCa);
    expect((await change(trusting.id, { tlsCa: null })).tlsCa).toBeNull();
    expect(await send(trusting.id)).toMatchObject({ status: 'failed', lastStatusCode: null });
    expect(receiver.requests).toHaveLength(1);
  });

  it('a certificate is shown as expiring soon when it is', async () => {
    const clock = createTestClock(Date.parse('2026-03-13T14:30:00Z'));
    const { api, create } = await setUp('embedded', { clock });
    const { id, clientCertificate } = await create({
      url: 'http://127.0.0.1:9999/',
      clientCertificate: CLIENT,
    });
    const soonMs = Date.parse(clientCertificate.notAfter) - 30 * 86_400_000;
    const shown = async () => (await api.get(`${WEBHOOKS}/${id}`)).body.clientCertificate.expiresSoon;
    clock.advance(soonMs - clock.now() - 1);
    expect(await shown()).toBe(false);
    clock.advance(1);
    expect(await shown()).toBe(true);
  });
});

describe('what is refused when it is set', () => {
  it('is told with field and code, and nothing is changed', async () => {
    const { api, create } = await setUp();
    const url = 'http://127.0.0.1:9999/';
    const own = { type: 'header', name: 'X-Key', value: 'v' };
    const refused: [fields: object, path: string, code: string][] = [
      [{ auth: { type: 'digest' } }, 'auth.type', 'wrong_type'],
      [{ auth: { type: 'bearer', token: 'two words' } }, 'auth.token', 'invalid'],
      [{ auth: oauth2('http://10.0.0.1/token') }, 'auth.tokenUrl', 'address_not_allowed'],
      [{ auth: oauth2('ftp://example.com/') }, 'auth.tokenUrl', 'url_scheme'],
      [{ auth: own, headers: { 'x-key': '1' } }, 'auth.name', 'invalid'],
      [{ auth: { ...own, name: 'Webhook-Id' } }, 'auth.name', 'invalid'],
      [{ auth: { ...own, name: 'X-VelourCity-Signature' }, profile: 'velourcity' }, 'auth.name', 'invalid'],
      [
        { clientCertificate: { ...CLIENT, key: pem('clients/other-key') } },
        'clientCertificate',
        'key_mismatch',
      ],
      [
        { clientCertificate: { ...CLIENT, certificate: pem('clients/expired') } },
        'clientCertificate',
        'certificate_expired',
      ],
      [{ clientCertificate: { ...CLIENT, certificate: 'x' } }, 'clientCertificate', 'certificate_unreadable'],
      [{ tlsCa: 'x' }, 'tlsCa', 'ca_unreadable'],
      [{ tlsCa: pem('expired') }, 'tlsCa', 'ca_expired'],
    ];
    const { secret: _, ...webhook } = await create({ url });
    for (const [fields, path, code] of refused) {
      for (const answer of [
        await api.post(WEBHOOKS, { url, events: ['*'], ...fields }),
        await api.patch(`${WEBHOOKS}/${webhook.id}`, fields),
      ]) {
        expect([fields, answer.status, answer.body.code]).toEqual([fields, 400, 'validation_failed']);
        expect([fields, answer.body.errors]).toMatchObject([fields, [{ path, code }]]);
      }
    }
    expect((await api.get(WEBHOOKS)).body.data).toEqual([webhook]);
  });

  it('is also a header, or a profile, that collides with what was set before', async () => {
    const { api, create } = await setUp();
    const auth = { type: 'header', name: 'X-VelourCity-Signature', value: 'v' };
    const { id } = await create({ url: 'http://127.0.0.1:9999/', auth });
    for (const fields of [{ headers: { 'X-Velourcity-Signature': '1' } }, { profile: 'velourcity' }]) {
      const { status, body } = await api.patch(`${WEBHOOKS}/${id}`, fields);
      expect(status).toBe(400);
      expect(body.errors).toContainEqual(expect.objectContaining({ path: 'auth.name', code: 'invalid' }));
    }
  });
});

describe.each(E2E_DATABASE_KINDS)('what is secret, on %s', (kind) => {
  const SECRETS = {
    password: 'marker-password-1',
    token: 'marker-token-2-0123456789abcdef',
    value: 'marker-value-3-0123456789abcdef',
    clientSecret: 'marker-client-secret',
    accessToken: 'marker-access-token-5',
    passphrase: 'open sesame',
    // Of the private key, as it is given and as it is kept.
    key: pem('clients/key').split('\n')[1] as string,
  };
  const expectNoSecret = (text: string) => {
    const encoded = Buffer.from(`a:${SECRETS.password}`).toString('base64');
    for (const secret of [...Object.values(SECRETS), encoded]) expect(text).not.toContain(secret);
  };
  const encrypted = {
    certificate: CLIENT.certificate,
    key: pem('clients/encrypted-key'),
    passphrase: SECRETS.passphrase,
  };

  it('is nowhere in the database, in an answer of the API, in the log or in an error', async () => {
    let log = '';
    const sink = new Writable({
      write: (chunk, _, done) => {
        log += chunk;
        done();
      },
    });
    const logger = pino({ level: 'trace' }, sink);
    const { api, waybill, create, change, send } = await setUp(kind, { logger });
    const receiver = await newReceiver(401);
    const login = await newReceiver(granting(SECRETS.accessToken));
    const refusing = await newReceiver({
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error: 'invalid_client', error_description: `not ${SECRETS.clientSecret}` }),
    });
    const auths = [
      { type: 'basic', username: 'a', password: SECRETS.password },
      { type: 'bearer', token: SECRETS.token },
      { type: 'header', name: 'x-key', value: SECRETS.value },
      oauth2(login.url),
      oauth2(refusing.url),
    ];
    const answers: string[] = [];
    for (const auth of auths) {
      const made = await create({ url: receiver.url, auth, clientCertificate: encrypted });
      answers.push(JSON.stringify([made, await change(made.id, { auth }), await send(made.id)]));
      const preview = await api.post(`${WEBHOOKS}/${made.id}/preview`, {});
      const header = auth.type === 'header' ? 'x-key' : 'authorization';
      expect(preview.body.headers).toMatchObject({ [header]: '(hidden)' });
      const draft = { url: receiver.url, events: ['*'], auth, clientCertificate: encrypted };
      const drafted = await api.post(`${ACCOUNT}/preview`, { webhook: draft });
      expect(drafted.body.headers).toMatchObject({ [header]: '(hidden)' });
      const wrong = { url: receiver.url, events: [], auth, clientCertificate: encrypted };
      answers.push(preview.text, drafted.text, (await api.post(WEBHOOKS, wrong)).text);
    }
    const mismatch = { ...encrypted, certificate: pem('clients/renewed') };
    answers.push(
      (await api.post(WEBHOOKS, { url: receiver.url, events: ['*'], clientCertificate: mismatch })).text,
    );
    answers.push((await api.get(WEBHOOKS)).text, (await api.get(`${ACCOUNT}/deliveries`)).text);
    expectNoSecret(answers.join('\n'));
    const kept = await dump(waybill);
    expect(kept).toContain('clientSecretEnding');
    expectNoSecret(kept);
    expect(log).toContain('oauth_refused');
    expectNoSecret(log);
  });

  it('is sealed anew when the key is rotated, and goes with its webhook', async () => {
    const database = await createTestDatabase(kind);
    const old = database.encryptionKey ?? '';
    const fresh = randomBytes(32).toString('base64');
    const receiver = await newReceiver(
      (_, { socket }) => ({
        body: (socket instanceof TLSSocket && socket.authorized && 'known') || 'unknown',
      }),
      ASKING,
    );
    const first = await setUp(kind, { ...database, tlsCa: pem('ca') });
    const auth = { type: 'bearer', token: SECRETS.token };
    const { id } = await first.create({ url: receiver.url, auth, clientCertificate: CLIENT });
    await first.stop();
    await (await setUp(kind, { ...database, encryptionKey: `${fresh},${old}` })).stop();

    const options = { ...database, encryptionKey: fresh, tlsCa: pem('ca') };
    const { api, waybill, send } = await setUp(kind, options);
    expect((await send(id)).attempts).toMatchObject([{ responseBody: 'known' }]);
    expect(receiver.requests[0]?.headers.authorization).toBe(`Bearer ${SECRETS.token}`);
    const count = async () =>
      (await waybill.transaction((tx) => tx.query('select from waybill.webhook_credentials'))).rows.length;
    expect(await count()).toBe(2);
    await api.delete(`${WEBHOOKS}/${id}`);
    expect(await count()).toBe(0);
  });
});
