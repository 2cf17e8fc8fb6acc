import { readFileSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestClock, type TestClock } from '../support/clock.ts';
import {
  createTestDatabase,
  type DatabaseKind,
  E2E_DATABASE_KINDS,
  type TestDatabase,
} from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
/** Two hours before the day ends. */
const START = Date.parse('2026-12-13T22:00:00Z');
const HOUR_MS = 3_600_000;

async function setUp(
  kind: DatabaseKind,
  database: TestDatabase = {},
  clock: TestClock = createTestClock(START),
) {
  const { api, waybill } = await startTestWaybill(kind, { ...database, clock });
  const publish = (count = 1, key?: string) => {
    const events = Array.from({ length: count }, (_, data) => ({ type: 'order.created', data }));
    return api.post(`${ACCOUNT}/events`, { events }, key === undefined ? {} : { 'idempotency-key': key });
  };
  const limit = async (eventsPerDay: number | null) => {
    const { status, text, body } = await api.patch(ACCOUNT, { limits: { eventsPerDay } });
    expect(status, text).toBe(200);
    return body;
  };
  const account = async () => (await api.get(ACCOUNT)).body;
  const stored = async () => (await api.get(`${ACCOUNT}/events?limit=100`)).body.data.length;
  const alerts = async () => (await api.get(`${ACCOUNT}/alerts`)).body.data;
  await api.request('PUT', ACCOUNT, {});
  return { api, waybill, clock, publish, limit, account, stored, alerts };
}

