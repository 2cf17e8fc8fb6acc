import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const EVENTS = '/v1/accounts/acme/events';
const WEBHOOKS = '/v1/accounts/acme/webhooks';
const DELIVERIES = '/v1/accounts/acme/deliveries';
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9999/';

function expectProblem(answer: ApiAnswer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.status).toBe(status);
}

async function create(api: ApiClient, settings: object): Promise<string> {
  const answer = await api.post(WEBHOOKS, { url: NOWHERE, events: ['*'], ...settings });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

async function list(api: ApiClient, query = '') {
  const { status, body, text } = await api.get(`${DELIVERIES}?${query}`);
  expect(status, text).toBe(200);
  return body.data;
}

/** The delivery of a new event, once it is in this status. */
async function publishUntil(api: ApiClient, status: string) {
  const { id } = (await api.post(EVENTS, { type: 'order.created', data: 1, subject: 'order/1' })).body;
  const [delivery] = await eventually(async () => {
    const found = await list(api, `eventId=${id}&status=${status}`);
    return found.length > 0 && found;
  });
  return delivery;
}

describe.each(E2E_DATABASE_KINDS)('deliveries on %s', (kind) => {
  it('lists are filtered by all that can be asked for', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await startReceiver();
    const waiting = await create(api, { name: 'waiting', events: ['*'], status: 'paused' });
    const sending = await create(api, { name: 'sending', events: ['order.*'], url: receiver.url });
    const publish = async (type: string, subject?: string) =>
      (await api.post(EVENTS, { type, subject, data: 1 })).body.id;
    const created = await publish('order.created', 'order/1');
    const changed = await publish('order.changed', 'order/2');
    const started = await publish('route.started', 'order/1');
    await eventually(async () => (await list(api, 'status=delivered')).length === 2);

    // In words: the webhook, and which of the three events.
    const names = new Map([
      [waiting, 'waiting'],
      [sending, 'sending'],
      [created, 'created'],
      [changed, 'changed'],
      [started, 'started'],
    ]);
    const found = async (query: string) =>
      (await list(api, query))
        .map(
          (row: { webhookId: string; eventId: string }) =>
            `${names.get(row.webhookId)} ${names.get(row.eventId)}`,
        )
        .sort();
    const everything = [
      'sending changed',
      'sending created',
      'waiting changed',
      'waiting created',
      'waiting started',
    ];
    expect(await found('')).toEqual(everything);
    expect(await found(`webhookId=${sending}`)).toEqual(['sending changed', 'sending created']);
    expect(await found(`eventId=${created}`)).toEqual(['sending created', 'waiting created']);
    expect(await found('eventType=route.started')).toEqual(['waiting started']);
    expect(await found('eventType=route')).toEqual([]);
    expect(await found('subject=order/1')).toEqual(['sending created', 'waiting created', 'waiting started']);
    expect(await found('status=delivered')).toEqual(['sending changed', 'sending created']);
    expect(await found('status=superseded')).toEqual([]);
    expect(
      await found(`webhookId=${waiting}&subject=order/1&status=pending&eventType=order.created`),
    ).toEqual(['waiting created']);
    expect(await found(`webhookId=wh_${'0'.repeat(32)}`)).toEqual([]);

    // From is the first moment that counts, to the first that doesn't.
    const [row] = await list(api, `webhookId=${waiting}&eventId=${changed}`);
    const at = Date.parse(row.createdAt);
    const iso = (time: number) => encodeURIComponent(new Date(time).toISOString());
    const one = `webhookId=${waiting}&eventId=${changed}`;
    expect(await found(`${one}&from=${iso(at)}&to=${iso(at + 1)}`)).toEqual(['waiting changed']);
    expect(await found(`${one}&from=${iso(at + 1)}`)).toEqual([]);
    expect(await found(`${one}&to=${iso(at)}`)).toEqual([]);
    const inAnotherZone = new Date(at + 2 * 3600_000).toISOString().replace('Z', '%2B02:00');
    expect(await found(`${one}&from=${inAnotherZone}`)).toEqual(['waiting changed']);
    expect(await found(`from=${iso(at - 3600_000)}&to=${iso(at + 3600_000)}`)).toEqual(everything);
    expect(await found(`from=${iso(0)}&to=9999-12-31T23:59:59Z`)).toEqual(everything);
    await receiver.close();
  });

  it('lists are paged, newest first, without gap or repeat, also when filtered', async () => {
    const { api } = await startTestWaybill(kind);
    const [first, second] = [
      await create(api, { status: 'paused' }),
      await create(api, { status: 'paused' }),
    ];
    const data = Array.from({ length: 5 }, (_, n) => n);
    await api.post(EVENTS, { events: data.map((n) => ({ type: 'order.created', data: n })) });
    const paged = async (query: string) => {
      const pages: string[][] = [];
      for (let cursor = ''; ; ) {
        const { body } = await api.get(`${DELIVERIES}?${query}${cursor && `&cursor=${cursor}`}`);
        pages.push(body.data.map((row: { id: string }) => row.id));
        if (body.nextCursor === null) return pages;
        cursor = body.nextCursor;
      }
    };
    const all = (await list(api, 'limit=100')).map((row: { id: string }) => row.id);
    expect(all).toHaveLength(10);
    expect(all).toEqual(all.toSorted().toReversed());
    const pages = await paged('limit=4');
    expect(pages.map((page) => page.length)).toEqual([4, 4, 2]);
    expect(pages.flat()).toEqual(all);
    for (const id of [first, second]) {
      const filtered = await paged(`limit=2&webhookId=${id}`);
      expect(filtered.map((page) => page.length)).toEqual([2, 2, 1]);
      expect(filtered.flat()).toEqual(
        (await list(api, `webhookId=${id}`)).map((row: { id: string }) => row.id),
      );
    }
  });

  it('one reads with all its attempts: what was asked, what was answered, and why it failed', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await startReceiver((_request, _response, index) =>
      index === 0
        ? { status: 503, headers: { 'x-why': 'över', 'retry-after': '0' }, body: 'try later' }
        : { status: 201, body: 'x'.repeat(20_000) },
    );
    const id = await create(api, { url: `${receiver.url}hook`, retry: { schedule: [1, 1] } });
    const { id: eventId } = (await api.post(EVENTS, { type: 'order.created', data: 1, subject: 'order/1' }))
      .body;
    const delivery = await eventually(async () => {
      const [row] = await list(api, 'status=delivered');
      return row && (await api.get(`${DELIVERIES}/${row.id}`)).body;
    });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(delivery).toEqual({
      id: expect.stringMatching(/^dlv_[0-9a-f]{32}$/),
      webhookId: id,
      eventId,
      eventType: 'order.created',
      subject: 'order/1',
      status: 'delivered',
      statusReason: null,
      attemptCount: 2,
      createdAt: time,
      nextAttemptAt: null,
      settledAt: time,
      lastAttemptAt: time,
      lastStatusCode: 201,
      lastFailureCode: null,
      lastFailureReason: null,
      lastFailureParams: null,
      lastDurationMs: expect.any(Number),
      priority: null,
      replayId: null,
      batchId: null,
      batchItems: null,
      supersededBy: null,
      attempts: [
        {
          id: expect.stringMatching(/^att_[0-9a-f]{32}$/),
          number: 1,
          startedAt: time,
          durationMs: expect.any(Number),
          url: `${receiver.url}hook`,
          outcome: 'failed',
          failureCode: 'http_503',
          failureReason: 'answered 503 Service Unavailable',
          failureParams: null,
          statusCode: 503,
          responseHeaders: expect.objectContaining({ 'x-why': 'över', 'retry-after': '0' }),
          responseBody: 'try later',
          responseTruncated: false,
          batchId: null,
        },
        expect.objectContaining({
          number: 2,
          outcome: 'delivered',
          failureCode: null,
          failureReason: null,
          statusCode: 201,
          responseBody: 'x'.repeat(16 * 1024),
          responseTruncated: true,
        }),
      ],
    });
    for (const { durationMs } of delivery.attempts) expect(durationMs).toBeGreaterThanOrEqual(0);
    // The list shows the same, but for the attempts.
    const { attempts: _, ...row } = delivery;
    expect(await list(api)).toEqual([row]);
    await receiver.close();
  });
});

