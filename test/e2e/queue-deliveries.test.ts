import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWaybill } from '../../src/waybill.ts';
import type { ApiClient } from '../support/api-client.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ONE_AT_ONCE = { rateLimit: { inFlight: 1 } };
const ACME = '/v1/accounts/acme';

async function receiverThat(answer: Answer) {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return receiver;
}

/** Answers nothing until it is opened. */
function createGate() {
  let open = (): void => undefined;
  const opened = new Promise<number>((resolve) => {
    open = () => resolve(200);
  });
  return { answer: () => opened, open: () => open() };
}

function actions(api: ApiClient) {
  const create = async (url: string, fields: object = {}, account = 'acme'): Promise<string> => {
    const made = await api.post(`/v1/accounts/${account}/webhooks`, { url, events: ['*'], ...fields });
    expect(made.status, made.text).toBe(201);
    return made.body.id;
  };
  const publish = async (data: readonly unknown[], more: object = {}, account = 'acme') => {
    const events = data.map((one) => ({ type: 'order.created', data: one, ...more }));
    expect((await api.post(`/v1/accounts/${account}/events`, { events })).status).toBe(202);
  };
  const all = async (path: string, query = '') => {
    const found = [];
    for (let cursor = ''; ; ) {
      const { status, body, text } = await api.get(`${path}?limit=2${query}${cursor && `&cursor=${cursor}`}`);
      expect(status, text).toBe(200);
      found.push(...body.data);
      if (body.nextCursor === null) return found;
      cursor = body.nextCursor;
    }
  };
  const raise = (id: string, priority: unknown) => api.patch(`${ACME}/deliveries/${id}`, { priority });
  return { create, publish, all, raise };
}

async function setUp(kind: DatabaseKind, dispatch: object = {}) {
  const clock = createTestClock();
  const { api } = await startTestWaybill(kind, { clock, dispatch });
  return { api, clock, ...actions(api) };
}

const dataOf = ({ body }: { body: string }) => JSON.parse(body).data;

