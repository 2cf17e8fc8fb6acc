import { describe, expect, it, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock } from '../support/clock.ts';
import { DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';

async function start(kind: (typeof DATABASE_KINDS)[number], options: WaybillOptions = {}) {
  const { api } = await startTestWaybill(kind, options);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const create = async (settings: object): Promise<string> => {
    const made = await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], ...settings });
    expect(made.status, made.text).toBe(201);
    return made.body.id;
  };
  const publish = async (subject: string | null, data: unknown, type = 'order.changed') =>
    (await api.post(`${ACCOUNT}/events`, { type, subject, data })).body;
  const deliveries = async (query = '') =>
    (await api.get(`${ACCOUNT}/deliveries?limit=100${query}`)).body.data;
  return { api, receiver, create, publish, deliveries };
}

/** Answers nothing until it is called. */
function hold(receiver: Receiver): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  receiver.answer(async () => {
    await promise;
    return 200;
  });
  return resolve;
}

const dataOf = ({ body }: { body: string }): unknown => JSON.parse(body).data;

describe.each(DATABASE_KINDS)('queueing on %s', (kind) => {
  it('a webhook with a condition gets the events for which it holds, and no others', async () => {
    const { receiver, create, publish, deliveries } = await start(kind);
    const condition = { all: [{ field: 'total', operator: 'greaterThan', value: 100 }] };
    await create({ condition });
    expect((await publish('order/1', { total: 99 })).deliveries).toBe(0);
    expect((await publish('order/2', { total: 101 })).deliveries).toBe(1);
    expect((await publish('order/3', { other: 1 })).deliveries).toBe(0);
    const [request] = await receiver.waitFor(1);
    expect(request && dataOf(request)).toEqual({ total: 101 });
    expect(await deliveries()).toHaveLength(1);
  });

  it('of one subject the next delivery waits until the one before has ended, others do not', async () => {
    const clock = createTestClock();
    const { receiver, create, publish, deliveries } = await start(kind, { clock });
    await create({ ordering: 'subject', retry: { schedule: [60] } });
    receiver.answer(500);
    await publish('order/1', 1);
    await receiver.waitFor(1);
    await eventually(async () => (await deliveries())[0].attemptCount === 1);
    await publish('order/1', 2);
    await publish('order/1', 3);
    receiver.answer(200);
    await publish('order/2', 'other');
    await receiver.waitFor(2);
    expect(receiver.requests.map(dataOf)).toEqual([1, 'other']);

    await eventually(async () => {
      clock.advance(61_000);
      return receiver.requests.length >= 5;
    });
    expect(receiver.requests.map(dataOf)).toEqual([1, 'other', 1, 2, 3]);
  });

  it('one that is given up lets the next of its subject go on', async () => {
    const { receiver, create, publish, deliveries } = await start(kind);
    await create({ ordering: 'subject', retry: { schedule: [] } });
    receiver.answer((_request, _response, index) => (index === 0 ? 500 : 200));
    await publish('order/1', 1);
    await publish('order/1', 2);
    await receiver.waitFor(2);
    await eventually(async () =>
      (await deliveries()).every(({ status }: { status: string }) => status !== 'pending'),
    );
    expect((await deliveries()).map(({ status }: { status: string }) => status)).toEqual([
      'delivered',
      'failed',
    ]);
    expect(receiver.requests.map(dataOf)).toEqual([1, 2]);
  });

  it('a newer event takes the place of one that waits, for the same type and subject', async () => {
    const { api, receiver, create, publish, deliveries } = await start(kind);
    const id = await create({ unique: true, status: 'paused' });
    await publish('order/1', 'old');
    await publish('order/1', 'of another type', 'order.paid');
    await publish('order/2', 'of another subject');
    await publish(null, 'of none');
    await publish(null, 'of none either');
    await publish('order/1', 'new');
    const rows = await deliveries();
    const [newer] = rows;
    const superseded = rows.filter(({ status }: { status: string }) => status === 'superseded');
    expect(superseded).toMatchObject([
      { subject: 'order/1', eventType: 'order.changed', supersededBy: newer.id },
    ]);
    await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
    const sent = await receiver.waitFor(5);
    expect(sent.map(dataOf).sort()).toEqual([
      'new',
      'of another subject',
      'of another type',
      'of none',
      'of none either',
    ]);
  });

  it('of several published at once with one key, the last one stays', async () => {
    const { api, receiver, create, deliveries } = await start(kind);
    await create({ unique: true });
    const events = [1, 2, 3].map((data) => ({ type: 'order.changed', subject: 'order/1', data }));
    await api.post(`${ACCOUNT}/events`, { events });
    await eventually(async () => (await deliveries())[0].status === 'delivered');
    expect(receiver.requests.map(dataOf)).toEqual([3]);
  });

  it('an attempt under way is not disturbed: the newer one waits for it', async () => {
    const { receiver, create, publish, deliveries } = await start(kind);
    await create({ unique: true });
    const release = hold(receiver);
    await publish('order/1', 'first');
    await receiver.waitFor(1);
    await publish('order/1', 'second');
    await publish('order/1', 'third');
    expect(receiver.requests).toHaveLength(1);
    release();
    await eventually(async () => (await deliveries())[0].status === 'delivered');
    expect(receiver.requests.map(dataOf)).toEqual(['first', 'third']);
    expect((await deliveries()).map(({ status }: { status: string }) => status)).toEqual([
      'delivered',
      'superseded',
      'delivered',
    ]);
  });

  it('what is both ordered and unique goes one after the other, also behind what was superseded on its way', async () => {
    const { receiver, create, publish, deliveries } = await start(kind);
    await create({ unique: true, ordering: 'subject', retry: { schedule: [] } });
    const first = Promise.withResolvers<void>();
    receiver.answer(async (_request, _response, index) => {
      if (index > 0) return 200;
      await first.promise;
      return 500;
    });
    await publish('order/1', 'superseded');
    await receiver.waitFor(1);
    await publish('order/1', 'paid', 'order.paid');
    await publish('order/1', 'newer');
    // Published last: whatever of the other subject may go has gone before it.
    await publish('order/2', 'other');
    await receiver.waitFor(2);
    expect(receiver.requests.map(dataOf)).toEqual(['superseded', 'other']);
    first.resolve();
    await receiver.waitFor(4);
    expect(receiver.requests.map(dataOf)).toEqual(['superseded', 'other', 'paid', 'newer']);
    expect((await deliveries()).map(({ status }: { status: string }) => status).at(-1)).toBe('superseded');
  });

  it('behind what is cancelled on its way the next of its subject waits until it has ended', async () => {
    const { api, receiver, create, publish, deliveries } = await start(kind);
    await create({ ordering: 'subject' });
    const release = hold(receiver);
    await publish('order/1', 'cancelled');
    await receiver.waitFor(1);
    const [{ id }] = await deliveries();
    await publish('order/1', 'next');
    expect((await api.post(`${ACCOUNT}/deliveries/${id}/cancel`)).status).toBe(200);
    await publish('order/2', 'other');
    await receiver.waitFor(2);
    expect(receiver.requests.map(dataOf)).toEqual(['cancelled', 'other']);
    release();
    await receiver.waitFor(3);
    expect(dataOf(receiver.requests[2] as { body: string })).toBe('next');
  });

  it('what another one took the place of is not sent, also where the queue in memory is full', async () => {
    const { receiver, create, publish, deliveries } = await start(kind, {
      dispatch: { maxQueuedPerWebhook: 2 },
    });
    await create({ unique: true, rateLimit: { inFlight: 1 } });
    const release = hold(receiver);
    await publish('order/1', 'first');
    await receiver.waitFor(1);
    for (const subject of ['x', 'y', 'z']) await publish(subject, `${subject} old`);
    await publish('x', 'x new');
    release();
    await eventually(async () => (await deliveries('&status=pending')).length === 0);
    expect(receiver.requests.map(dataOf)).toEqual(['first', 'y old', 'z old', 'x new']);
  });

  it('a retry of what waits says so, also where items are unique', async () => {
    const { api, create, publish, deliveries } = await start(kind);
    await create({ unique: true, status: 'paused' });
    await publish('order/1', 1);
    const [{ id }] = await deliveries();
    const refused = await api.post(`${ACCOUNT}/deliveries/${id}/retry`);
    expect([refused.status, refused.body.code]).toEqual([409, 'delivery_not_retryable']);
  });

  it('a pause is no way round a rate', async () => {
    const clock = createTestClock();
    const { api, receiver, create, publish } = await start(kind, { clock });
    const id = await create({ events: ['order.changed'], rateLimit: { perSecond: 0.1 } });
    await create({ events: ['other'] });
    for (let count = 0; count < 2; count += 1) await publish(null, count);
    await receiver.waitFor(1);
    await eventually(
      async () => (await api.get(`${ACCOUNT}/deliveries?status=delivered`)).body.data.length === 1,
    );
    for (const action of ['pause', 'resume']) await api.post(`${ACCOUNT}/webhooks/${id}/${action}`);
    // What is read for the one webhook was asked for after what is read for the other.
    await publish(null, 'other', 'other');
    await receiver.waitFor(2);
    clock.advance(9_900);
    // Which of the two went first nothing says.
    expect(receiver.requests.map(dataOf)).toEqual([expect.any(Number), 'other']);
    clock.advance(100);
    await receiver.waitFor(3);
  });

  it('a rate that is raised holds from the next request', async () => {
    const clock = createTestClock();
    const { api, receiver, create, publish } = await start(kind, { clock });
    const id = await create({ rateLimit: { perSecond: 0.001 } });
    for (let count = 0; count < 2; count += 1) await publish(null, count);
    await receiver.waitFor(1);
    await api.patch(`${ACCOUNT}/webhooks/${id}`, { rateLimit: { perSecond: 2 } });
    clock.advance(500);
    await receiver.waitFor(2);
  });

  it('a webhook with a rate gets no more requests a second than that', async () => {
    const clock = createTestClock();
    const { receiver, create, publish } = await start(kind, { clock });
    await create({ rateLimit: { perSecond: 2 } });
    for (let count = 0; count < 4; count += 1) await publish(null, count);
    await receiver.waitFor(1);
    for (const expected of [2, 3, 4]) {
      clock.advance(499);
      expect(receiver.requests).toHaveLength(expected - 1);
      clock.advance(1);
      await receiver.waitFor(expected);
    }
  });

  it('a webhook with a limit of requests at once gets no more than that', async () => {
    const { receiver, create, publish } = await start(kind);
    await create({ rateLimit: { inFlight: 2 } });
    const release = hold(receiver);
    for (let count = 0; count < 5; count += 1) await publish(null, count);
    await receiver.waitFor(2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(receiver.requests).toHaveLength(2);
    release();
    await receiver.waitFor(5);
  });
});
