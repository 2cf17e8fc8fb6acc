import { describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const EVENTS = '/v1/accounts/acme/events';
const WEBHOOKS = '/v1/accounts/acme/webhooks';
const DELIVERIES = '/v1/accounts/acme/deliveries';
const MEBIBYTE = 1024 * 1024;

function expectProblem(answer: ApiAnswer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.status).toBe(status);
}

/** All pages of a list, and how many there were. */
async function readAll(api: ApiClient, path: string) {
  const rows = [];
  let pages = 0;
  for (let cursor = ''; ; ) {
    const { status, body } = await api.get(`${path}${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    rows.push(...body.data);
    pages += 1;
    if (body.nextCursor === null) return { rows, pages };
    cursor = encodeURIComponent(body.nextCursor);
  }
}

async function idsOf(api: ApiClient, path = `${EVENTS}?limit=100`): Promise<string[]> {
  return (await readAll(api, path)).rows.map((row) => row.id);
}

describe.each(E2E_DATABASE_KINDS)('events on %s', (kind) => {
  it('lists are filtered, and paged without gap or repeat', async () => {
    const { api } = await startTestWaybill(kind);
    const published: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { body } = await api.post(EVENTS, {
        events: [
          { type: 'order.created', data: n, subject: 'order/1', channel: 'web' },
          { type: 'order.changed', data: n, subject: 'order/1' },
          { type: 'order.created', data: n, subject: 'order/2', channel: 'shop' },
        ],
      });
      published.push(...body.events.map((event: { id: string }) => event.id));
    }
    await api.post('/v1/accounts/other/events', { type: 'order.created', data: 0 });

    const all = await readAll(api, `${EVENTS}?limit=4`);
    expect(all.pages).toBe(3);
    expect(all.rows.map((row) => row.id)).toEqual(published.toReversed());
    expect((await readAll(api, `${EVENTS}?limit=9`)).pages).toBe(1);

    const filtered = async (query: string) => (await readAll(api, `${EVENTS}?limit=2&${query}`)).rows;
    expect((await filtered('type=order.created')).map((row) => row.type)).toEqual(
      Array(6).fill('order.created'),
    );
    expect((await filtered('subject=order/1')).map((row) => row.subject)).toEqual(Array(6).fill('order/1'));
    expect((await filtered('channel=web')).map((row) => row.channel)).toEqual(Array(3).fill('web'));
    expect(await filtered('type=order.created&subject=order/1&channel=web')).toHaveLength(3);
    expect(await filtered('type=order.changed&channel=web')).toEqual([]);
    expect(await filtered('type=order')).toEqual([]);
  });

  it('twenty publishes of one key at the same moment are one event', async () => {
    const { api } = await startTestWaybill(kind);
    const event = { type: 'order.created', data: { id: 1 }, idempotencyKey: 'same' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.post(EVENTS, event)));
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    expect(await idsOf(api)).toEqual([answers[0]?.body.id]);
  });

  it('of twenty different bodies under one key at the same moment, one wins and the others conflict', async () => {
    const { api } = await startTestWaybill(kind);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        api.post(EVENTS, { type: 'order.created', data: n, idempotencyKey: 'same' }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, ...Array(19).fill(409)]);
    expect(await idsOf(api)).toEqual([answers.find((answer) => answer.status === 202)?.body.id]);
  });
});

describe('publishing', () => {
  it('one conflicting event keeps the whole batch from being stored', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    const { id } = (await api.post(EVENTS, { type: 'a', data: 1, idempotencyKey: 'k1' })).body;
    await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    const batch = [
      { type: 'a', data: 2, idempotencyKey: 'k2' },
      { type: 'a', data: 3, idempotencyKey: 'k1' },
      { type: 'a', data: 4 },
    ];
    expectProblem(await api.post(EVENTS, { events: batch }), 409, 'idempotency_conflict');
    expect(await idsOf(api)).toEqual([id]);
    expect((await api.get(DELIVERIES)).body.data).toEqual([]);
    // k2 was not used up by it.
    expect((await api.post(EVENTS, { type: 'b', data: 5, idempotencyKey: 'k2' })).status).toBe(202);
    await receiver.waitFor(1);
    expect(receiver.requests.map((request) => JSON.parse(request.body).data)).toEqual([5]);
    await receiver.close();
  });

  it('what was published reads back as it was, field by field', async () => {
    const { api } = await startTestWaybill('postgres');
    const before = Date.now();
    const { body } = await api.post(EVENTS, {
      type: 'order.created',
      data: { total: '1.10' },
      subject: 'order/1',
      channel: 'web',
      version: '2024.1',
      occurredAt: '2026-03-13T14:30:00.5+02:00',
    });
    expect(body).toEqual({ id: expect.stringMatching(/^evt_[0-9a-f]{32}$/), deliveries: 0 });
    const { status, headers, body: event } = await api.get(`${EVENTS}/${body.id}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(event).toEqual({
      id: body.id,
      type: 'order.created',
      subject: 'order/1',
      channel: 'web',
      version: '2024.1',
      occurredAt: '2026-03-13T12:30:00.500Z',
      receivedAt: expect.stringMatching(/Z$/),
      deliveries: 0,
      warnings: [],
      test: false,
      data: { total: '1.10' },
    });
    expect(Date.parse(event.receivedAt)).toBeGreaterThanOrEqual(before);
    expect((await api.get(EVENTS)).body).toEqual({ data: [event], nextCursor: null });
  });

  it('an event without a time happened when it was received', async () => {
    const { api } = await startTestWaybill('postgres');
    const { id } = (await api.post(EVENTS, { type: 'order.created', data: null })).body;
    const { body } = await api.get(`${EVENTS}/${id}`);
    expect(body.occurredAt).toBe(body.receivedAt);
    expect(body).toMatchObject({ subject: null, channel: null, version: null, data: null });
  });

  it('the same key and body give the first answer again, and nothing is sent twice', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    const event = { type: 'order.created', data: { id: 1 } };
    const first = await api.post(EVENTS, event, { 'idempotency-key': 'k1' });
    expect(first.status).toBe(202);
    expect(first.body.deliveries).toBe(1);

    const byHeader = await api.post(EVENTS, event, { 'idempotency-key': 'k1' });
    const byField = await api.post(EVENTS, { ...event, idempotencyKey: 'k1' });
    const byBoth = await api.post(EVENTS, { ...event, idempotencyKey: 'k1' }, { 'idempotency-key': 'k1' });
    for (const again of [byHeader, byField, byBoth]) {
      expect(again.status).toBe(202);
      expect(again.text).toBe(first.text);
    }

    // What is published last arrives last: had anything been sent twice, it would be among these.
    await api.post(EVENTS, { type: 'order.changed', data: 0 });
    const requests = await receiver.waitFor(2);
    await eventually(async () => (await api.get(`${DELIVERIES}?status=pending`)).body.data.length === 0);
    expect(requests.map((request) => request.headers['webhook-id'])).toContain(first.body.id);
    expect(requests).toHaveLength(2);
    expect(await idsOf(api)).toHaveLength(2);
    await receiver.close();
  });

  it('another body under a used key is refused, and leaves nothing', async () => {
    const { api } = await startTestWaybill('postgres');
    const event = { type: 'order.created', data: { id: 1 }, idempotencyKey: 'k1' };
    const { id } = (await api.post(EVENTS, event)).body;
    const others = [
      { ...event, data: { id: 2 } },
      { ...event, type: 'order.changed' },
      { ...event, subject: 'order/1' },
      { ...event, channel: 'web' },
      { ...event, version: '2' },
      { ...event, occurredAt: '2026-03-13T14:30:00Z' },
    ];
    for (const other of others) {
      const answer = await api.post(EVENTS, other);
      expectProblem(answer, 409, 'idempotency_conflict');
      expect(answer.body.detail).toContain('"k1"');
    }
    expect(await idsOf(api)).toEqual([id]);
  });

  it('a key in the header covers a batch as a whole', async () => {
    const { api } = await startTestWaybill('postgres');
    const header = { 'idempotency-key': 'batch-1' };
    const batch = { events: [1, 2].map((data) => ({ type: 'a', data })) };
    const first = await api.post(EVENTS, batch, header);
    expect(first.body.events).toHaveLength(2);
    expect((await api.post(EVENTS, batch, header)).text).toBe(first.text);
    expectProblem(
      await api.post(EVENTS, { events: batch.events.slice(1) }, header),
      409,
      'idempotency_conflict',
    );
    expectProblem(
      await api.post(EVENTS, { events: batch.events.toReversed() }, header),
      409,
      'idempotency_conflict',
    );
    expect(await idsOf(api)).toHaveLength(2);
  });

  it('two events of a batch with one key and body are one event, with other bodies a conflict', async () => {
    const { api } = await startTestWaybill('postgres');
    const event = { type: 'a', data: 1, idempotencyKey: 'k1' };
    const { status, body } = await api.post(EVENTS, { events: [event, event] });
    expect(status).toBe(202);
    expect(body.events[0]).toEqual(body.events[1]);
    expect(await idsOf(api)).toEqual([body.events[0].id]);
    expectProblem(
      await api.post(EVENTS, { events: [2, 3].map((data) => ({ type: 'a', data, idempotencyKey: 'k2' })) }),
      409,
      'idempotency_conflict',
    );
    expect(await idsOf(api)).toEqual([body.events[0].id]);
  });

  it('a batch whose header names the key of one of its events never ends in a server error', async () => {
    const { api } = await startTestWaybill('postgres');
    const header = { 'idempotency-key': 'k1' };
    const one = { events: [{ type: 'a', data: 1, idempotencyKey: 'k1' }] };
    const two = { events: [...one.events, { type: 'a', data: 2 }] };
    for (const batch of [one, two]) {
      const answer = await api.post(EVENTS, batch, header);
      expect(answer.status, answer.text).toBeLessThan(500);
    }
  });

  it('one account cannot use up or read the keys of another', async () => {
    const { api } = await startTestWaybill('postgres');
    const first = await api.post(EVENTS, { type: 'a', data: 1, idempotencyKey: 'k1' });
    const other = await api.post('/v1/accounts/other/events', { type: 'a', data: 2, idempotencyKey: 'k1' });
    expect(other.status).toBe(202);
    expect(other.body.id).not.toBe(first.body.id);
  });

  it('a thousand events are taken at once, a thousand and one are refused whole', async () => {
    const { api } = await startTestWaybill('postgres');
    const events = Array.from({ length: 1001 }, (_, data) => ({ type: 'a', data }));
    expectProblem(await api.post(EVENTS, { events }), 413, 'batch_too_large');
    expect(await idsOf(api)).toEqual([]);
    const { status, body } = await api.post(EVENTS, { events: events.slice(0, 1000) });
    expect(status).toBe(202);
    // Answers stand in the order of the events, and the list is the reverse of it.
    expect(await idsOf(api)).toEqual(body.events.map((event: { id: string }) => event.id).toReversed());
  });

  it('an event reaches the webhooks whose pattern and channel want it, and no others', async () => {
    const { api } = await startTestWaybill('postgres');
    const webhooks: Record<string, { events: string[]; channels?: string[] }> = {
      all: { events: ['*'] },
      orders: { events: ['order.*'] },
      created: { events: ['order.created'] },
      lines: { events: ['order.line.*'] },
      several: { events: ['route.started', 'order.created', 'order.*'] },
      web: { events: ['*'], channels: ['web', 'app'] },
      disabled: { events: ['*'] },
      paused: { events: ['*'] },
    };
    const names = new Map<string, string>();
    for (const [name, settings] of Object.entries(webhooks)) {
      const status = name === 'disabled' || name === 'paused' ? name : 'active';
      // Nothing listens there, and nothing needs to: what is looked at is who is meant to get it.
      const { body } = await api.post(WEBHOOKS, { ...settings, name, status, url: 'http://127.0.0.1:9999/' });
      names.set(body.id, name);
    }
    const cases: [type: string, channel: string | undefined, wanted: string[]][] = [
      ['order.created', undefined, ['all', 'created', 'orders', 'paused', 'several']],
      ['order.created', 'web', ['all', 'created', 'orders', 'paused', 'several', 'web']],
      ['order.created', 'WEB', ['all', 'created', 'orders', 'paused', 'several']],
      ['order.line.added', 'app', ['all', 'lines', 'orders', 'paused', 'several', 'web']],
      ['order', undefined, ['all', 'paused']],
      ['orders.created', undefined, ['all', 'paused']],
      ['order.created.twice', undefined, ['all', 'orders', 'paused', 'several']],
      ['route.started', undefined, ['all', 'paused', 'several']],
    ];
    for (const [type, channel, wanted] of cases) {
      const { body } = await api.post(EVENTS, { type, channel, data: 1 });
      const { rows } = await readAll(api, `${DELIVERIES}?eventId=${body.id}`);
      expect(rows.map((row) => names.get(row.webhookId)).sort(), `${type} ${channel}`).toEqual(wanted);
      expect(body.deliveries).toBe(wanted.length);
      expect((await api.get(`${EVENTS}/${body.id}`)).body.deliveries).toBe(wanted.length);
    }
  });

  it('data may be exactly 1 MiB, and arrives whole', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    // Bytes count, not characters: é is two of them, the quotes are one each.
    const data = `"${'é'.repeat((MEBIBYTE - 2) / 2)}"`;
    expect(Buffer.byteLength(data)).toBe(MEBIBYTE);
    expect((await api.post(EVENTS, `{"type":"a","data":${data}}`)).status).toBe(202);
    const [request] = await receiver.waitFor(1);
    expect(request?.body.endsWith(`"data":${data}}`)).toBe(true);
    await receiver.close();
  });

  it('data of one byte more is refused, alone and in a batch, and leaves nothing', async () => {
    const { api } = await startTestWaybill('postgres');
    const data = `"${'x'.repeat(MEBIBYTE - 1)}"`;
    expect(Buffer.byteLength(data)).toBe(MEBIBYTE + 1);
    const single = await api.post(EVENTS, `{"type":"a","data":${data}}`);
    expectProblem(single, 413, 'payload_too_large');
    expect(single.body.errors).toEqual([
      { path: 'data', code: 'too_large', message: expect.stringContaining('1048576 bytes') },
    ]);
    const batch = await api.post(EVENTS, `{"events":[{"type":"a","data":1},{"type":"a","data":${data}}]}`);
    expectProblem(batch, 413, 'payload_too_large');
    expect(batch.body.errors[0].path).toBe('events[1].data');
    expect(await idsOf(api)).toEqual([]);
  });

  it('what looks odd in data is data: it is stored and sent byte for byte', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    const data =
      '{"nul":"\\\\u0000","pair":"\\ud83d\\ude00","__proto__":{"a":1},"constructor":null,"events":[],"twice":1,"twice":2,' +
      '"data":"}","quote":"\\"","slash":"\\\\","-0":-0,"big":1e400}';
    const { status, body } = await api.post(EVENTS, `{"type":"a", "data" : ${data} }`);
    expect(status).toBe(202);
    const [request] = await receiver.waitFor(1);
    expect(request?.body.endsWith(`"data":${data}}`)).toBe(true);
    expect((await api.get(`${EVENTS}/${body.id}`)).text.endsWith(`"data":${data}}`)).toBe(true);
    await receiver.close();
  });

  it('of members with one name the last counts, as in any JSON parser', async () => {
    const { api } = await startTestWaybill('postgres');
    const { body } = await api.post(EVENTS, '{"type":"a","data":1,"type":"b","data":2,"d\\u0061ta":3}');
    expect((await api.get(`${EVENTS}/${body.id}`)).body).toMatchObject({ type: 'b', data: 3 });
  });

  it('null stands for a field that is left out', async () => {
    const { api } = await startTestWaybill('postgres');
    const nothing = { subject: null, channel: null, occurredAt: null, version: null, idempotencyKey: null };
    const { status, body } = await api.post(EVENTS, { type: 'a', data: 1, ...nothing });
    expect(status).toBe(202);
    expect((await api.get(`${EVENTS}/${body.id}`)).body).toMatchObject({ subject: null, version: null });
  });

  it('each event of a batch gets its own answer, in order', async () => {
    const { api } = await startTestWaybill('postgres');
    await api.post(WEBHOOKS, { url: 'http://127.0.0.1:9999/', events: ['b'], status: 'paused' });
    const { status, body } = await api.post(EVENTS, {
      events: [
        { type: 'a', data: 1 },
        { type: 'b', data: 2 },
      ],
    });
    expect(status).toBe(202);
    expect(body.events.map((event: { deliveries: number }) => event.deliveries)).toEqual([0, 1]);
    for (const [index, type] of ['a', 'b'].entries()) {
      expect((await api.get(`${EVENTS}/${body.events[index].id}`)).body.type).toBe(type);
    }
  });

  it('all broken fields of a batch are named at once, and nothing of it is stored', async () => {
    const { api } = await startTestWaybill('postgres');
    const answer = await api.post(EVENTS, {
      events: [
        { type: 'a', data: 1 },
        { type: 'not a type', data: 1 },
        { type: 'a', dta: 1 },
      ],
    });
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors.map((error: { path: string }) => error.path).sort()).toEqual([
      'events[1].type',
      'events[2].data',
      'events[2].dta',
    ]);
    expect(await idsOf(api)).toEqual([]);
  });

  it('an account comes into being when it is first published to', async () => {
    const { api } = await startTestWaybill('postgres');
    expectProblem(await api.get('/v1/accounts/new.shop_1-a'), 404, 'not_found');
    expect((await api.post('/v1/accounts/new.shop_1-a/events', { type: 'a', data: 1 })).status).toBe(202);
    expect((await api.get('/v1/accounts/new.shop_1-a')).body).toMatchObject({
      id: 'new.shop_1-a',
      name: null,
    });
  });

  it('a refused publish makes no account', async () => {
    const { api } = await startTestWaybill('postgres');
    const refused = [{}, { type: 'not a type', data: 1 }, { events: [] }, [], { type: 'a', data: 1, x: 1 }];
    for (const body of refused) expect((await api.post('/v1/accounts/nobody/events', body)).status).toBe(400);
    expectProblem(await api.get('/v1/accounts/nobody'), 404, 'not_found');
  });

  it('a key that differs between header and event is refused', async () => {
    const { api } = await startTestWaybill('postgres');
    const answer = await api.post(
      EVENTS,
      { type: 'a', data: 1, idempotencyKey: 'one' },
      { 'idempotency-key': 'two' },
    );
    expectProblem(answer, 400, 'validation_failed');
    expect(await idsOf(api)).toEqual([]);
  });

  it('reading an event that is not there, is of another account, or has no id, is a 404', async () => {
    const { api } = await startTestWaybill('postgres');
    const { id } = (await api.post('/v1/accounts/other/events', { type: 'a', data: 1 })).body;
    const wrong = [
      id,
      `evt_${'0'.repeat(32)}`,
      id.slice(0, -1),
      id.toUpperCase(),
      id.replace('evt', 'dlv'),
      'x',
    ];
    for (const one of wrong) expectProblem(await api.get(`${EVENTS}/${one}`), 404, 'not_found');
  });
});