describe.each(E2E_DATABASE_KINDS)('the list of what waits on %s', (kind) => {
  it('is in the order it falls due, over all accounts, without gap or repeat', async () => {
    const { api, clock, create, publish, all } = await setUp(kind);
    const failing = await receiverThat(500);
    const retried = await create(failing.url, { name: 'Retried', priority: 9, retry: { schedule: [600] } });
    await publish([1, 2]);
    await eventually(async () =>
      (await all('/v1/queue/deliveries')).every((one: { attemptCount: number }) => one.attemptCount === 1),
    );
    clock.advance(1_000);
    const paused = await create(failing.url, { name: 'Paused', status: 'paused', unique: true }, 'other');
    for (const subject of ['a', 'b', 'c']) await publish([1], { subject }, 'other');
    const list = await all('/v1/queue/deliveries');
    expect(list.map((one: { webhookName: string }) => one.webhookName)).toEqual([
      ...Array(3).fill('Paused'),
      ...Array(2).fill('Retried'),
    ]);
    const due = list.map((one: { nextAttemptAt: string }) => one.nextAttemptAt);
    expect(due).toEqual(due.toSorted());
    expect(new Set(list.map(({ id }: { id: string }) => id)).size).toBe(5);
    expect(list[0]).toMatchObject({
      account: 'other',
      webhookId: paused,
      webhookStatus: 'paused',
      priority: 5,
      hasOwnPriority: false,
      subject: 'a',
      uniqueKey: expect.stringContaining('a'),
      lastFailureCode: null,
      lastFailureReason: null,
      lastFailureParams: null,
      lastDurationMs: null,
    });
    expect(list[4]).toMatchObject({
      account: 'acme',
      webhookId: retried,
      priority: 9,
      uniqueKey: null,
      lastStatusCode: 500,
      lastFailureCode: 'http_500',
      lastFailureReason: 'answered 500 Internal Server Error',
      lastDurationMs: expect.any(Number),
    });
    const ids = (some: { id: string }[]) => some.map(({ id }) => id);
    expect(ids(await all(`${ACME}/queue/deliveries`))).toEqual(ids(list.slice(3)));
    expect(ids(await all('/v1/queue/deliveries', '&account=other'))).toEqual(ids(list.slice(0, 3)));
    expect(ids(await all('/v1/queue/deliveries', `&webhookId=${retried}`))).toEqual(ids(list.slice(3)));
    expect(ids(await all('/v1/queue/deliveries', '&priority=5'))).toEqual(ids(list.slice(0, 3)));
    // One of its own counts, and no longer that of its webhook.
    await api.patch(`/v1/accounts/other/deliveries/${list[1].id}`, { priority: 9 });
    const high = ids([list[1], list[3], list[4]]);
    expect(ids(await all('/v1/queue/deliveries', '&priority=9'))).toEqual(high);
    expect(ids(await all('/v1/queue/deliveries', '&priority=5'))).toEqual(ids([list[0], list[2]]));
    const wrong = ['cursor=x', `cursor=${Buffer.from('1_2').toString('base64url')}`, 'priority=10', 'x=1'];
    for (const query of wrong) expect((await api.get(`/v1/queue/deliveries?${query}`)).status).toBe(400);
  });

  it('is by priority where that is asked for, what is held last, also when a page ends among equals', async () => {
    const { api, clock, create, publish, all, raise } = await setUp(kind);
    const failing = await receiverThat(500);
    const slow = { retry: { schedule: [600] } };
    await create(failing.url, { ...slow, name: 'Low', priority: 2, events: ['order.created'] });
    await create(failing.url, { ...slow, name: 'High', priority: 8, events: ['order.created'] });
    await publish([1, 2, 3]);
    clock.advance(1_000);
    await create(failing.url, { name: 'Held', priority: 9, status: 'paused' }, 'other');
    await publish([1, 2, 3], {}, 'other');
    await eventually(async () =>
      (await all(`${ACME}/queue/deliveries`)).every(
        (one: { attemptCount: number }) => one.attemptCount === 1,
      ),
    );
    type Queued = { id: string; webhookName: string; priority: number; nextAttemptAt: string };
    const told = (some: readonly Queued[]) => some.map((one) => `${one.webhookName} ${one.priority}`);
    const before: Queued[] = await all('/v1/queue/deliveries', '&order=priority');
    const low = before.filter(({ webhookName }) => webhookName === 'Low');
    expect(told(before)).toEqual([
      ...Array(3).fill('High 8'),
      ...Array(3).fill('Low 2'),
      ...Array(3).fill('Held 9'),
    ]);
    expect(before.slice(0, 3).map((one) => one.nextAttemptAt)).toEqual(
      before
        .slice(0, 3)
        .map((one) => one.nextAttemptAt)
        .toSorted(),
    );

    await raise(low[1]?.id as string, 9);
    await raise(low[2]?.id as string, 8);
    await api.patch(`/v1/accounts/other/deliveries/${before[7]?.id}`, { priority: 0 });
    const after: Queued[] = await all('/v1/queue/deliveries', '&order=priority');
    expect(told(after)).toEqual(['Low 9', ...told(after.slice(1, 5)), 'Low 2', 'Held 9', 'Held 9', 'Held 0']);
    expect(told(after.slice(1, 5)).toSorted()).toEqual(['High 8', 'High 8', 'High 8', 'Low 8']);
    expect(new Set(after.map(({ id }) => id)).size).toBe(9);
    expect(told(await all(`${ACME}/queue/deliveries`, '&order=priority&priority=8')).toSorted()).toEqual(
      told(after.slice(1, 5)).toSorted(),
    );
    const cursor = (await api.get('/v1/queue/deliveries?order=priority&limit=1')).body.nextCursor;
    for (const query of [`cursor=${cursor}`, `order=due&cursor=${cursor}`, 'order=webhook']) {
      expect((await api.get(`/v1/queue/deliveries?${query}`)).status, query).toBe(400);
    }
  });

  it('a priority of its own lets a delivery go before or after what waits in memory already', async () => {
    const { api, create, publish, raise } = await setUp(kind);
    const gate = createGate();
    const receiver = await receiverThat(gate.answer);
    await create(receiver.url, ONE_AT_ONCE);
    await publish([0]);
    await receiver.waitFor(1);
    await publish([1, 2, 3, 4]);
    const waiting = (await api.get(`${ACME}/deliveries?limit=10`)).body.data.reverse();
    expect((await raise(waiting[1].id, 0)).body).toMatchObject({ priority: 0, status: 'pending' });
    expect((await raise(waiting[4].id, 9)).status).toBe(200);
    expect((await raise(waiting[3].id, 8)).status).toBe(200);
    gate.open();
    const order = (await receiver.waitFor(5)).map(dataOf);
    expect(order).toEqual([0, 4, 3, 2, 1]);
    await eventually(
      async () => (await api.get(`${ACME}/deliveries?status=delivered`)).body.data.length === 5,
    );
    expect((await raise(waiting[4].id, 1)).body).toMatchObject({ status: 409, code: 'delivery_not_pending' });
  });

  it('nor does it wait behind a backlog that finds no room in memory', async () => {
    const {
      api,
      waybill: _waybill,
      create,
      publish,
      raise,
    } = await (async () => {
      const started = await startTestWaybill(kind, {
        clock: createTestClock(),
        dispatch: { maxQueuedPerWebhook: 8 },
      });
      return { ...started, ...actions(started.api) };
    })();
    const gate = createGate();
    const receiver = await receiverThat(gate.answer);
    await create(receiver.url, ONE_AT_ONCE);
    await publish([0]);
    await receiver.waitFor(1);
    await publish(Array.from({ length: 40 }, (_, index) => index + 1));
    const [last] = (await api.get(`${ACME}/deliveries?limit=1`)).body.data;
    await raise(last.id, 6);
    gate.open();
    const order = (await receiver.waitFor(41)).map(dataOf);
    expect(order.slice(0, 3)).toEqual([0, 40, 1]);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 41 }, (_, index) => index));
  });

  it('takes no priority that is none, and lets nothing overtake in its own subject', async () => {
    const { api, create, publish, raise } = await setUp(kind);
    const gate = createGate();
    const receiver = await receiverThat(gate.answer);
    await create(receiver.url, { ...ONE_AT_ONCE, ordering: 'subject' });
    await publish([0], { subject: 'x' });
    await receiver.waitFor(1);
    await publish([1, 2], { subject: 'a' });
    await publish([3], { subject: 'b' });
    const waiting = (await api.get(`${ACME}/deliveries?limit=10`)).body.data.reverse();
    for (const wrong of [10, -1, 1.5, '9', undefined]) {
      expect((await raise(waiting[2].id, wrong)).status, String(wrong)).toBe(400);
    }
    expect((await raise(`dlv_${'0'.repeat(32)}`, 1)).status).toBe(404);
    await raise(waiting[2].id, 9);
    expect((await raise(waiting[2].id, null)).body.priority).toBeNull();
    await raise(waiting[2].id, 9);
    gate.open();
    const order = (await receiver.waitFor(4)).map(dataOf);
    expect(order.indexOf(1)).toBeLessThan(order.indexOf(2));
  });
});

