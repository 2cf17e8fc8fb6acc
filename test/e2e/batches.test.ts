import { describe, expect, it, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import type { ApiClient } from '../support/api-client.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, type ReceivedRequest, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const RETRY = { schedule: [10, 10] };
const LONG = 86_400_000;

interface Shown {
  id: string;
  eventId: string;
  status: string;
  statusReason: string | null;
  attemptCount: number;
  batchId: string | null;
  batchItems: number | null;
}

async function receiverThat(answer: Answer = 200) {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return receiver;
}

function createGate() {
  let open = (_status: number): void => undefined;
  const opened = new Promise<number>((resolve) => {
    open = resolve;
  });
  return { answer: () => opened, open: (status: number) => open(status) };
}

const dataOf = ({ body }: ReceivedRequest) => JSON.parse(body).map((one: { data: unknown }) => one.data);

function actions(api: ApiClient) {
  const createWebhook = async (url: string, settings: object = {}): Promise<string> => {
    const made = await api.post(`${ACCOUNT}/webhooks`, { url, events: ['*'], retry: RETRY, ...settings });
    expect(made.status, made.text).toBe(201);
    return made.body.id;
  };
  /** One event each, all in one call. */
  const publish = async (data: readonly unknown[], more: object = {}): Promise<string[]> => {
    const events = data.map((one) => ({ type: 'order.created', data: one, ...more }));
    const answer = await api.post(`${ACCOUNT}/events`, { events });
    expect(answer.status, answer.text).toBe(202);
    return answer.body.events.map(({ id }: { id: string }) => id);
  };
  /** In the order they were made. */
  const deliveries = async (webhookId?: string): Promise<Shown[]> => {
    const filter = webhookId === undefined ? '' : `&webhookId=${webhookId}`;
    return (await api.get(`${ACCOUNT}/deliveries?limit=100${filter}`)).body.data.toReversed();
  };
  /** Resolves once all are as they should be. */
  const become = async (expected: Partial<Shown>, webhookId?: string): Promise<Shown[]> => {
    const fits = (one: Shown) =>
      Object.entries(expected).every(([key, value]) => one[key as keyof Shown] === value);
    await eventually(async () => (await deliveries(webhookId)).every(fits));
    return deliveries(webhookId);
  };
  const act = (id: string, action: string) => api.post(`${ACCOUNT}/deliveries/${id}/${action}`);
  return { api, createWebhook, publish, deliveries, become, act };
}

async function setUp(kind: DatabaseKind, options: WaybillOptions = {}) {
  const clock = createTestClock();
  const { api, waybill, stop } = await startTestWaybill(kind, { clock, ...options });
  return { clock, waybill, stop, ...actions(api) };
}

describe.each(E2E_DATABASE_KINDS)('batches on %s', (kind) => {
  it('go when there is enough in them, else when the first event has waited as long as it may', async () => {
    const { clock, createWebhook, publish, become } = await setUp(kind);
    const receiver = await receiverThat();
    await createWebhook(receiver.url, { batch: { maxItems: 3, maxWaitMs: 5_000 } });
    await publish([1, 2, 3, 4]);
    await receiver.waitFor(1);
    clock.advance(2_000);
    await publish([5]);
    clock.advance(2_999);
    expect(receiver.requests.map(dataOf)).toEqual([[1, 2, 3]]);
    clock.advance(1);
    await receiver.waitFor(2);
    expect(receiver.requests.map(dataOf)).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    const [first, , third, fourth, fifth] = await become({ status: 'delivered', attemptCount: 1 });
    expect(first?.batchId).toMatch(/^bat_[0-9a-f]{32}$/);
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([
      first?.batchId,
      fourth?.batchId,
    ]);
    expect([third?.batchId, third?.batchItems]).toEqual([first?.batchId, 3]);
    expect([fifth?.batchId, fifth?.batchItems]).toEqual([fourth?.batchId, 2]);
  });

  it('hold events of one type, one webhook and one value of what they go by', async () => {
    const { createWebhook, publish, become } = await setUp(kind);
    const receiver = await receiverThat();
    const batch = { maxItems: 2, maxWaitMs: LONG };
    await createWebhook(`${receiver.url}by`, { batch: { ...batch, by: 'ship.carrier' } });
    await createWebhook(`${receiver.url}any`, { batch });
    const of = (carrier: string, n: number) => ({ n, ship: { carrier } });
    await publish([of('dhl', 1), of('ups', 2), of('dhl', 3), of('ups', 4)]);
    await publish([of('dhl', 5), of('dhl', 6)], { type: 'order.sent' });
    await receiver.waitFor(6);
    const numbers = (path: string) =>
      receiver.requests
        .filter((request) => request.path === path)
        .map((request) => dataOf(request).map(({ n }: { n: number }) => n))
        .sort();
    expect(numbers('/by')).toEqual([
      [1, 3],
      [2, 4],
      [5, 6],
    ]);
    expect(numbers('/any')).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    await become({ status: 'delivered', batchItems: 2 });
  });

  it('are tried again whole: the same events, the same id, the same body', async () => {
    const { api, clock, createWebhook, publish, become } = await setUp(kind);
    const receiver = await receiverThat(500);
    await createWebhook(receiver.url, { batch: { maxItems: 3, maxWaitMs: LONG } });
    const events = await publish([1, 2, 3]);
    await receiver.waitFor(1);
    const failed = await become({ status: 'pending', attemptCount: 1, batchItems: 3 });
    expect(failed.map(({ eventId }) => eventId)).toEqual(events);
    // What comes meanwhile doesn't join them.
    await publish([4, 5]);
    receiver.answer(200);
    clock.advance(10_000);
    const [first, again] = await receiver.waitFor(2);
    expect(again?.body).toBe(first?.body);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    await eventually(async () =>
      (await become({})).slice(0, 3).every(({ status }) => status === 'delivered'),
    );
    for (const { id, batchId } of failed) {
      const { attempts } = (await api.get(`${ACCOUNT}/deliveries/${id}`)).body;
      expect(attempts).toMatchObject([
        { number: 1, statusCode: 500, batchId },
        { number: 2, statusCode: 200, batchId },
      ]);
      expect(batchId).toBe(first?.headers['webhook-id']);
    }
  });

  it('are tried again whole by the next process, however little fits into its memory', async () => {
    const database = await createTestDatabase(kind);
    const receiver = await receiverThat(503);
    const before = await setUp(kind, database);
    await before.createWebhook(receiver.url, { batch: { maxItems: 9, maxWaitMs: LONG } });
    await before.publish([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await receiver.waitFor(1);
    await before.become({ attemptCount: 1, batchItems: 9 });
    await before.stop();
    receiver.answer(200);
    const dispatch = { maxQueuedPerWebhook: 2 };
    const after = await setUp(kind, { ...database, dispatch, clock: createTestClock(Date.now() + 60_000) });
    const [first, again] = await receiver.waitFor(2);
    expect(again?.body).toBe(first?.body);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    await after.become({ status: 'delivered', attemptCount: 2 });
    expect(receiver.requests).toHaveLength(2);
  });

  it('lose those that are cancelled or superseded meanwhile: the rest goes under the same id', async () => {
    const { clock, createWebhook, publish, become, deliveries, act } = await setUp(kind);
    const receiver = await receiverThat(500);
    await createWebhook(receiver.url, { batch: { maxItems: 3, maxWaitMs: LONG }, unique: true });
    for (const subject of ['a', 'b', 'c']) await publish([subject], { subject });
    await receiver.waitFor(1);
    const [first, second] = await become({ attemptCount: 1 });
    await act(first?.id ?? '', 'cancel');
    await publish(['newer b'], { subject: 'b' });
    receiver.answer(200);
    clock.advance(10_000);
    const [whole, rest] = await receiver.waitFor(2);
    expect([whole, rest].map((one) => one && dataOf(one))).toEqual([['a', 'b', 'c'], ['c']]);
    expect(rest?.headers['webhook-id']).toBe(whole?.headers['webhook-id']);
    await eventually(async () => (await deliveries())[2]?.status === 'delivered');
    const after = await deliveries();
    expect(after.map(({ status }) => status)).toEqual(['cancelled', 'superseded', 'delivered', 'pending']);
    expect(after[2]).toMatchObject({ batchId: second?.batchId, batchItems: 1 });

    // Sent again by hand, one goes alone, at once, under an id of its own.
    await act(first?.id ?? '', 'retry');
    const requests = await receiver.waitFor(3);
    expect(dataOf(requests[2] as ReceivedRequest)).toEqual(['a']);
    expect(requests[2]?.headers['webhook-id']).not.toBe(whole?.headers['webhook-id']);
    await eventually(async () => (await deliveries())[0]?.status === 'delivered');
    expect((await deliveries())[0]).toMatchObject({ attemptCount: 2, batchItems: 1 });
  });

  it('leave out what is superseded before it is sent', async () => {
    const { clock, createWebhook, publish, deliveries } = await setUp(kind);
    const receiver = await receiverThat();
    await createWebhook(receiver.url, { batch: { maxItems: 5, maxWaitMs: 1_000 }, unique: true });
    for (const [subject, data] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ]) {
      await publish([data], { subject });
    }
    clock.advance(1_000);
    const [request] = await receiver.waitFor(1);
    expect(request && dataOf(request)).toEqual([2, 3]);
    await eventually(async () => (await deliveries())[2]?.status === 'delivered');
    expect((await deliveries()).map(({ status }) => status)).toEqual([
      'superseded',
      'delivered',
      'delivered',
    ]);
  });

  it('that are given up count once, and raise one alert', async () => {
    const { api, createWebhook, publish, become } = await setUp(kind);
    const receiver = await receiverThat(500);
    const id = await createWebhook(receiver.url, {
      batch: { maxItems: 5, maxWaitMs: LONG },
      retry: { schedule: [] },
    });
    await publish([1, 2, 3, 4, 5]);
    await become({ status: 'failed', statusReason: 'exhausted' });
    const { data } = (await api.get(`${ACCOUNT}/alerts`)).body;
    expect(data).toMatchObject([{ kind: 'deliveries_failing', occurrences: 1, webhookId: id }]);
    expect(data[0].message).toContain('A batch of 5 deliveries was given up after one attempt.');
  });

  it('that are answered 410 disable the webhook once', async () => {
    const { api, createWebhook, publish, deliveries } = await setUp(kind);
    const receiver = await receiverThat(410);
    const id = await createWebhook(receiver.url, { batch: { maxItems: 2, maxWaitMs: LONG } });
    await publish([1, 2, 3]);
    await eventually(async () => (await deliveries()).every(({ status }) => status !== 'pending'));
    expect((await deliveries()).map(({ statusReason }) => statusReason)).toEqual([
      'gone',
      'gone',
      'webhook_disabled',
    ]);
    expect((await api.get(`${ACCOUNT}/webhooks/${id}`)).body.disabledReason).toBe('gone');
    const { data } = (await api.get(`${ACCOUNT}/alerts`)).body;
    expect(data).toMatchObject([{ kind: 'webhook_disabled', occurrences: 1 }]);
  });

  it('of an ordered webhook hold one event of a subject, and the next goes when it has ended', async () => {
    const { clock, createWebhook, publish, become } = await setUp(kind);
    const receiver = await receiverThat();
    const gate = createGate();
    receiver.answer(gate.answer);
    const batch = { maxItems: 5, maxWaitMs: 1_000 };
    await createWebhook(receiver.url, { batch, ordering: 'subject' });
    for (const [subject, data] of [
      ['a', 'a1'],
      ['b', 'b1'],
      ['a', 'a2'],
    ]) {
      await publish([data], { subject });
    }
    await eventually(async () => {
      clock.advance(1_000);
      return receiver.requests.length === 1;
    });
    await publish(['c1'], { subject: 'c' });
    gate.open(200);
    receiver.answer(200);
    await eventually(async () => {
      clock.advance(1_000);
      return receiver.requests.flatMap(dataOf).length === 4;
    });
    expect(dataOf(receiver.requests[0] as ReceivedRequest)).toEqual(['a1', 'b1']);
    const rest = receiver.requests.slice(1).flatMap(dataOf);
    expect(rest.sort()).toEqual(['a2', 'c1']);
    await become({ status: 'delivered', attemptCount: 1 });
  });

  it('wait whole for an earlier event of one of their subjects that was sent again by hand', async () => {
    const { clock, createWebhook, publish, become, deliveries, act } = await setUp(kind, {
      dispatch: { maxQueuedPerWebhook: 2 },
    });
    const receiver = await receiverThat(500);
    const batch = { maxItems: 2, maxWaitMs: 1_000 };
    await createWebhook(receiver.url, { batch, ordering: 'subject', retry: { schedule: [10, 10, 10] } });
    await publish(['a1'], { subject: 'a' });
    const [earlier] = await deliveries();
    await act(earlier?.id ?? '', 'cancel');
    await publish(['a2'], { subject: 'a' });
    await publish(['b1'], { subject: 'b' });
    await receiver.waitFor(1);
    await eventually(
      async () => (await deliveries()).filter(({ batchItems }) => batchItems === 2).length === 2,
    );
    await act(earlier?.id ?? '', 'retry');
    await receiver.waitFor(2);
    await eventually(async () => (await deliveries())[0]?.attemptCount === 1);
    clock.advance(10_000);
    await receiver.waitFor(3);
    await eventually(async () => (await deliveries())[0]?.attemptCount === 2);
    // What was published later goes meanwhile, however little is read at once.
    receiver.answer(200);
    await publish(['c1'], { subject: 'c' });
    await publish(['d1'], { subject: 'd' });
    await receiver.waitFor(4);
    clock.advance(10_000);
    const [whole, ...then] = await receiver.waitFor(6);
    expect(whole && dataOf(whole)).toEqual(['a2', 'b1']);
    expect(then.map(dataOf)).toEqual([['a1'], ['a1'], ['c1', 'd1'], ['a1'], ['a2', 'b1']]);
    expect([then[4]?.body, then[4]?.headers['webhook-id']]).toEqual([
      whole?.body,
      whole?.headers['webhook-id'],
    ]);
    await become({ status: 'delivered' });
  });

  it('are made of replayed events too, and of what waited while the webhook was paused', async () => {
    const { api, clock, createWebhook, publish, become } = await setUp(kind);
    const receiver = await receiverThat();
    const id = await createWebhook(receiver.url, {
      batch: { maxItems: 10, maxWaitMs: 1_000 },
      status: 'paused',
    });
    await publish([1, 2, 3]);
    clock.advance(60_000);
    await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
    await receiver.waitFor(1);
    await become({ status: 'delivered' });
    // By the ids of events, which know the time of this process alone.
    const from = new Date(Date.now() - 120_000).toISOString();
    const to = new Date(Date.now() + 120_000).toISOString();
    const made = await api.post(`${ACCOUNT}/webhooks/${id}/replay`, { from, to });
    expect(made.status, made.text).toBe(202);
    await eventually(async () => {
      clock.advance(1_000);
      return receiver.requests.length === 2;
    });
    expect(receiver.requests.map(dataOf)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('have a room of their own for what is bounded: a queue that is full goes without waiting', async () => {
    const { createWebhook, publish, become } = await setUp(kind, { dispatch: { maxQueuedPerWebhook: 4 } });
    const receiver = await receiverThat();
    await createWebhook(receiver.url, { batch: { maxItems: 1_000, maxWaitMs: 60_000 } });
    await publish(Array.from({ length: 9 }, (_, index) => index));
    await eventually(() => receiver.requests.flatMap(dataOf).length >= 8);
    const sent = receiver.requests.flatMap(dataOf);
    expect(sent.toSorted()).toEqual(Array.from({ length: sent.length }, (_, index) => index));
    await become({});
  });
});

describe('a batch', () => {
  it('of lists that are joined has the body that one event with all their items would have', async () => {
    const { createWebhook, publish, become, deliveries } = await setUp('postgres');
    const receiver = await receiverThat();
    const batch = { maxItems: 2, maxWaitMs: LONG };
    await createWebhook(receiver.url, { profile: 'scurri', payloadVersion: '2025.1', batch });
    const tracking = (number: string, status: string) =>
      ({
        tracking_number: number,
        id: 1,
        events: [{ status, timestamp: '2025-10-01T14:30:00' }],
      }) as const;
    const event = (slug: string, number: string) => ({
      carrier_slug: slug,
      trackings: [tracking(number, 'Delivered')],
    });
    await publish([event('dhl', 'A'), event('ups', 'B'), event('dhl', 'C')], { type: 'tracking_update' });
    const [request] = await receiver.waitFor(1);
    const [first] = await eventuallyDelivered(deliveries);
    const item = (number: string) =>
      `{"tracking_number":"${number}","id":1,"events":[{"status":"DELIVERED","timestamp":"2025-10-01T14:30:00"}]}`;
    expect(request?.body).toBe(
      `{"event_type":"tracking_update","event_id":"${first?.batchId}","payload_version":"2025.1",` +
        `"carrier_slug":"dhl","count":2,"trackings":[${item('A')},${item('C')}]}`,
    );
    // One without a list can't be joined: it goes alone, whole.
    await publish([{ carrier_slug: 'dhl' }], { type: 'tracking_update' });
    await receiver.waitFor(2);
    expect(JSON.parse(receiver.requests[1]?.body ?? '')).toMatchObject({ carrier_slug: 'dhl', count: 0 });
    await eventually(async () => (await deliveries())[3]?.batchItems === 1);
    await become({});
  });

  it('goes without an event its template does not fit, which is tried again by itself', async () => {
    const { api, clock, createWebhook, publish, deliveries } = await setUp('postgres');
    const receiver = await receiverThat();
    // Whoever wrote it had orders with one row in mind.
    const template = '{"rows": [{% for row in rows %}{"sku": {{ row }}}{% endfor %}]}';
    const payload = { mimeType: 'application/json', template };
    const id = await createWebhook(receiver.url, { batch: { maxItems: 3, maxWaitMs: LONG }, payload });
    await publish([{ rows: ['A'] }, { rows: ['B', 'C'] }, { rows: ['D'] }]);
    const [request] = await receiver.waitFor(1);
    expect(request?.body).toBe('[{"rows": [{"sku": "A"}]},{"rows": [{"sku": "D"}]}]');
    await eventually(async () => (await deliveries()).every(({ attemptCount }) => attemptCount === 1));
    const [first, unfit, last] = await deliveries();
    expect([first, last]).toMatchObject(Array(2).fill({ status: 'delivered', batchItems: 2 }));
    expect(unfit).toMatchObject({
      status: 'pending',
      batchItems: 1,
      batchId: unfit?.id.replace('dlv', 'bat'),
    });
    const mended = { ...payload, template: template.replace('}}}', '}}},') };
    await api.patch(`${ACCOUNT}/webhooks/${id}`, { payload: mended });
    clock.advance(10_000);
    expect(JSON.parse((await receiver.waitFor(2))[1]?.body ?? '')).toHaveLength(1);
    await eventually(async () => (await deliveries())[1]?.status === 'delivered');
  });

  it('of a template has an array of what that makes of each event', async () => {
    const { createWebhook, publish, deliveries } = await setUp('postgres');
    const receiver = await receiverThat();
    await createWebhook(receiver.url, {
      batch: { maxItems: 3, maxWaitMs: LONG },
      payload: { mimeType: 'application/json', template: '{"no": {{ no }}}' },
    });
    await publish([{ no: 1 }, { no: 'a", "b' }, { no: 3 }]);
    const [request] = await receiver.waitFor(1);
    expect(JSON.parse(request?.body ?? '')).toMatchObject([{ no: 1 }, {}, { no: 3 }]);
    expect(request?.headers['content-type']).toBe('application/json');
    await eventually(async () => (await deliveries()).every(({ status }) => status === 'delivered'));
  });

  it('has one event where it is tested, or previewed', async () => {
    const { api, createWebhook, deliveries } = await setUp('postgres');
    const receiver = await receiverThat();
    const id = await createWebhook(receiver.url, { batch: { maxItems: 100, maxWaitMs: LONG } });
    const { deliveryId } = (await api.post(`${ACCOUNT}/webhooks/${id}/test`)).body;
    const [request] = await receiver.waitFor(1);
    expect(JSON.parse(request?.body ?? '')).toHaveLength(1);
    expect(request?.headers['webhook-id']).toBe(deliveryId.replace('dlv_', 'bat_'));
    await eventually(async () => (await deliveries())[0]?.status === 'delivered');
    const previewed = await api.post(`${ACCOUNT}/webhooks/${id}/preview`, {
      event: { type: 'order.created', data: 7 },
    });
    expect(JSON.parse(previewed.body.body)).toMatchObject([{ type: 'order.created', data: 7 }]);
    expect(previewed.body.headers['webhook-id']).toMatch(/^bat_/);
  });

  it('is no longer made once its webhook wants none: what is tried again goes alone', async () => {
    const { api, clock, createWebhook, publish, become } = await setUp('postgres');
    const receiver = await receiverThat(500);
    const id = await createWebhook(receiver.url, { batch: { maxItems: 2, maxWaitMs: LONG } });
    const events = await publish([1, 2]);
    await become({ attemptCount: 1, batchItems: 2 });
    await api.patch(`${ACCOUNT}/webhooks/${id}`, { batch: null });
    receiver.answer(200);
    clock.advance(10_000);
    const [, ...alone] = await receiver.waitFor(3);
    expect(alone.map(({ headers }) => headers['webhook-id']).sort()).toEqual(events.sort());
    await become({ status: 'delivered', batchId: null, batchItems: null });
  });
});

async function eventuallyDelivered(deliveries: () => Promise<Shown[]>): Promise<Shown[]> {
  await eventually(async () => (await deliveries())[0]?.status === 'delivered');
  return deliveries();
}
