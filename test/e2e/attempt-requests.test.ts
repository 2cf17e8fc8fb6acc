import { describe, expect, it, onTestFinished } from 'vitest';
import type { ShownRequest } from '../../src/manage/attempt-requests.ts';
import { createTestClock } from '../support/clock.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, type ReceivedRequest, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const DATA = { orderId: '10043', total: 1.5, name: 'Åsa "Berg" 🚚 \u2028', lines: [{ sku: 'A-1' }] };

async function setUp(kind: DatabaseKind = 'postgres', answer: Answer = 200) {
  const clock = createTestClock();
  const { api } = await startTestWaybill(kind, { clock });
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  const create = async (settings: object = {}) => {
    const made = await api.post(`${ACCOUNT}/webhooks`, {
      url: `${receiver.url}in?a=1`,
      events: ['*'],
      retry: { schedule: [10] },
      ...settings,
    });
    expect(made.status, made.text).toBe(201);
    return made.body.id as string;
  };
  const publish = async (data: unknown = DATA, more: object = {}) => {
    const answer = await api.post(`${ACCOUNT}/events`, { type: 'order.created', data, ...more });
    expect(answer.status, answer.text).toBe(202);
  };
  /** The deliveries with their attempts, in the order they were made, once each has so many. */
  const attempted = (count: number, webhookId = '') =>
    eventually(async () => {
      const path = `${ACCOUNT}/deliveries?limit=100${webhookId && `&webhookId=${webhookId}`}`;
      const { data } = (await api.get(path)).body;
      const all = [];
      for (const { id } of data.reverse()) all.push((await api.get(`${ACCOUNT}/deliveries/${id}`)).body);
      return all.length > 0 && all.every((one) => one.attempts.length >= count) ? all : undefined;
    });
  const requestOf = async (delivery: { id: string; attempts: { id: string }[] }, index = 0) => {
    const path = `${ACCOUNT}/deliveries/${delivery.id}/attempts/${delivery.attempts[index]?.id}/request`;
    const answer = await api.get(path);
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  };
  return { api, clock, receiver, create, publish, attempted, requestOf };
}

/** What came in on the wire, but for what follows from the rest: names in their case, in their order. */
function headersOf({ rawHeaders }: ReceivedRequest): [string, string][] {
  const all = rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] as string]] : [],
  );
  return all.filter(([name]) => !['host', 'content-length', 'connection'].includes(name.toLowerCase()));
}

function expectSame(shown: { request: ShownRequest }, received: ReceivedRequest | undefined): void {
  if (!received) throw new Error('nothing was received');
  const { method, url, headers, body } = shown.request;
  expect(Object.entries(headers)).toEqual(headersOf(received));
  expect(body).toBe(received.body);
  const { pathname, search } = new URL(url);
  expect({ method, path: pathname + search }).toEqual({ method: received.method, path: received.path });
}

describe.each(E2E_DATABASE_KINDS)('the request of an attempt on %s', (kind) => {
  it('is byte for byte what the receiver got, of each attempt and with the secrets of its time', async () => {
    const { api, clock, receiver, create, publish, attempted, requestOf } = await setUp(
      kind,
      (_, __, index) => (index === 0 ? 500 : 200),
    );
    const id = await create({ headers: { 'X-Shop': 'acme', 'x-empty-ok': 'a  b' } });
    clock.advance(700);
    await publish();
    await attempted(1);
    // The second attempt is signed with two secrets.
    expect((await api.post(`${ACCOUNT}/webhooks/${id}/secret/rotate`)).status).toBe(200);
    clock.advance(11_300);
    const [delivery] = await attempted(2);
    const [first, second] = [await requestOf(delivery, 0), await requestOf(delivery, 1)];
    expectSame(first, receiver.requests[0]);
    expectSame(second, receiver.requests[1]);
    expect(first).toMatchObject({
      unchanged: true,
      state: 'as_sent',
      failure: null,
      batchId: null,
      items: 1,
    });
    expect(second).toMatchObject({ unchanged: true, attemptId: delivery.attempts[1].id });
    expect(first.request.headers['webhook-signature']).not.toBe(second.request.headers['webhook-signature']);

    const received = receiver.requests[0] as ReceivedRequest;
    const content = `${received.headers['webhook-id']}.${received.headers['webhook-timestamp']}.${received.body}`;
    expect(first.signatures).toEqual([
      {
        header: 'webhook-signature',
        algorithm: 'hmac-sha256',
        content,
        secretIds: [expect.stringMatching(/^sec_/)],
      },
    ]);
    const [old] = first.signatures[0].secretIds;
    expect(second.signatures[0].secretIds).toEqual([expect.not.stringContaining(old), old]);
  });

  it('is how it would be sent now once something of the webhook has changed, and says so', async () => {
    const { api, clock, receiver, create, publish, attempted, requestOf } = await setUp(kind);
    const id = await create({ headers: { 'x-shop': 'old' } });
    await publish();
    const [delivery] = await attempted(1);
    for (const change of [{ headers: { 'x-shop': 'new' } }, { headers: {}, url: `${receiver.url}other` }]) {
      expect((await api.request('PATCH', `${ACCOUNT}/webhooks/${id}`, change)).status).toBe(200);
      const shown = await requestOf(delivery);
      expect(shown).toMatchObject({ unchanged: false, state: 'changed', failure: null });
      expect(shown.note).toContain('would be sent now');
      expect(shown.request.headers['x-shop']).toBe(change.headers['x-shop']);
      expect(shown.request.url).toBe(change.url ?? `${receiver.url}in?a=1`);
    }
    const back = { headers: { 'x-shop': 'old' }, url: `${receiver.url}in?a=1` };
    await api.request('PATCH', `${ACCOUNT}/webhooks/${id}`, back);
    expectSame(await requestOf(delivery), receiver.requests[0]);
    // A secret that signs no more, and is forgotten, can't sign again.
    for (const overlapSeconds of [0, 0]) {
      clock.advance(1_000);
      await api.post(`${ACCOUNT}/webhooks/${id}/secret/rotate`, { overlapSeconds });
    }
    const shown = await requestOf(delivery);
    expect(shown).toMatchObject({ unchanged: false, state: 'changed' });
    expect(shown.signatures[0].secretIds).toHaveLength(1);
  });

  it('of a batch has the whole body, also where its events have gone alone since', async () => {
    const { api, clock, receiver, create, publish, attempted, requestOf } = await setUp(
      kind,
      (_, __, index) => (index === 0 ? 500 : 200),
    );
    await create({ batch: { maxItems: 3, maxWaitMs: 60_000 }, retry: { schedule: [] } });
    for (const data of [1, 2, 3]) await publish(data);
    const failed = await attempted(1);
    for (const { id } of failed.slice(0, 2)) await api.post(`${ACCOUNT}/deliveries/${id}/retry`);
    clock.advance(1_000);
    await receiver.waitFor(3);
    for (const delivery of failed) {
      const shown = await requestOf(delivery);
      expectSame(shown, receiver.requests[0]);
      expect(shown).toMatchObject({ unchanged: true, items: 3, batchId: delivery.attempts[0].batchId });
    }
    expect(JSON.parse((await requestOf(failed[0])).request.body)).toHaveLength(3);
  });
});

