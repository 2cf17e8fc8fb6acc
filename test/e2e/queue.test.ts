import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

async function setUp(kind: DatabaseKind, answer: Answer = 500) {
  const clock = createTestClock();
  const { api, waybill } = await startTestWaybill(kind, { clock });
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  const create = async (account: string, fields: object): Promise<string> => {
    const settings = { url: receiver.url, events: ['*'], ...fields };
    return (await api.post(`/v1/accounts/${account}/webhooks`, settings)).body.id;
  };
  const publish = async (account: string, count = 1, type = 'a') => {
    const events = Array.from({ length: count }, (_, data) => ({ type, data }));
    expect((await api.post(`/v1/accounts/${account}/events`, { events })).status).toBe(202);
  };
  const queue = async (query = '') => (await api.get(`/v1/queue?${query}`)).body;
  return { api, waybill, clock, receiver, create, publish, queue };
}

const NOTHING = { pending: 0, held: 0, due: 0, waiting: 0, oldestDueAgeSeconds: null };

describe.each(E2E_DATABASE_KINDS)('the queue on %s', (kind) => {
  it('that is empty has nothing in it', async () => {
    const { create, queue } = await setUp(kind);
    await create('acme', {});
    expect(await queue()).toEqual({
      total: { ...NOTHING, exact: true },
      priorities: [],
      data: [],
      nextCursor: null,
    });
  });

  it('tells what is due and what waits for a retry, by webhook and priority, and for how long', async () => {
    const { clock, create, publish, queue } = await setUp(kind);
    const retried = await create('acme', { priority: 9, retry: { schedule: [600] } });
    await publish('acme', 2);
    await eventually(async () => (await queue()).total.waiting === 2);
    const paused = await create('other', { status: 'paused' });
    await publish('other', 3);
    clock.advance(90_000);
    const row = { exact: true, underWay: 0 };
    expect(await queue()).toEqual({
      total: { pending: 5, held: 3, due: 0, waiting: 2, oldestDueAgeSeconds: null, exact: true },
      priorities: [
        { priority: 9, pending: 2, held: 0, due: 0, waiting: 2, oldestDueAgeSeconds: null },
        { priority: 5, pending: 3, held: 3, due: 0, waiting: 0, oldestDueAgeSeconds: null },
      ],
      data: [
        {
          ...row,
          webhookId: retried,
          account: 'acme',
          status: 'active',
          priority: 9,
          pending: 2,
          held: 0,
          due: 0,
          waiting: 2,
          oldestDueAgeSeconds: null,
        },
        {
          ...row,
          webhookId: paused,
          account: 'other',
          status: 'paused',
          priority: 5,
          pending: 3,
          held: 3,
          due: 0,
          waiting: 0,
          oldestDueAgeSeconds: null,
        },
      ],
      nextCursor: null,
    });
  });

  it('tells what a webhook holds apart until it is active again, and then for how long it has been due', async () => {
    const release = Promise.withResolvers<number>();
    onTestFinished(() => release.resolve(200));
    const { api, clock, create, publish, queue, receiver } = await setUp(kind, () => release.promise);
    const id = await create('acme', { status: 'paused' });
    await publish('acme', 2);
    clock.advance(90_000);
    const held = { pending: 2, held: 2, due: 0, waiting: 0, oldestDueAgeSeconds: null };
    expect(await queue()).toMatchObject({ total: held, priorities: [held], data: [held] });
    await api.post(`/v1/accounts/acme/webhooks/${id}/resume`);
    await receiver.waitFor(1);
    const due = { pending: 2, held: 0, due: 2, waiting: 0, oldestDueAgeSeconds: 90 };
    expect(await queue()).toMatchObject({ total: due, priorities: [due], data: [due] });
  });

  it('is filtered by account, webhook and priority, and shown to an account as far as it is its own', async () => {
    const { api, create, publish, queue } = await setUp(kind);
    const urgent = await create('acme', { status: 'paused', priority: 8 });
    const plain = await create('acme', { status: 'paused' });
    const others = await create('other', { status: 'paused', priority: 8 });
    await publish('acme', 2);
    await publish('other', 3);
    const idsOf = ({ data }: { data: { webhookId: string }[] }) => data.map(({ webhookId }) => webhookId);
    const seen = [];
    for (const query of [
      '',
      'account=acme',
      'priority=8',
      'account=acme&priority=8',
      `webhookId=${others}`,
    ]) {
      const { total, data } = await queue(query);
      seen.push([query, total.pending, idsOf({ data })]);
    }
    expect(seen).toEqual([
      ['', 7, [urgent, plain, others]],
      ['account=acme', 4, [urgent, plain]],
      ['priority=8', 5, [urgent, others]],
      ['account=acme&priority=8', 2, [urgent]],
      [`webhookId=${others}`, 3, [others]],
    ]);
    const { key } = (await api.post('/v1/accounts/acme/keys', {})).body;
    const own = (await api.withKey(key).get('/v1/accounts/acme/queue')).body;
    expect([own.total.pending, idsOf(own)]).toEqual([4, [urgent, plain]]);
    expect((await api.withKey(key).get(`/v1/accounts/acme/queue?webhookId=${others}`)).body.data).toEqual([]);
    expect((await api.withKey(key).get('/v1/queue')).status).toBe(404);
  });

  it('is paged by webhook, without gap or repeat', async () => {
    const { create, publish, queue } = await setUp(kind);
    const ids = [];
    for (let count = 0; count < 5; count += 1) {
      ids.push(await create('acme', { status: 'paused', events: [count === 2 ? 'never' : '*'] }));
    }
    await publish('acme');
    const pages: string[][] = [];
    for (let cursor = ''; ; ) {
      const { data, nextCursor, total } = await queue(`limit=2${cursor && `&cursor=${cursor}`}`);
      expect(total.pending).toBe(4);
      pages.push(data.map(({ webhookId }: { webhookId: string }) => webhookId));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    expect(pages).toEqual([
      [ids[0], ids[1]],
      [ids[3], ids[4]],
    ]);
  });

  it('says how many requests are under way', async () => {
    const release = Promise.withResolvers<number>();
    const { create, publish, queue, receiver } = await setUp(kind, () => release.promise);
    await create('acme', { rateLimit: { inFlight: 2 } });
    await publish('acme', 5);
    await receiver.waitFor(2);
    const { data } = await queue();
    expect(data).toMatchObject([{ pending: 5, due: 5, underWay: 2 }]);
    release.resolve(200);
    await eventually(async () => (await queue()).total.pending === 0);
  });

  it('counts up to ten thousand of a webhook, and says that there are more', async () => {
    const { create, publish, queue, waybill } = await setUp(kind);
    const id = await create('acme', { status: 'paused' });
    await publish('acme');
    await waybill.transaction((tx) =>
      tx.query(
        `insert into waybill.deliveries (id, account_id, webhook_id, event_id, due_at)
         select overlay(d.id::text placing lpad(to_hex(n), 12, '0') from 25)::uuid, d.account_id, d.webhook_id,
           d.event_id, d.due_at
         from waybill.deliveries d, generate_series(1, 10000) n`,
      ),
    );
    const { total, data } = await queue(`webhookId=${id}`);
    expect(data).toMatchObject([{ pending: 10_000, held: 10_000, due: 0, waiting: 0, exact: false }]);
    expect(total).toMatchObject({ exact: false });
    expect(total.pending).toBeGreaterThanOrEqual(10_000);
  });
});

describe.each(E2E_DATABASE_KINDS)('run-now on %s', (kind) => {
  it('makes the next attempt at once, and the schedule goes on from there', async () => {
    const { api, clock, create, publish, receiver } = await setUp(kind);
    await create('acme', { retry: { schedule: [600, 60] } });
    await publish('acme');
    const path = '/v1/accounts/acme/deliveries';
    const only = async () => (await api.get(path)).body.data[0];
    await eventually(async () => (await only()).attemptCount === 1);
    const { id } = await only();
    const hurried = await api.post(`${path}/${id}/run-now`);
    expect([hurried.status, hurried.body.status]).toEqual([202, 'pending']);
    await eventually(async () => (await only()).attemptCount === 2);
    expect((await only()).nextAttemptAt).toBe(new Date(clock.now() + 60_000).toISOString());
    receiver.answer(200);
    await api.post(`${path}/${id}/run-now`);
    await eventually(async () => (await only()).status === 'delivered');
    const late = await api.post(`${path}/${id}/run-now`);
    expect([late.status, late.body.code]).toEqual([409, 'delivery_not_pending']);
    expect(receiver.requests).toHaveLength(3);
  });
});