describe.each(E2E_DATABASE_KINDS)('a daily limit on %s', (kind) => {
  it('takes what fits and refuses the rest as a whole, until the day of UTC ends', async () => {
    const { clock, publish, limit, account, stored } = await setUp(kind);
    expect(await account()).toMatchObject({ limits: { eventsPerDay: null }, usage: { eventsToday: null } });
    expect(await limit(5)).toMatchObject({ limits: { eventsPerDay: 5 }, usage: { eventsToday: 0 } });
    expect((await publish(3)).status).toBe(202);
    const refused = await publish(3);
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      code: 'daily_limit_reached',
      detail:
        'This account may publish 5 events a day and has published 3 today, so that this is too much. ' +
        'The day ends at 2026-12-14T00:00:00.000Z.',
      params: { limit: 5, used: 3, endsAt: '2026-12-14T00:00:00.000Z' },
    });
    expect(refused.headers.get('retry-after')).toBe('7200');
    expect(await stored()).toBe(3);
    expect((await publish(2)).status).toBe(202);
    expect((await publish(1)).status).toBe(429);
    expect(await account()).toMatchObject({ usage: { eventsToday: 5 } });
    expect(await stored()).toBe(5);
    clock.advance(2 * HOUR_MS - 1);
    expect((await publish(1)).headers.get('retry-after')).toBe('1');
    clock.advance(1);
    expect((await publish(5)).status).toBe(202);
    expect(await account()).toMatchObject({ usage: { eventsToday: 5 } });
    expect((await publish(1)).status).toBe(429);
  });

  it('counts what is published under one idempotency key once, and answers it as before', async () => {
    const { publish, limit, account } = await setUp(kind);
    await limit(2);
    const first = await publish(2, 'key');
    expect(first.status).toBe(202);
    expect((await publish(2, 'key')).body).toEqual(first.body);
    expect((await publish(1, 'other')).status).toBe(429);
    expect(await account()).toMatchObject({ usage: { eventsToday: 2 } });
  });

  it('counts what was published that day before it was set, and holds at once when it is changed', async () => {
    const { publish, limit, account } = await setUp(kind);
    expect((await publish(3)).status).toBe(202);
    expect(await limit(4)).toMatchObject({ usage: { eventsToday: 3 } });
    expect((await publish(2)).status).toBe(429);
    await limit(5);
    expect((await publish(2)).status).toBe(202);
    await limit(1);
    expect((await publish(1)).status).toBe(429);
    await limit(null);
    expect((await publish(4)).status).toBe(202);
    expect(await account()).toMatchObject({ usage: { eventsToday: null } });
    expect(await limit(10)).toMatchObject({ usage: { eventsToday: 9 } });
    expect((await publish(1)).status).toBe(202);
    expect((await publish(1)).status).toBe(429);
    await limit(0);
    expect((await publish(1)).status).toBe(429);
  });

  it('is exact for many that publish at the same moment', async () => {
    const { publish, limit, account, stored } = await setUp(kind);
    await limit(25);
    const answers = await Promise.all(Array.from({ length: 40 }, () => publish(1)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(25);
    expect(answers.filter(({ body }) => body.code === 'daily_limit_reached')).toHaveLength(15);
    expect(await stored()).toBe(25);
    expect(await account()).toMatchObject({ usage: { eventsToday: 25 } });
  });

  it('takes nothing from other accounts that publish with it', async () => {
    const { api, publish, limit } = await setUp(kind);
    await limit(1);
    const other = () => api.post('/v1/accounts/other/events', { type: 'a', data: 1 });
    const answers = await Promise.all([publish(1), other(), publish(1), other(), publish(1), other()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 429, 429]);
    expect((await api.get('/v1/accounts/other/events')).body.data).toHaveLength(3);
  });

  it('is told of in an alert once a day, that ends with the day', async () => {
    const { api, clock, publish, limit, alerts } = await setUp(kind);
    await limit(1);
    for (let count = 0; count < 4; count += 1) await publish(1);
    const [raised] = await eventually(async () => {
      const found = await alerts();
      return found.length > 0 ? found : undefined;
    });
    expect(raised).toMatchObject({
      kind: 'daily_limit_reached',
      status: 'open',
      webhookId: null,
      deliveryId: null,
      occurrences: 1,
      message: expect.stringContaining('may publish 1 event a day'),
    });
    expect(await alerts()).toEqual([raised]);
    expect((await api.post(`${ACCOUNT}/alerts/${raised.id}/acknowledge`)).body.status).toBe('acknowledged');
    await eventually(async () => {
      clock.advance(HOUR_MS);
      return (await alerts())[0].status === 'resolved';
    });
    for (let count = 0; count < 2; count += 1) await publish(1);
    await eventually(async () => (await alerts()).length === 2);
    expect(await alerts()).toMatchObject([{ status: 'open', occurrences: 1 }, { status: 'resolved' }]);
  });

  it('holds for the library, in a transaction too: what is refused is not part of it', async () => {
    const { waybill, limit, account, stored } = await setUp(kind);
    await limit(2);
    const event = { type: 'order.created', data: 1 };
    await waybill.publish('acme', event);
    await waybill.transaction(async (tx) => {
      await waybill.publish(tx, 'acme', event);
      await expect(waybill.publish(tx, 'acme', event)).rejects.toMatchObject({
        code: 'daily_limit_reached',
        message: expect.stringContaining('has published 2 today'),
      });
    });
    await expect(waybill.publish('acme', event)).rejects.toMatchObject({ code: 'daily_limit_reached' });
    expect([await stored(), (await account()).usage]).toEqual([2, { eventsToday: 2 }]);
  });

  it('does not count what is rolled back', async () => {
    const { waybill, limit, account } = await setUp(kind);
    await limit(2);
    const work = waybill.transaction(async (tx) => {
      await waybill.publish(tx, 'acme', [
        { type: 'a', data: 1 },
        { type: 'a', data: 2 },
      ]);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await account()).toMatchObject({ usage: { eventsToday: 0 } });
    await waybill.publish('acme', [
      { type: 'a', data: 1 },
      { type: 'a', data: 2 },
    ]);
  });

  it('is set by the platform alone, and in whole numbers', async () => {
    const { api, limit } = await setUp(kind);
    await limit(3);
    const { key } = (await api.post(`${ACCOUNT}/keys`, {})).body;
    const own = await api.withKey(key).patch(ACCOUNT, { limits: { eventsPerDay: 1_000 } });
    expect(own.status).toBe(404);
    expect((await api.withKey(key).get(ACCOUNT)).body.limits).toEqual({ eventsPerDay: 3 });
    for (const eventsPerDay of [-1, 1.5, '5', 1e10]) {
      const { status, body } = await api.patch(ACCOUNT, { limits: { eventsPerDay } });
      expect([status, body.errors?.[0].path]).toEqual([400, 'limits.eventsPerDay']);
    }
    expect((await api.request('PUT', ACCOUNT, {})).body.limits).toEqual({ eventsPerDay: null });
  });
});

describe('across nodes and transactions', () => {
  it('two nodes share one limit, to the event', async () => {
    const database = await createTestDatabase('postgres');
    const first = await setUp('postgres', database);
    const second = await setUp('postgres', database);
    await first.limit(20);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? first : second).publish(1)),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(20);
    expect(await first.stored()).toBe(20);
  });

  it('a transaction that stays open holds nobody up; what it has published counts once it commits', async () => {
    const database = await createTestDatabase('postgres');
    const { waybill, publish, limit, account } = await setUp('postgres', database);
    await limit(3);
    expect((await publish(1)).status).toBe(202);
    const client = new pg.Client({ connectionString: database.databaseUrl });
    await client.connect();
    onTestFinished(() => client.end());
    for (const level of ['read committed', 'repeatable read']) {
      await client.query(`begin isolation level ${level}`);
      await waybill.publish(client, 'acme', { type: 'a', data: 1 });
      await waybill.publish('acme', { type: 'a', data: 2 });
      await client.query(level === 'read committed' ? 'rollback' : 'commit');
    }
    // Both were accepted, as neither saw the other: one more than the limit, and no more from then on.
    expect(await account()).toMatchObject({ usage: { eventsToday: 4 } });
    expect((await publish(1)).status).toBe(429);
  });
});