describe('a span of time', () => {
  it('that begins before 1970 holds what has been made since, and one that ends there nothing', async () => {
    const { api } = await startTestWaybill('postgres');
    await create(api, { status: 'paused' });
    await api.post(EVENTS, { type: 'order.created', data: 1 });
    for (const early of ['1969-12-31T23:59:59Z', '1900-01-01T00:00:00Z', '0001-01-01T00:00:00Z']) {
      expect(await list(api, `from=${early}`), `from ${early}`).toHaveLength(1);
      expect(await list(api, `to=${early}`), `to ${early}`).toEqual([]);
    }
  });
});

describe('retry', () => {
  it('a failed delivery is sent again by hand, as the same event, and its attempts count on', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver((_request, _response, index) => (index === 0 ? 500 : 200));
    const webhook = await create(api, { url: receiver.url, retry: { schedule: [] } });
    const failed = await publishUntil(api, 'failed');
    expect(failed).toMatchObject({ statusReason: 'exhausted', attemptCount: 1 });
    expect(failed.lastFailureReason).toBe('answered 500 Internal Server Error');
    expect((await api.get(`${WEBHOOKS}/${webhook}`)).body.health).toBe('failing');

    const answer = await api.post(`${DELIVERIES}/${failed.id}/retry`);
    expect(answer.status).toBe(202);
    expect(answer.body.id).toBe(failed.id);
    const [first, second] = await receiver.waitFor(2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    const delivered = await eventually(async () => {
      const { body } = await api.get(`${DELIVERIES}/${failed.id}`);
      return body.status === 'delivered' && body;
    });
    expect(delivered.attempts.map((one: { number: number }) => one.number)).toEqual([1, 2]);
    const lastDurationMs = delivered.attempts.at(-1).durationMs;
    expect(delivered).toMatchObject({ statusReason: null, lastFailureReason: null, lastDurationMs });
    expect((await api.get(`${WEBHOOKS}/${webhook}`)).body).toMatchObject({
      health: 'healthy',
      failingSince: null,
    });
    expect(await list(api)).toHaveLength(1);
    await receiver.close();
  });

  it('a cancelled delivery is sent again by hand', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const webhook = await create(api, { url: receiver.url, status: 'paused' });
    const pending = await publishUntil(api, 'pending');
    const cancelled = await api.post(`${DELIVERIES}/${pending.id}/cancel`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({
      id: pending.id,
      status: 'cancelled',
      statusReason: 'request',
      nextAttemptAt: null,
      settledAt: expect.any(String),
    });
    const retried = await api.post(`${DELIVERIES}/${pending.id}/retry`);
    expect(retried.body).toMatchObject({
      status: 'pending',
      statusReason: null,
      settledAt: null,
      nextAttemptAt: expect.any(String),
    });
    await api.post(`${WEBHOOKS}/${webhook}/resume`);
    await receiver.waitFor(1);
    await receiver.close();
  });

  it('what is pending or delivered cannot be sent again, and stays what it was', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const webhook = await create(api, { url: receiver.url });
    const delivered = await publishUntil(api, 'delivered');
    await api.post(`${WEBHOOKS}/${webhook}/pause`);
    const pending = await publishUntil(api, 'pending');
    for (const { id } of [pending, delivered]) {
      const before = await api.get(`${DELIVERIES}/${id}`);
      expectProblem(await api.post(`${DELIVERIES}/${id}/retry`), 409, 'delivery_not_retryable');
      expect((await api.get(`${DELIVERIES}/${id}`)).text).toBe(before.text);
    }
    expect(receiver.requests).toHaveLength(1);
    await receiver.close();
  });

  it('nothing is sent again to a webhook that is disabled or deleted', async () => {
    const { api } = await startTestWaybill('postgres');
    const webhook = await create(api, { status: 'paused' });
    const { id } = await publishUntil(api, 'pending');
    await api.patch(`${WEBHOOKS}/${webhook}`, { status: 'disabled' });
    expectProblem(await api.post(`${DELIVERIES}/${id}/retry`), 409, 'webhook_disabled');
    await api.delete(`${WEBHOOKS}/${webhook}`);
    expectProblem(await api.post(`${DELIVERIES}/${id}/retry`), 409, 'webhook_deleted');
    expect((await api.get(`${DELIVERIES}/${id}`)).body).toMatchObject({
      status: 'cancelled',
      statusReason: 'webhook_disabled',
      attemptCount: 0,
    });
  });
});

