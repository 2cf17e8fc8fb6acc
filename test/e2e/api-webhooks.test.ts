import { describe, expect, it } from 'vitest';
import { type VerificationErrorCode, verify } from '../../src/verify.ts';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type ReceivedRequest, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const EVENTS = '/v1/accounts/acme/events';
const WEBHOOKS = '/v1/accounts/acme/webhooks';
const DELIVERIES = '/v1/accounts/acme/deliveries';
const OWN_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9999/';

function expectProblem(answer: ApiAnswer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.status).toBe(status);
}

async function create(api: ApiClient, settings: object) {
  const answer = await api.post(WEBHOOKS, { url: NOWHERE, events: ['*'], ...settings });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

/** Whether the request was signed with this secret, among others perhaps. */
async function isSignedWith(request: ReceivedRequest | undefined, secret: string): Promise<boolean> {
  if (!request) throw new Error('there is no such request');
  const refused: VerificationErrorCode = 'no_matching_signature';
  return verify(request.body, request.headers, secret).then(
    () => true,
    (error) => {
      if (error.code !== refused) throw error;
      return false;
    },
  );
}

describe.each(E2E_DATABASE_KINDS)('webhooks on %s', (kind) => {
  it('lists are paged, newest first, without gap or repeat, and a deleted one is missing', async () => {
    const { api } = await startTestWaybill(kind);
    const made: string[] = [];
    for (let n = 0; n < 8; n += 1) made.push((await create(api, { name: `number ${n}` })).id);
    await api.post('/v1/accounts/other/webhooks', { url: NOWHERE, events: ['*'] });
    const [deleted] = made.splice(3, 1);
    expect((await api.delete(`${WEBHOOKS}/${deleted}`)).status).toBe(204);

    const pages: string[][] = [];
    let cursor = '';
    do {
      const { status, body } = await api.get(`${WEBHOOKS}?limit=3${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      pages.push(body.data.map((webhook: { id: string }) => webhook.id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(made.toReversed());
  });

  it('deleting one cancels what is pending for it, and its deliveries stay readable', async () => {
    const { api } = await startTestWaybill(kind);
    const doomed = await create(api, { status: 'paused' });
    const kept = await create(api, { status: 'paused' });
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    const answer = await api.delete(`${WEBHOOKS}/${doomed.id}`);
    expect([answer.status, answer.text]).toEqual([204, '']);

    const cancelled = (await api.get(`${DELIVERIES}?webhookId=${doomed.id}`)).body.data;
    expect(cancelled).toMatchObject([
      { status: 'cancelled', statusReason: 'webhook_deleted', nextAttemptAt: null },
    ]);
    expect((await api.get(`${DELIVERIES}/${cancelled[0].id}`)).body.attempts).toEqual([]);
    expect((await api.get(`${DELIVERIES}?webhookId=${kept.id}`)).body.data).toMatchObject([
      { status: 'pending' },
    ]);
    expect((await api.post(EVENTS, { type: 'order.created', data: 2 })).body.deliveries).toBe(1);
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/test'],
      ['POST', '/secret/rotate'],
    ] as const) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      expectProblem(await api.request(method, `${WEBHOOKS}/${doomed.id}${path}`, body), 404, 'not_found');
    }
  });
});

describe('creating a webhook', () => {
  it('takes every field, and shows them as they were given', async () => {
    const { api } = await startTestWaybill('postgres');
    const settings = {
      name: 'Orders to the åccounting 📦',
      url: 'http://127.0.0.1:9999/hooks?a=b',
      events: ['order.*', 'route.started'],
      channels: ['web', 'Butik Söder'],
      status: 'paused',
      profile: 'standard-webhooks',
      headers: { 'X-Shop': 'acme', 'x-other': 'a b' },
      retry: { schedule: [1, 60, 604800] },
      timeoutMs: 100,
      payloadVersion: null,
      condition: { mode: 'stop', any: [{ field: 'test', operator: 'isTrue' }] },
      payload: { mimeType: 'text/plain', template: '{{ event.type }}' },
      unique: true,
      priority: 9,
      ordering: 'subject',
      rateLimit: { perSecond: 0.5, inFlight: 2 },
      disableAfterDays: 2.5,
    };
    const answer = await api.post(WEBHOOKS, { ...settings, secret: OWN_SECRET });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('application/json');
    const { secret, ...webhook } = answer.body;
    expect(secret).toBe(OWN_SECRET);
    expect(webhook).toEqual({
      ...settings,
      batch: null,
      id: expect.stringMatching(/^wh_[0-9a-f]{32}$/),
      disabledReason: null,
      health: 'healthy',
      failingSince: null,
      firstFailureAt: null,
      lastFailure: null,
      disabledAt: null,
      publicKeys: [],
      auth: null,
      clientCertificate: null,
      tlsCa: null,
      filters: {},
      effective: {
        profile: 'Standard Webhooks',
        payloadVersion: null,
        httpsOnly: false,
        userAgent: null,
        success: '2xx',
        retry: { ...settings.retry, jitter: false },
        failing: { after: 1, actions: ['mark', 'alert'] },
        disableAfterDays: 2.5,
      },
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: webhook.createdAt,
    });
    expect((await api.get(`${WEBHOOKS}/${webhook.id}`)).body).toEqual(webhook);
    expect((await api.get(WEBHOOKS)).body).toEqual({ data: [webhook], nextCursor: null });
  });

  it('asks for no more than url and events, and fills in the rest', async () => {
    const { api } = await startTestWaybill('postgres');
    const webhook = await create(api, { url: 'http://127.0.0.1:9999/hooks', events: ['*'] });
    expect(webhook).toMatchObject({
      name: '127.0.0.1',
      channels: [],
      status: 'active',
      disabledReason: null,
      profile: 'standard-webhooks',
      headers: {},
      retry: null,
      timeoutMs: 15_000,
    });
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect((await create(api, {})).secret).not.toBe(webhook.secret);
  });

  it('is called as its host where it has no name, or its name is taken away', async () => {
    const { api } = await startTestWaybill('postgres');
    const named = { name: 'Warehouse', url: 'http://127.0.0.1:9999/hooks', events: ['*'] };
    const { id } = await create(api, named);
    const patched = async (changes: object) => (await api.patch(`${WEBHOOKS}/${id}`, changes)).body.name;
    expect(await patched({ timeoutMs: 1_000 })).toBe('Warehouse');
    expect(await patched({ name: null })).toBe('127.0.0.1');
    expect(await patched({ name: null, url: 'http://127.0.0.2:9999/' })).toBe('127.0.0.2');
    expect((await create(api, { ...named, name: null })).name).toBe('127.0.0.1');
  });

  it('shows the secret this once and never again', async () => {
    const { api } = await startTestWaybill('postgres');
    const { id, secret } = await create(api, {});
    const rotated = (await api.post(`${WEBHOOKS}/${id}/secret/rotate`, {})).body.secret;
    const answers = [
      await api.get(`${WEBHOOKS}/${id}`),
      await api.get(WEBHOOKS),
      await api.patch(`${WEBHOOKS}/${id}`, { name: 'other' }),
      await api.post(`${WEBHOOKS}/${id}/pause`),
      await api.post(`${WEBHOOKS}/${id}/resume`),
      await api.post(`${WEBHOOKS}/${id}/test`),
    ];
    for (const { status, text } of answers) {
      expect(status).toBeLessThan(300);
      expect(text).not.toContain('secret');
      expect(text).not.toContain(secret.slice(6));
      expect(text).not.toContain(rotated.slice(6));
    }
  });

  it('makes the account it is the first thing of', async () => {
    const { api } = await startTestWaybill('postgres');
    expect((await api.post('/v1/accounts/fresh/webhooks', { url: NOWHERE, events: ['*'] })).status).toBe(201);
    expect((await api.get('/v1/accounts/fresh')).status).toBe(200);
  });

  it('makes neither webhook nor account if it is refused', async () => {
    const { api } = await startTestWaybill('postgres');
    const refused = [
      { url: NOWHERE },
      { url: 'http://10.0.0.1/', events: ['*'] },
      { url: 'ftp://example.com/', events: ['*'] },
      { url: NOWHERE, events: ['*'], secret: 'x' },
    ];
    for (const body of refused) {
      expectProblem(await api.post('/v1/accounts/nobody/webhooks', body), 400, 'validation_failed');
    }
    expect((await api.get('/v1/accounts/nobody/webhooks')).body.data).toEqual([]);
    expectProblem(await api.get('/v1/accounts/nobody'), 404, 'not_found');
  });

  it('its events go out with its own headers, signed with its own secret', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    await create(api, { url: `${receiver.url}a?b=c`, secret: OWN_SECRET, headers: { 'X-Shop': 'acme' } });
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    const [request] = await receiver.waitFor(1);
    expect(request?.path).toBe('/a?b=c');
    expect(request?.headers['x-shop']).toBe('acme');
    expect(request?.headers['content-type']).toBe('application/json');
    expect(await isSignedWith(request, OWN_SECRET)).toBe(true);
    await receiver.close();
  });
});

describe('changing a webhook', () => {
  it('sets each field alone, and leaves all others as they were', async () => {
    const { api } = await startTestWaybill('postgres');
    const { secret: _, ...made } = await create(api, { headers: { 'x-a': '1' }, retry: { schedule: [5] } });
    const changes = [
      { name: 'New name' },
      { url: 'http://127.0.0.1:9998/other' },
      { events: ['order.created'] },
      { channels: ['web'] },
      { channels: [] },
      { headers: { 'X-B': '2' } },
      { headers: {} },
      { retry: { schedule: [1, 2, 3] } },
      { retry: { schedule: [] } },
      { retry: null },
      { timeoutMs: 120_000 },
      { status: 'paused' },
      { status: 'active' },
      { profile: 'standard-webhooks' },
      {},
    ];
    let expected = made;
    for (const change of changes) {
      const answer = await api.patch(`${WEBHOOKS}/${made.id}`, change);
      const { updatedAt, effective } = answer.body;
      expected = { ...expected, ...change, updatedAt, effective };
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual(expected);
      expect((await api.get(`${WEBHOOKS}/${made.id}`)).body).toEqual(expected);
    }
    expect(expected.createdAt).toBe(made.createdAt);
    expect(Date.parse(expected.updatedAt)).toBeGreaterThan(Date.parse(made.updatedAt));
  });

  it('that is refused changes nothing, be it one field of many', async () => {
    const { api } = await startTestWaybill('postgres');
    const { secret: _, ...made } = await create(api, {});
    const refused = [
      { name: 'good', timeoutMs: 1 },
      { name: 'good', url: 'http://10.0.0.1/' },
      { name: 'good', secret: OWN_SECRET },
      { name: 'good', id: 'wh_1' },
      { name: 'good', health: 'healthy' },
      { events: [] },
    ];
    for (const change of refused) {
      expectProblem(await api.patch(`${WEBHOOKS}/${made.id}`, change), 400, 'validation_failed');
    }
    expect((await api.get(`${WEBHOOKS}/${made.id}`)).body).toEqual(made);
  });

  it('of its URL sends what still waits to the new one', async () => {
    const { api } = await startTestWaybill('postgres');
    const [before, after] = [await startReceiver(), await startReceiver()];
    const { id } = await create(api, { url: before.url, status: 'paused' });
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    await api.patch(`${WEBHOOKS}/${id}`, { url: after.url });
    await api.post(`${WEBHOOKS}/${id}/resume`);
    await after.waitFor(1);
    expect(before.requests).toEqual([]);
    await Promise.all([before.close(), after.close()]);
  });

  it('of its events and channels decides about what is published from then on', async () => {
    const { api } = await startTestWaybill('postgres');
    const { id } = await create(api, { events: ['a'], status: 'paused' });
    const wanted = async (type: string, channel?: string) =>
      (await api.post(EVENTS, { type, channel, data: 1 })).body.deliveries;
    expect([await wanted('a'), await wanted('b')]).toEqual([1, 0]);
    await api.patch(`${WEBHOOKS}/${id}`, { events: ['b'] });
    expect([await wanted('a'), await wanted('b')]).toEqual([0, 1]);
    await api.patch(`${WEBHOOKS}/${id}`, { channels: ['web'] });
    expect([await wanted('b'), await wanted('b', 'web')]).toEqual([0, 1]);
  });

  it('of its retry schedule takes effect at the next failure', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver(500);
    const { id } = await create(api, { url: receiver.url, retry: { schedule: [3600] } });
    await api.patch(`${WEBHOOKS}/${id}`, { retry: { schedule: [] } });
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    const [failed] = await eventually(async () => {
      const { data } = (await api.get(`${DELIVERIES}?status=failed`)).body;
      return data.length > 0 && data;
    });
    expect(failed).toMatchObject({ statusReason: 'exhausted', attemptCount: 1, lastStatusCode: 500 });
    expect((await api.get(`${WEBHOOKS}/${id}`)).body).toMatchObject({ status: 'active', health: 'failing' });
    await receiver.close();
  });

  it('reading or changing one that is not there is a 404', async () => {
    const { api } = await startTestWaybill('postgres');
    const other = (await api.post('/v1/accounts/other/webhooks', { url: NOWHERE, events: ['*'] })).body;
    const wrong = [
      other.id,
      `wh_${'0'.repeat(32)}`,
      other.id.toUpperCase(),
      other.id.replace('wh', 'dlv'),
      'x',
    ];
    for (const id of wrong) {
      expectProblem(await api.get(`${WEBHOOKS}/${id}`), 404, 'not_found');
      expectProblem(await api.patch(`${WEBHOOKS}/${id}`, { name: 'mine now' }), 404, 'not_found');
      expectProblem(await api.delete(`${WEBHOOKS}/${id}`), 404, 'not_found');
    }
    expect((await api.get(`/v1/accounts/other/webhooks/${other.id}`)).body.name).toBe('127.0.0.1');
  });
});

describe('pausing, resuming and disabling', () => {
  it('disabling one cancels what is pending for it, and makes no more until it is resumed', async () => {
    const { api } = await startTestWaybill('postgres');
    const { id } = await create(api, { status: 'paused' });
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    const disabled = await api.patch(`${WEBHOOKS}/${id}`, { status: 'disabled' });
    expect(disabled.body).toMatchObject({ status: 'disabled', disabledReason: 'request' });
    expect((await api.get(DELIVERIES)).body.data).toMatchObject([
      { status: 'cancelled', statusReason: 'webhook_disabled' },
    ]);
    expect((await api.post(EVENTS, { type: 'order.created', data: 2 })).body.deliveries).toBe(0);
    expectProblem(await api.post(`${WEBHOOKS}/${id}/pause`), 409, 'webhook_disabled');
    expectProblem(await api.post(`${WEBHOOKS}/${id}/test`), 409, 'webhook_disabled');
    expect((await api.get(`${WEBHOOKS}/${id}`)).body.status).toBe('disabled');
    expect((await api.get(DELIVERIES)).body.data).toHaveLength(1);

    const resumed = await api.post(`${WEBHOOKS}/${id}/resume`);
    expect(resumed.body).toMatchObject({ status: 'active', disabledReason: null });
    expect((await api.post(EVENTS, { type: 'order.created', data: 3 })).body.deliveries).toBe(1);
    // What was cancelled isn't brought back by it.
    const statuses = (await api.get(DELIVERIES)).body.data.map((row: { status: string }) => row.status);
    expect(statuses).toEqual(['pending', 'cancelled']);
  });

  it('a paused webhook gets nothing until it is resumed, and then all of it', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const [paused, witness] = [await startReceiver(), receiver];
    const { id } = await create(api, { url: paused.url });
    await create(api, { url: witness.url });
    expect((await api.post(`${WEBHOOKS}/${id}/pause`)).body.status).toBe('paused');
    for (const data of [1, 2]) expect((await api.post(EVENTS, { type: 'a', data })).body.deliveries).toBe(2);
    await witness.waitFor(2);
    expect(paused.requests).toEqual([]);
    expect((await api.get(`${DELIVERIES}?webhookId=${id}&status=pending`)).body.data).toHaveLength(2);
    expect((await api.post(`${WEBHOOKS}/${id}/resume`)).body.status).toBe('active');
    const requests = await paused.waitFor(2);
    expect(requests.map((request) => JSON.parse(request.body).data).sort()).toEqual([1, 2]);
    await Promise.all([paused.close(), witness.close()]);
  });

  it('doing it twice is doing it once', async () => {
    const { api } = await startTestWaybill('postgres');
    const { id } = await create(api, {});
    const steps = ['resume', 'pause', 'pause', 'resume', 'resume'];
    const seen = [];
    for (const step of steps) seen.push((await api.post(`${WEBHOOKS}/${id}/${step}`)).body.status);
    expect(seen).toEqual(['active', 'paused', 'paused', 'active', 'active']);
  });
});

describe('testing a webhook', () => {
  it('sends to this webhook alone, whatever events it wants, signed', async () => {
    const { api } = await startTestWaybill('postgres');
    const [receiver, bystander] = [await startReceiver(), await startReceiver()];
    const { id, secret } = await create(api, { url: receiver.url, events: ['order.*'], channels: ['web'] });
    await create(api, { url: bystander.url, events: ['*'] });
    const answer = await api.post(`${WEBHOOKS}/${id}/test`);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^evt_/),
      deliveryId: expect.stringMatching(/^dlv_/),
    });
    const [request] = await receiver.waitFor(1);
    expect(request?.headers['webhook-id']).toBe(answer.body.id);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ type: 'webhook.test', data: { test: true } });
    expect(await isSignedWith(request, secret)).toBe(true);
    const delivery = await eventually(async () => {
      const { body } = await api.get(`${DELIVERIES}/${answer.body.deliveryId}`);
      return body.status === 'delivered' && body;
    });
    expect(delivery).toMatchObject({ webhookId: id, eventId: answer.body.id, eventType: 'webhook.test' });
    expect((await api.get(DELIVERIES)).body.data).toHaveLength(1);
    expect(bystander.requests).toEqual([]);
    await Promise.all([receiver.close(), bystander.close()]);
  });

  it('is of the asked type, else of the first type the webhook names in full', async () => {
    const { api } = await startTestWaybill('postgres');
    const { id } = await create(api, { events: ['route.*', 'order.created'], status: 'paused' });
    const typeOf = async (body?: object) => {
      const answer = await api.post(`${WEBHOOKS}/${id}/test`, body);
      return (await api.get(`${EVENTS}/${answer.body.id}`)).body.type;
    };
    expect(await typeOf()).toBe('order.created');
    expect(await typeOf({})).toBe('order.created');
    expect(await typeOf({ eventType: 'delivery.completed' })).toBe('delivery.completed');
    for (const eventType of ['order.*', '', 'a b', 'x'.repeat(129)]) {
      expectProblem(await api.post(`${WEBHOOKS}/${id}/test`, { eventType }), 400, 'validation_failed');
    }
    expect((await api.get(EVENTS)).body.data).toHaveLength(3);
  });
});

describe('rotating the secret', () => {
  it('both secrets verify while they overlap', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const { id, secret } = await create(api, { url: receiver.url });
    const before = Date.now();
    const answer = await api.post(`${WEBHOOKS}/${id}/secret/rotate`);
    expect(answer.status).toBe(200);
    expect(answer.body.secret).toMatch(/^whsec_/);
    expect(answer.body.secret).not.toBe(secret);
    const overlapMs = Date.parse(answer.body.previousExpiresAt) - before;
    expect(Math.round(overlapMs / 60_000)).toBe(24 * 60);
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    const [request] = await receiver.waitFor(1);
    expect(await isSignedWith(request, answer.body.secret)).toBe(true);
    expect(await isSignedWith(request, secret)).toBe(true);
    expect(await isSignedWith(request, OWN_SECRET)).toBe(false);
    expect(String(request?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    await receiver.close();
  });

  it('without overlap only the new one verifies, also for a webhook that is sent to already', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const { id, secret } = await create(api, { url: receiver.url });
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    await receiver.waitFor(1);
    const rotation = { secret: OWN_SECRET, overlapSeconds: 0 };
    const answer = await api.post(`${WEBHOOKS}/${id}/secret/rotate`, rotation);
    expect(answer.body.secret).toBe(OWN_SECRET);
    await api.post(EVENTS, { type: 'order.created', data: 2 });
    const [first, second] = await receiver.waitFor(2);
    expect([await isSignedWith(first, secret), await isSignedWith(first, OWN_SECRET)]).toEqual([true, false]);
    expect([await isSignedWith(second, secret), await isSignedWith(second, OWN_SECRET)]).toEqual([
      false,
      true,
    ]);
    await receiver.close();
  });

  it('without overlap only the new one verifies, also while an earlier one still overlaps', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const { id, secret } = await create(api, { url: receiver.url });
    const second = (await api.post(`${WEBHOOKS}/${id}/secret/rotate`)).body.secret;
    const third = (await api.post(`${WEBHOOKS}/${id}/secret/rotate`, { overlapSeconds: 0 })).body.secret;
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    const [request] = await receiver.waitFor(1);
    const verified = [];
    for (const one of [secret, second, third]) verified.push(await isSignedWith(request, one));
    expect(verified).toEqual([false, false, true]);
    await receiver.close();
  });

  it('a retry carries the secret of today', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver((_request, _response, index) => (index === 0 ? 500 : 200));
    const { id, secret } = await create(api, { url: receiver.url, retry: { schedule: [3600] } });
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    await receiver.waitFor(1);
    const [delivery] = await eventually(async () => {
      const { data } = (await api.get(DELIVERIES)).body;
      return data[0]?.attemptCount === 1 && data;
    });
    const { body } = await api.post(`${WEBHOOKS}/${id}/secret/rotate`, { overlapSeconds: 0 });
    // Cancelled and sent again, it needn't wait for its schedule.
    expect((await api.post(`${DELIVERIES}/${delivery.id}/cancel`)).status).toBe(200);
    expect((await api.post(`${DELIVERIES}/${delivery.id}/retry`)).status).toBe(202);
    const [first, second] = await receiver.waitFor(2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(await isSignedWith(first, secret)).toBe(true);
    expect(await isSignedWith(second, body.secret)).toBe(true);
    expect(await isSignedWith(second, secret)).toBe(false);
    await receiver.close();
  });

  it('a refused rotation leaves the secret as it was', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const { id, secret } = await create(api, { url: receiver.url });
    const refused = [
      { secret: 'whsec_short' },
      { overlapSeconds: -1 },
      { overlapSeconds: 30 * 86_400 + 1 },
      { overlapSeconds: 1.5 },
      { overlapSeconds: '0' },
      { secret: null },
      { overlap: 1 },
    ];
    for (const body of refused) {
      expectProblem(await api.post(`${WEBHOOKS}/${id}/secret/rotate`, body), 400, 'validation_failed');
    }
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    const [request] = await receiver.waitFor(1);
    expect(await isSignedWith(request, secret)).toBe(true);
    expect(String(request?.headers['webhook-signature']).split(' ')).toHaveLength(1);
    await receiver.close();
  });
});
