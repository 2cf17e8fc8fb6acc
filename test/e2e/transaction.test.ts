import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createWaybill, type Queryable, type Waybill } from '../../src/index.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

// Far beyond any test: what arrives was told of, not found by looking.
const NEVER_POLLS = { pollIntervalMs: 60_000 };

interface Shop extends TestWaybill {
  readonly database: TestDatabase;
  readonly receiver: Receiver;
  /** A plain `pg` connection to the same database, with a table `orders`. */
  readonly client: pg.Client;
}

/** A Waybill that sends, a receiver that wants all of acme, and the platform's own connection and table. */
async function startShop(): Promise<Shop> {
  const database = await createTestDatabase('postgres');
  const running = await startTestWaybill('postgres', { ...database, dispatch: NEVER_POLLS });
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const created = await running.api.post('/v1/accounts/acme/webhooks', { url: receiver.url, events: ['*'] });
  expect(created.status).toBe(201);
  const client = await connect(database);
  await client.query('create table orders (id integer primary key)');
  return { ...running, database, receiver, client };
}

async function connect(database: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const order = (id: number, more: object = {}) => ({ type: 'order.created', data: { id }, ...more });

/** What is in the database, as another connection sees it. */
async function stored({ waybill, database }: Pick<Shop, 'waybill' | 'database'>, account = 'acme') {
  const client = await connect(database);
  const orders = await client.query<{ id: number }>('select id from orders order by id');
  const events = await waybill.events.list(account, {}, { limit: 100 });
  const deliveries = await client.query<{ count: number }>(
    'select count(*)::integer from waybill.deliveries',
  );
  return {
    orders: orders.rows.map(({ id }) => id),
    events: events.items.map(({ data }) => JSON.parse(data).id).sort(),
    deliveries: deliveries.rows[0]?.count,
  };
}

const sentIds = (receiver: Receiver): number[] =>
  receiver.requests.map(({ body }) => JSON.parse(body).data.id).sort((a, b) => a - b);

/**
 * Publishes one more event and waits until everything has been sent: what was handed over directly may overtake what
 * the database was asked for.
 */
async function sendLast({ waybill, receiver }: Pick<Shop, 'waybill' | 'receiver'>): Promise<void> {
  await waybill.publish('acme', order(999));
  await eventually(() => sentIds(receiver).includes(999));
  await eventually(async () => {
    const pending = await waybill.deliveries.list('acme', { status: 'pending' });
    return pending.items.length === 0;
  });
}

it('a transaction that rolls back leaves neither order nor event, and sends nothing', async () => {
  const shop = await startShop();
  await shop.client.query('begin');
  await shop.client.query('insert into orders values (1)');
  const published = await shop.waybill.publish(shop.client, 'acme', order(1));
  expect(published).toEqual({ id: expect.stringMatching(/^evt_[0-9a-f]{32}$/), deliveries: 1 });
  await shop.client.query('rollback');

  expect(await stored(shop)).toEqual({ orders: [], events: [], deliveries: 0 });
  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([999]);
  expect((await shop.api.get(`/v1/accounts/acme/events/${published.id}`)).status).toBe(404);
});

it('a transaction that commits keeps order and event, and sends it at once; nothing is sent before', async () => {
  const shop = await startShop();
  await shop.client.query('begin');
  await shop.client.query('insert into orders values (1)');
  const { id } = await shop.waybill.publish(shop.client, 'acme', order(1));
  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([999]);
  expect((await stored(shop)).orders).toEqual([]);
  await shop.client.query('commit');

  await shop.receiver.waitFor(2);
  expect(shop.receiver.requests.map(({ headers }) => headers['webhook-id'])).toContain(id);
  expect(await stored(shop)).toEqual({ orders: [1], events: [1, 999], deliveries: 2 });
});

it('a savepoint that is rolled back takes its event with it, and only that', async () => {
  const shop = await startShop();
  await shop.client.query('begin');
  await shop.client.query('insert into orders values (1)');
  await shop.waybill.publish(shop.client, 'acme', order(1));
  await shop.client.query('savepoint second');
  await shop.client.query('insert into orders values (2)');
  await shop.waybill.publish(shop.client, 'acme', order(2));
  await shop.client.query('rollback to savepoint second');
  await shop.waybill.publish(shop.client, 'acme', order(3));
  await shop.client.query('commit');

  await shop.receiver.waitFor(2);
  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([1, 3, 999]);
  expect(await stored(shop)).toEqual({ orders: [1], events: [1, 3, 999], deliveries: 3 });
});

it('several events in one call become part of the transaction, all or none', async () => {
  const shop = await startShop();
  await shop.client.query('begin');
  const published = await shop.waybill.publish(shop.client, 'acme', [order(1), order(2), order(3)]);
  expect(published.map(({ deliveries }) => deliveries)).toEqual([1, 1, 1]);
  expect(new Set(published.map(({ id }) => id)).size).toBe(3);
  const broken = shop.waybill.publish(shop.client, 'acme', [order(4), { type: 'not a type', data: {} }]);
  await expect(broken).rejects.toMatchObject({ code: 'validation_failed' });
  await shop.client.query('commit');

  await shop.receiver.waitFor(3);
  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([1, 2, 3, 999]);
});

it('an idempotency key used in an earlier transaction gives the same answer, and the transaction goes on', async () => {
  const shop = await startShop();
  await shop.client.query('begin');
  const first = await shop.waybill.publish(shop.client, 'acme', order(1, { idempotencyKey: 'order-1' }));
  const again = await shop.waybill.publish(shop.client, 'acme', order(1, { idempotencyKey: 'order-1' }));
  expect(again).toEqual(first);
  await shop.client.query('commit');

  await shop.client.query('begin');
  await shop.client.query('insert into orders values (1)');
  expect(await shop.waybill.publish(shop.client, 'acme', order(1, { idempotencyKey: 'order-1' }))).toEqual(
    first,
  );
  await shop.client.query('insert into orders values (2)');
  await shop.client.query('commit');

  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([1, 999]);
  expect(await stored(shop)).toEqual({ orders: [1, 2], events: [1, 999], deliveries: 2 });
});

it('an idempotency key another transaction takes at the same moment gives the answer of the one that commits', async () => {
  const shop = await startShop();
  const other = await connect(shop.database);
  await other.query('begin');
  const first = await shop.waybill.publish(other, 'acme', order(1, { idempotencyKey: 'order-1' }));
  await shop.client.query('begin');
  await shop.client.query('insert into orders values (1)');
  const waiting = shop.waybill.publish(shop.client, 'acme', order(1, { idempotencyKey: 'order-1' }));
  await isWaitingForLock(other, shop.client);
  await other.query('commit');

  expect(await waiting).toEqual(first);
  await shop.client.query('insert into orders values (2)');
  await shop.client.query('commit');
  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([1, 999]);
  expect(await stored(shop)).toEqual({ orders: [1, 2], events: [1, 999], deliveries: 2 });
});

async function isWaitingForLock(observer: pg.Client, client: pg.Client): Promise<void> {
  const { processID } = client as unknown as { processID: number };
  await eventually(async () => {
    const { rows } = await observer.query('select pg_blocking_pids($1) as by', [processID]);
    return rows[0].by.length > 0;
  });
}

it('an idempotency key taken by a transaction that rolls back is free again', async () => {
  const shop = await startShop();
  await shop.client.query('begin');
  const lost = await shop.waybill.publish(shop.client, 'acme', order(1, { idempotencyKey: 'order-1' }));
  await shop.client.query('rollback');
  const kept = await shop.waybill.publish('acme', order(2, { idempotencyKey: 'order-1' }));
  expect(kept.id).not.toBe(lost.id);
  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([2, 999]);
});

it('a conflicting body under a used key is refused with 409, and the transaction goes on', async () => {
  const shop = await startShop();
  await shop.waybill.publish('acme', order(1, { idempotencyKey: 'order-1' }));
  await shop.client.query('begin');
  await shop.client.query('insert into orders values (1)');
  await shop.client.query('savepoint before_publish');
  const conflicting = shop.waybill.publish(shop.client, 'acme', order(2, { idempotencyKey: 'order-1' }));
  await expect(conflicting).rejects.toMatchObject({ code: 'idempotency_conflict', status: 409 });
  await shop.client.query('rollback to savepoint before_publish');
  await shop.waybill.publish(shop.client, 'acme', order(3, { idempotencyKey: 'order-3' }));
  await shop.client.query('commit');

  await shop.receiver.waitFor(2);
  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([1, 3, 999]);
  expect((await stored(shop)).orders).toEqual([1]);
});

it('a conflict found only after another transaction commits is a 409 too, and the transaction goes on', async () => {
  const shop = await startShop();
  const other = await connect(shop.database);
  await other.query('begin');
  await shop.waybill.publish(other, 'acme', order(1, { idempotencyKey: 'order-1' }));
  await shop.client.query('begin');
  const waiting = shop.waybill.publish(shop.client, 'acme', order(2, { idempotencyKey: 'order-1' }));
  const refused = expect(waiting).rejects.toMatchObject({ code: 'idempotency_conflict' });
  await isWaitingForLock(other, shop.client);
  await other.query('commit');
  await refused;
  await shop.client.query('insert into orders values (1)');
  await shop.client.query('commit');
  expect(await stored(shop)).toEqual({ orders: [1], events: [1], deliveries: 1 });
});

it('an account that is new comes into being with the transaction, or not at all', async () => {
  const shop = await startShop();
  await shop.client.query('begin');
  expect((await shop.waybill.publish(shop.client, 'newcomer', order(1))).deliveries).toBe(0);
  await shop.client.query('rollback');
  expect((await shop.api.get('/v1/accounts/newcomer')).status).toBe(404);

  await shop.client.query('begin');
  await shop.waybill.publish(shop.client, 'newcomer', order(1));
  await shop.client.query('commit');
  expect((await shop.api.get('/v1/accounts/newcomer')).status).toBe(200);
  expect((await stored(shop, 'newcomer')).events).toEqual([1]);
});

it('in repeatable read a publish matches the webhooks its snapshot sees, and the next transaction the new one too', async () => {
  const shop = await startShop();
  await shop.client.query('begin isolation level repeatable read');
  await shop.client.query('select from orders');
  const late = await startReceiver();
  onTestFinished(() => late.close());
  await shop.api.post('/v1/accounts/acme/webhooks', { url: late.url, events: ['*'] });
  // The process itself knows of the new webhook by now.
  expect((await shop.waybill.publish('acme', order(1))).deliveries).toBe(2);
  expect((await shop.waybill.publish(shop.client, 'acme', order(2))).deliveries).toBe(1);
  await shop.client.query('commit');
  await shop.client.query('begin isolation level repeatable read');
  expect((await shop.waybill.publish(shop.client, 'acme', order(3))).deliveries).toBe(2);
  await shop.client.query('commit');

  await shop.receiver.waitFor(3);
  await late.waitFor(2);
  expect(sentIds(shop.receiver)).toEqual([1, 2, 3]);
  expect(sentIds(late)).toEqual([1, 3]);
});

it('in read committed a publish matches a webhook another node made after the transaction began', async () => {
  const shop = await startShop();
  const publisher = await createPublisher(shop.database);
  expect((await publisher.publish('acme', order(1))).deliveries).toBe(1);
  await shop.client.query('begin');
  await shop.client.query('select from orders');
  await shop.api.post('/v1/accounts/acme/webhooks', { url: shop.receiver.url, events: ['*'] });
  expect((await publisher.publish(shop.client, 'acme', order(2))).deliveries).toBe(2);
  await shop.client.query('commit');
  await shop.receiver.waitFor(3);
});

/** A Waybill that only publishes: it is never started. */
async function createPublisher(database: TestDatabase): Promise<Waybill> {
  const waybill = await createWaybill({ ...database, environment: {}, logLevel: 'silent' });
  onTestFinished(() => waybill.stop());
  return waybill;
}

it('a process that sends nothing itself publishes in a transaction, and another that does is told at once', async () => {
  const shop = await startShop();
  const publisher = await createPublisher(shop.database);
  await shop.client.query('begin');
  await publisher.publish(shop.client, 'acme', order(1));
  await shop.client.query('commit');
  const committedAt = Date.now();
  const [request] = await shop.receiver.waitFor(1);
  expect((request?.at ?? 0) - committedAt).toBeLessThan(2_000);
});

it('a client of a pg.Pool is a transaction too', async () => {
  const shop = await startShop();
  const pool = new pg.Pool({ connectionString: shop.database.databaseUrl });
  onTestFinished(() => pool.end());
  for (const [id, end] of [
    [1, 'commit'],
    [2, 'rollback'],
  ] as const) {
    const client = await pool.connect();
    await client.query('begin');
    await shop.waybill.publish(client, 'acme', order(id, { idempotencyKey: `order-${id}` }));
    await client.query(end);
    client.release();
  }
  await shop.receiver.waitFor(1);
  await sendLast(shop);
  expect(sentIds(shop.receiver)).toEqual([1, 999]);
});

it('an adapter with nothing but query is enough', async () => {
  const shop = await startShop();
  const asked: string[] = [];
  const adapter: Queryable = {
    query: async (text, values) => {
      asked.push(text);
      const { rows } = await shop.client.query(text, values);
      // biome-ignore lint/suspicious/noExplicitAny: what an adapter of a query builder returns has any shape.
      return { rows: rows as any[] };
    },
  };
  await shop.client.query('begin');
  await shop.waybill.publish(adapter, 'acme', [order(1, { idempotencyKey: 'a' }), order(2)]);
  await shop.client.query('commit');
  await shop.receiver.waitFor(2);
  expect(sentIds(shop.receiver)).toEqual([1, 2]);
  expect(asked.length).toBeGreaterThan(0);
});

it('a transaction of PGlite: rolled back, nothing was; committed, it is sent when Waybill runs on that database', async () => {
  const shop = await createTestDatabase('embedded');
  const publisher = await createPublisher(await createTestDatabase('embedded'));
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const before = await startTestWaybill('embedded', shop);
  await before.api.post('/v1/accounts/acme/webhooks', { url: receiver.url, events: ['*'] });
  await before.stop();

  const pglite = await PGlite.create({ dataDir: join(shop.dataDir ?? '', 'pgdata') });
  await pglite.query('create table orders (id integer primary key)');
  const rolledBack = pglite.transaction(async (tx) => {
    await tx.query('insert into orders values (1)');
    await publisher.publish(tx, 'acme', order(1, { idempotencyKey: 'order-1' }));
    throw new Error('the order was refused');
  });
  await expect(rolledBack).rejects.toThrow('the order was refused');
  await pglite.transaction(async (tx) => {
    await tx.query('insert into orders values (2)');
    const first = await publisher.publish(tx, 'acme', order(2, { idempotencyKey: 'order-2' }));
    expect(await publisher.publish(tx, 'acme', order(2, { idempotencyKey: 'order-2' }))).toEqual(first);
  });
  expect((await pglite.query('select id from orders')).rows).toEqual([{ id: 2 }]);
  await pglite.close();

  const after = await startTestWaybill('embedded', shop);
  await receiver.waitFor(1);
  await sendLast({ waybill: after.waybill, receiver });
  expect(sentIds(receiver)).toEqual([2, 999]);
});

it('the example of a transactional publish runs, and its order is sent', async () => {
  const shop = await startShop();
  await shop.client.query('drop table orders');
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=waybill-source', 'examples/transactional-publish/main.ts'],
    {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: shop.database.databaseUrl,
        WAYBILL_ENCRYPTION_KEY: shop.database.encryptionKey,
      },
    },
  );
  expect(stdout).toMatch(/^order 1001: committed, its event evt_[0-9a-f]{32} goes to 1 webhook\n/);
  expect(stdout).toContain('order 1002: rolled back (its total is negative); there is no event\n');
  await sendLast(shop);
  const types = shop.receiver.requests.map(({ body }) => JSON.parse(body));
  expect(types.map(({ data }) => data.orderId ?? data.id).sort()).toEqual(['1001', 999]);
});