describe('cancel', () => {
  it('what waits for its retry is cancelled, with its attempt on record, and not sent any more', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver(500);
    await create(api, { url: receiver.url, retry: { schedule: [3600] } });
    const { id } = await publishUntil(api, 'pending');
    await eventually(async () => (await api.get(`${DELIVERIES}/${id}`)).body.attemptCount === 1);
    expect((await api.post(`${DELIVERIES}/${id}/cancel`)).status).toBe(200);
    const { body } = await api.get(`${DELIVERIES}/${id}`);
    expect(body).toMatchObject({ status: 'cancelled', statusReason: 'request', attemptCount: 1 });
    expect(body.attempts).toMatchObject([{ failureCode: 'http_500' }]);
    expect(receiver.requests).toHaveLength(1);
    await receiver.close();
  });

  it('what has ended cannot be cancelled, and stays what it was', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver((_request, _response, index) => (index === 0 ? 200 : 500));
    await create(api, { url: receiver.url, retry: { schedule: [] } });
    const delivered = await publishUntil(api, 'delivered');
    const failed = await publishUntil(api, 'failed');
    const cancelled = await (async () => {
      await create(api, { name: 'paused', status: 'paused' });
      const { id } = (await api.post(EVENTS, { type: 'order.created', data: 1 })).body;
      const [row] = await eventually(() => list(api, `eventId=${id}&status=pending`));
      return (await api.post(`${DELIVERIES}/${row.id}/cancel`)).body;
    })();
    for (const { id } of [delivered, failed, cancelled]) {
      const before = await api.get(`${DELIVERIES}/${id}`);
      expectProblem(await api.post(`${DELIVERIES}/${id}/cancel`), 409, 'delivery_not_cancellable');
      expect((await api.get(`${DELIVERIES}/${id}`)).text).toBe(before.text);
    }
    await receiver.close();
  });

  it('one is cancelled, the others of its event and webhook go on', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const webhook = await create(api, { url: receiver.url, status: 'paused' });
    const first = await publishUntil(api, 'pending');
    const second = await publishUntil(api, 'pending');
    await api.post(`${DELIVERIES}/${first.id}/cancel`);
    await api.post(`${WEBHOOKS}/${webhook}/resume`);
    await eventually(async () => (await api.get(`${DELIVERIES}/${second.id}`)).body.status === 'delivered');
    expect((await api.get(`${DELIVERIES}/${first.id}`)).body.status).toBe('cancelled');
    expect(receiver.requests.map((request) => request.headers['webhook-id'])).toEqual([second.eventId]);
    await receiver.close();
  });
});

describe('a delivery that is not there', () => {
  it('is a 404 to read, to send again and to cancel, also if another account has it', async () => {
    const { api } = await startTestWaybill('postgres');
    await create(api, { status: 'paused' });
    const { id } = await publishUntil(api, 'pending');
    const other = '/v1/accounts/other/deliveries';
    const wrong = [
      `${other}/${id}`,
      `${DELIVERIES}/dlv_${'0'.repeat(32)}`,
      `${DELIVERIES}/${id.toUpperCase()}`,
      `${DELIVERIES}/${id.replace('dlv', 'evt')}`,
      `${DELIVERIES}/x`,
    ];
    for (const path of wrong) {
      expectProblem(await api.get(path), 404, 'not_found');
      expectProblem(await api.post(`${path}/retry`), 404, 'not_found');
      expectProblem(await api.post(`${path}/cancel`), 404, 'not_found');
    }
    expect((await api.get(other)).body).toEqual({ data: [], nextCursor: null });
    expect((await api.get(`${DELIVERIES}/${id}`)).body.status).toBe('pending');
  });
});