describe('the priority of a delivery', () => {
  it('takes hold on the node that sends for it, whichever was told', async () => {
    const database = await createTestDatabase('postgres');
    const gate = createGate();
    const receiver = await receiverThat(gate.answer);
    const marker = await receiverThat(200);
    // What isn't told of by NOTIFY isn't found within the test.
    const { api } = await startTestWaybill('postgres', { ...database, dispatch: { pollIntervalMs: 60_000 } });
    const { create, publish } = actions(api);
    await create(receiver.url, ONE_AT_ONCE);
    await create(marker.url, { events: ['marker'] });
    await publish([0]);
    await receiver.waitFor(1);
    await publish([1, 2, 3]);
    // It sends nothing itself, and tells the one that does.
    const other = await createWaybill({ ...database, environment: {}, logger: pino({ level: 'silent' }) });
    onTestFinished(() => other.stop());
    const [last] = (await other.deliveries.list('acme', {}, { limit: 1 })).items;
    await other.deliveries.update('acme', last?.id as string, { priority: 9 });
    // What is told later comes later: once this is there, the other has been heard of.
    await other.publish('acme', { type: 'marker', data: 1 });
    await marker.waitFor(1);
    gate.open();
    expect((await receiver.waitFor(4)).slice(0, 4).map(dataOf)).toEqual([0, 3, 1, 2]);
  });
});