describe('the request of an attempt', () => {
  it('is the same in every wire format', async () => {
    const { api, receiver, publish, attempted, requestOf } = await setUp();
    const { data: profiles } = (await api.get('/v1/profiles')).body;
    const made = new Map<string, string>();
    for (const { name } of profiles) {
      const settings = { url: `${receiver.url}${name}`, events: ['*'], profile: name };
      const { status, body } = await api.post(`${ACCOUNT}/webhooks`, settings);
      // Some want https.
      if (status === 201) made.set(body.id, name);
    }
    expect(made.size).toBeGreaterThan(3);
    await publish(DATA, { subject: 'order/10043', channel: 'web' });
    const deliveries = await attempted(1);
    expect(deliveries).toHaveLength(made.size);
    for (const delivery of deliveries) {
      const name = made.get(delivery.webhookId);
      const shown = await requestOf(delivery);
      expectSame(
        shown,
        receiver.requests.find(({ path }) => path === `/${name}`),
      );
      expect(shown.unchanged, name).toBe(true);
    }
  });

  it('never has what says who sends', async () => {
    const { receiver, create, publish, attempted, requestOf } = await setUp();
    const secret = 'tok_0123456789abcdefghijklmn';
    await create({ auth: { type: 'bearer', token: secret } });
    await create({ auth: { type: 'basic', username: 'shop', password: secret } });
    await create({
      auth: { type: 'header', name: 'X-Api-Key', value: secret },
      headers: { 'x-api': 'shown' },
    });
    await publish();
    for (const delivery of await attempted(1)) {
      const shown = await requestOf(delivery);
      const [name] = shown.hiddenHeaders;
      expect(shown).toMatchObject({ unchanged: true, request: { headers: { [name]: '(hidden)' } } });
      const [got] = receiver.requests.filter(
        ({ headers }) => headers['webhook-signature'] === shown.request.headers['webhook-signature'],
      );
      expect(JSON.stringify(got?.headers)).toMatch(/tok_0123|c2hvcDp0b2tf/);
      expect(JSON.stringify(shown)).not.toMatch(/tok_0123|c2hvcDp0b2tf/);
      const { [name]: _hidden, ...rest } = shown.request.headers;
      expect(Object.entries(rest)).toEqual(
        headersOf(got as ReceivedRequest).filter(([own]) => own.toLowerCase() !== name),
      );
    }
  });

  it('of one that sent nothing is how it would be sent now, or why it can not be', async () => {
    const { api, create, publish, attempted, requestOf } = await setUp();
    const id = await create({ payload: { mimeType: 'text/plain', template: '{{ 7 | divided_by: zero }}' } });
    await publish({ zero: 0 });
    const [delivery] = await attempted(1);
    expect(delivery.attempts[0].failureCode).not.toBeNull();
    const shown = await requestOf(delivery);
    expect(shown).toMatchObject({ unchanged: false, state: 'nothing_sent', request: null });
    expect(shown.failure.code).toBe(delivery.attempts[0].failureCode);
    await api.request('PATCH', `${ACCOUNT}/webhooks/${id}`, { payload: null });
    expect(await requestOf(delivery)).toMatchObject({ state: 'nothing_sent', request: { method: 'POST' } });
  });

  it('is not there for what is not, nor once the webhook is deleted', async () => {
    const { api, create, publish, attempted } = await setUp();
    const id = await create();
    await publish();
    await publish();
    const [one, other] = await attempted(1);
    const path = (delivery: string, attempt: string) =>
      `${ACCOUNT}/deliveries/${delivery}/attempts/${attempt}/request`;
    const wrong = [
      path(one.id, other.attempts[0].id),
      path(one.id, `att_${'0'.repeat(32)}`),
      path(one.id, 'x'),
      path('x', one.attempts[0].id),
      path(one.id, one.attempts[0].id).replace('acme', 'other'),
    ];
    for (const each of wrong) expect((await api.get(each)).status, each).toBe(404);
    await api.delete(`${ACCOUNT}/webhooks/${id}`);
    expect((await api.get(path(one.id, one.attempts[0].id))).body).toMatchObject({
      status: 409,
      code: 'webhook_deleted',
    });
  });
});