it('an account at its limit has nothing read anew of the others that publish with it', async () => {
  const { waybill, limit } = await setUp('postgres');
  await limit(1);
  const publish = (account: string) =>
    waybill.publish(account, { type: 'a', data: 1 }).then(
      () => 'stored',
      ({ code }) => code,
    );
  expect([await publish('other'), await publish('acme')]).toEqual(['stored', 'stored']);
  const query = vi.spyOn(pg.Pool.prototype, 'query');
  onTestFinished(() => query.mockRestore());
  const accounts = Array.from({ length: 12 }, (_, index) => (index % 2 ? 'acme' : 'other'));
  const answers = await Promise.all(accounts.map(publish));
  expect(answers).toEqual(accounts.map((one) => (one === 'acme' ? 'daily_limit_reached' : 'stored')));
  const readOf = query.mock.calls
    .map((call: readonly unknown[]) => call as [string, unknown[] | undefined])
    .filter(([text]) => text.includes('webhooks_version as version'))
    .flatMap(([, values]) => values);
  expect(new Set(readOf)).toEqual(new Set(['acme']));
});

it('counting what was published before a limit is set holds up nobody else', async () => {
  const database = await createTestDatabase('postgres');
  const { api, publish, limit, account } = await setUp('postgres', database);
  expect((await publish(3)).status).toBe(202);
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  // The count can't be written down for as long as this is open: it takes as long as one of very many events.
  await client.query('begin');
  await client.query('lock table waybill.daily_usage in exclusive mode');
  const limited = limit(4);
  await eventually(async () => {
    const { rows } = await client.query('select from pg_locks where not granted');
    return rows.length > 0;
  });
  const webhook = { url: 'http://127.0.0.1:9999/', events: ['*'], status: 'paused' };
  const made = await api.post(`${ACCOUNT}/webhooks`, webhook);
  expect(made.status).toBe(201);
  expect((await api.patch(`${ACCOUNT}/webhooks/${made.body.id}`, { status: 'disabled' })).status).toBe(200);
  expect((await publish(2)).status).toBe(202);
  await client.query('commit');

  // What was published meanwhile counts too.
  expect(await limited).toMatchObject({ usage: { eventsToday: 5 } });
  expect((await publish(1)).status).toBe(429);
  expect(await account()).toMatchObject({ usage: { eventsToday: 5 } });
});

it('limits that are set at the same moment count what was published once', async () => {
  const { publish, limit, account } = await setUp('postgres');
  expect((await publish(3)).status).toBe(202);
  await Promise.all([limit(10), limit(10), limit(10), limit(10), limit(10)]);
  expect(await account()).toMatchObject({ usage: { eventsToday: 3 } });
});

it('the guide to queueing shows a limit that is taken as it is', async () => {
  const guide = readFileSync(new URL('../../docs/guides/queueing.md', import.meta.url), 'utf8');
  const [, example = ''] = /^```json account\n([\s\S]*?)\n```$/m.exec(guide) ?? [];
  const { api } = await setUp('postgres');
  const { status, body } = await api.patch(ACCOUNT, JSON.parse(example));
  expect(status).toBe(200);
  expect(body).toMatchObject(JSON.parse(example));
});
