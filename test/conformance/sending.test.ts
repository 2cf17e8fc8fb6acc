import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verify } from '../../src/verify.ts';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, DATABASE_KINDS, type DatabaseKind } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const MAX_BODY = 16_384;

async function receiverThat(answer: Answer = 200) {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return receiver;
}

type Api = Awaited<ReturnType<typeof startTestWaybill>>['api'];

async function setUp(kind: DatabaseKind, answer: Answer = 200, options: WaybillOptions = {}) {
  const clock = createTestClock();
  const { api, stop } = await startTestWaybill(kind, { clock, ...options });
  return { clock, stop, receiver: await receiverThat(answer), ...actions(api) };
}

function actions(api: Api) {
  const createWebhook = async (url: string, fields: object = {}) => {
    const answer = await api.post(`${ACCOUNT}/webhooks`, { url, events: ['*'], ...fields });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const publish = () => api.post(`${ACCOUNT}/events`, { type: 'order.created', data: { id: 1 } });
  /** The newest delivery of a webhook, once it has had so many attempts. */
  const attempted = (webhookId: string, count = 1) =>
    eventually(async () => {
      const { body } = await api.get(`${ACCOUNT}/deliveries?webhookId=${webhookId}`);
      const answer = await api.get(`${ACCOUNT}/deliveries/${body.data[0].id}`);
      expect(answer.status).toBe(200);
      // The row and its attempts are read one after the other.
      const { attempts, attemptCount } = answer.body;
      return attempts.length === count && attemptCount === count && answer.body;
    });
  const patch = (id: string, changes: object) => api.patch(`${ACCOUNT}/webhooks/${id}`, changes);
  return { api, createWebhook, publish, attempted, patch };
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

describe.each(DATABASE_KINDS)('sending on %s', (kind) => {
  it('an attempt is a POST of JSON with the headers of the webhook, over a connection that is kept', async () => {
    const { receiver, createWebhook, publish, attempted } = await setUp(kind);
    const headers = { 'X-Shop': 'north', 'x-note': 'a b\tc' };
    const webhook = await createWebhook(`${receiver.url}hooks?shop=1&x=%20y`, { headers });
    for (let count = 1; count <= 3; count += 1) {
      await publish();
      await receiver.waitFor(count);
      await attempted(webhook.id);
    }
    for (const request of receiver.requests) {
      expect(request).toMatchObject({ method: 'POST', path: '/hooks?shop=1&x=%20y', connectionId: 1 });
      expect(request.headers).toMatchObject({
        host: `127.0.0.1:${receiver.port}`,
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^Waybill\/\d+\.\d+\.\d+$/),
        'x-shop': 'north',
        'x-note': 'a b\tc',
        'content-length': String(Buffer.byteLength(request.body)),
      });
      expect(JSON.parse(request.body)).toMatchObject({ type: 'order.created', data: { id: 1 } });
    }
  });

  it('a redirect is a failure with its reason, and is not followed', async () => {
    const target = await receiverThat();
    const { api, receiver, createWebhook, publish, attempted } = await setUp(kind, (request) => ({
      status: Number(request.path.slice(1)),
      headers: { location: target.url },
    }));
    for (const status of [301, 302, 303, 307, 308]) {
      const webhook = await createWebhook(receiver.url + status);
      await publish();
      const delivery = await attempted(webhook.id);
      expect(delivery).toMatchObject({ status: 'pending', lastStatusCode: status });
      expect(delivery.attempts[0]).toMatchObject({
        outcome: 'failed',
        statusCode: status,
        failureCode: `http_${status}`,
        failureReason: expect.stringMatching(new RegExp(`answered ${status}.*redirects are not followed`)),
        responseHeaders: { location: target.url },
      });
      await api.delete(`${ACCOUNT}/webhooks/${webhook.id}`);
    }
    expect(receiver.requests).toHaveLength(5);
    expect(target.requests).toEqual([]);
  });

  it('the time-out ends a request without an answer, and one whose body drips', async () => {
    const { receiver, createWebhook, publish, attempted } = await setUp(kind, (request, response) => {
      if (request.path === '/silent') return;
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const silent = await createWebhook(`${receiver.url}silent`, { timeoutMs: 200 });
    const dripping = await createWebhook(`${receiver.url}dripping`, { timeoutMs: 1_000 });
    const startedAt = performance.now();
    await publish();
    const toSilent = await attempted(silent.id);
    const toDripping = await attempted(dripping.id);
    expect(performance.now() - startedAt).toBeGreaterThan(990);
    expect(toSilent).toMatchObject({ status: 'pending', lastFailureReason: 'no answer within 200 ms' });
    expect(toSilent.attempts[0]).toMatchObject({
      outcome: 'failed',
      failureCode: 'timeout',
      failureReason: 'no answer within 200 ms',
      statusCode: null,
    });
    expect(toDripping.status).toBe('pending');
    expect(toDripping.attempts[0]).toMatchObject({
      outcome: 'failed',
      failureCode: 'timeout',
      failureReason: 'answered 200, but the body did not end within 1 s',
      statusCode: 200,
    });
    await eventually(() => receiver.connections() === 0);
  });

  it('of an answer the first 16 KiB are kept, and a longer one delivers all the same', async () => {
    const { api, receiver, createWebhook, publish, attempted } = await setUp(kind, (request) => ({
      body: 'y'.repeat(Number(request.path.slice(1))),
    }));
    for (const [length, kept, responseTruncated] of [
      [0, 0, false],
      [MAX_BODY, MAX_BODY, false],
      [MAX_BODY + 1, MAX_BODY, true],
      [5_000_000, MAX_BODY, true],
    ] as const) {
      const webhook = await createWebhook(receiver.url + length);
      await publish();
      const delivery = await attempted(webhook.id);
      expect(delivery.status).toBe('delivered');
      const [attempt] = delivery.attempts;
      expect(attempt).toMatchObject({ responseTruncated, statusCode: 200 });
      expect(attempt.responseBody?.length ?? 0).toBe(kept);
      // The next round is of the next length alone.
      await api.delete(`${ACCOUNT}/webhooks/${webhook.id}`);
    }
  });

  it('an answer of odd bytes and odd headers is kept, and can be read', async () => {
    const bytes = Buffer.from([0x61, 0, 0x62, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x5c, 0x75, 0x7a]);
    const { receiver, createWebhook, publish, attempted, api } = await setUp(kind, (request, response) => {
      const status = request.path === '/good' ? 200 : 500;
      const odd = ['X-Odd', '\u00e9\u00ff "\\u0000" \\', 'X-Empty', '', 'X-Long', 'z'.repeat(5_000)];
      const twice = ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', '__proto__', 'p', 'constructor', 'c'];
      response.writeHead(status, [...odd, ...twice]).end(bytes);
    });
    for (const path of ['good', 'bad']) {
      const webhook = await createWebhook(receiver.url + path);
      await publish();
      const delivery = await attempted(webhook.id);
      expect(delivery.status).toBe(path === 'good' ? 'delivered' : 'pending');
      const [attempt] = delivery.attempts;
      expect(attempt.responseBody).toBe(new TextDecoder().decode(bytes));
      expect(attempt.responseHeaders).toMatchObject({
        'x-odd': '\u00e9\u00ff "\\u0000" \\',
        'x-empty': '',
        'set-cookie': 'a=1, b=2',
      });
      expect(attempt.responseHeaders['x-long']).toMatch(/^z{1024}$/);
    }
    expect((await api.get(`${ACCOUNT}/deliveries`)).status).toBe(200);
  });

  it("a retry carries today's URL, headers and secret", async () => {
    const { clock, receiver, createWebhook, publish, attempted, patch, api } = await setUp(kind, 500);
    const webhook = await createWebhook(`${receiver.url}old`, {
      headers: { 'x-version': 'old', 'x-gone': 'yes' },
      retry: { schedule: [10] },
    });
    await publish();
    await attempted(webhook.id);
    await patch(webhook.id, { url: `${receiver.url}new`, headers: { 'x-version': 'new' } });
    const rotated = await api.post(`${ACCOUNT}/webhooks/${webhook.id}/secret/rotate`, { overlapSeconds: 0 });
    const secret: string = rotated.body.secret;
    receiver.answer(200);
    clock.advance(10_000);
    const [first, second] = await receiver.waitFor(2);
    const now = clock.now;
    await verify(first?.body ?? '', first?.headers ?? {}, webhook.secret, { now: () => now() - 10_000 });
    await verify(second?.body ?? '', second?.headers ?? {}, secret, { now });
    await expect(
      verify(second?.body ?? '', second?.headers ?? {}, webhook.secret, { now }),
    ).rejects.toMatchObject({ code: 'no_matching_signature' });
    expect(first).toMatchObject({ path: '/old', headers: { 'x-version': 'old', 'x-gone': 'yes' } });
    expect(second).toMatchObject({ path: '/new', headers: { 'x-version': 'new' } });
    expect(second?.headers['x-gone']).toBeUndefined();
    expect(second?.body).toBe(first?.body);
    const delivery = await attempted(webhook.id, 2);
    const urls = delivery.attempts.map((attempt: { url: string }) => attempt.url);
    expect(urls).toEqual([`${receiver.url}old`, `${receiver.url}new`]);
  });

  it('while a secret is rotated both sign; when the old one expires only the new one does', async () => {
    const { clock, receiver, createWebhook, publish, api } = await setUp(kind);
    const webhook = await createWebhook(receiver.url);
    const send = async () => {
      await publish();
      const request = (await receiver.waitFor(receiver.requests.length + 1)).at(-1);
      const signedBy = async (secret: string) =>
        verify(request?.body ?? '', request?.headers ?? {}, secret, { now: clock.now }).then(
          () => true,
          () => false,
        );
      const signatures = String(request?.headers['webhook-signature']).split(' ').length;
      return { signatures, old: await signedBy(webhook.secret), new: await signedBy(rotated) };
    };
    let rotated: string = webhook.secret;
    expect(await send()).toEqual({ signatures: 1, old: true, new: true });
    const { body } = await api.post(`${ACCOUNT}/webhooks/${webhook.id}/secret/rotate`, {
      overlapSeconds: 60,
    });
    rotated = body.secret;
    expect(rotated).not.toBe(webhook.secret);
    expect(body.previousExpiresAt).toBe(new Date(clock.now() + 60_000).toISOString());
    expect(await send()).toEqual({ signatures: 2, old: true, new: true });
    clock.advance(59_999);
    expect(await send()).toEqual({ signatures: 2, old: true, new: true });
    clock.advance(1);
    expect(await send()).toEqual({ signatures: 1, old: false, new: true });
  });

  it('a refused connection is explained', async () => {
    const { createWebhook, publish, attempted } = await setUp(kind);
    const port = await closedPort();
    const webhook = await createWebhook(`http://127.0.0.1:${port}/`);
    await publish();
    const [attempt] = (await attempted(webhook.id)).attempts;
    expect(attempt).toMatchObject({
      outcome: 'failed',
      failureCode: 'connection_refused',
      failureReason: `connection refused by 127.0.0.1:${port}`,
      failureParams: { host: `127.0.0.1:${port}` },
      statusCode: null,
      responseHeaders: null,
      responseBody: null,
    });
  });

  it('every send judges the address again, and its refusal names no internal address', async () => {
    const database = await createTestDatabase(kind);
    const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }];
    const before = await setUp(kind, 200, { ...database, lookup });
    const { receiver } = before;
    const url = `http://hooks.example.com:${receiver.port}/`;
    const webhook = await before.createWebhook(url, { retry: { schedule: [10] } });
    await before.publish();
    expect((await before.attempted(webhook.id)).status).toBe('delivered');
    await before.stop();

    const { api } = await startTestWaybill(kind, { ...database, lookup, egressAllow: [] });
    const { publish, attempted } = actions(api);
    await publish();
    const delivery = await attempted(webhook.id);
    expect(delivery.status).toBe('pending');
    expect(delivery.attempts[0]).toMatchObject({
      failureCode: 'address_not_allowed',
      failureReason: 'hooks.example.com resolves to an address that is not public',
      failureParams: { why: 'resolves', host: 'hooks.example.com' },
      statusCode: null,
    });
    expect(JSON.stringify(delivery)).not.toContain('127.0.0.1');
    expect(receiver.requests).toHaveLength(1);
  });
});
