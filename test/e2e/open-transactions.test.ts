import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventInput } from '../../src/publish/event.ts';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

// What doesn't wait for a transaction is done long before; what does would wait until the test has ended.
const SOON_MS = 10_000;

const event = (data: unknown, more: Partial<EventInput> = {}): EventInput => ({
  type: 'order.changed',
  subject: 'order/1',
  data,
  ...more,
});

async function connect({ databaseUrl }: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** A platform with a connection of its own, on which a transaction stays open until the test has ended. */
async function start(options: WaybillOptions = {}) {
  const database = await createTestDatabase('postgres');
  const running = await startTestWaybill('postgres', { ...database, ...options });
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const client = await connect(database);
  const observer = await connect(database);
  const begin = async (): Promise<void> => {
    await client.query('begin');
    onTestFinished(async () => void (await client.query('rollback')));
  };
  const create = async (settings: object = {}, account = 'acme'): Promise<string> => {
    const body = { url: receiver.url, events: ['*'], ...settings };
    return (await running.api.post(`/v1/accounts/${account}/webhooks`, body)).body.id;
  };
  const waiting = async (): Promise<number> => {
    const { rows } = await observer.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    return rows.length;
  };
  return { ...running, database, receiver, client, observer, begin, create, waiting };
}

/** Whether it happens while the transaction is still open. */
function soon<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('waited for the open transaction')), SOON_MS);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

describe('an open transaction that names a new channel', () => {
  it('holds up nobody, not even who names the same one', async () => {
    const { waybill, client, begin, api } = await start();
    await waybill.publish('acme', event(0));
    await begin();
    await waybill.publish(client, 'acme', event(1, { channel: 'new' }));
    const others = Array.from({ length: 20 }, (_, n) =>
      waybill.publish('acme', event(n, { channel: 'new' })),
    );
    await soon(Promise.all([...others, waybill.publish('other', event(1, { channel: 'new' }))]));
    const titled = api.request('PUT', '/v1/accounts/acme/channels/new', { title: 'New' });
    expect((await soon(titled)).status).toBe(200);
  });

  it('holds up no other transaction, in whatever order both name the same ones', async () => {
    const { waybill, client, begin, database } = await start();
    await waybill.publish('acme', event(0));
    const other = await connect(database);
    await begin();
    await other.query('begin');
    await waybill.publish(client, 'acme', event(1, { channel: 'a' }));
    await waybill.publish(other, 'acme', event(1, { channel: 'b' }));
    await soon(waybill.publish(client, 'acme', event(2, { channel: 'b' })));
    await soon(waybill.publish(other, 'acme', event(2, { channel: 'a' })));
    await other.query('commit');
  });
});

describe('an open transaction that publishes a unique item', () => {
  it.each(['unique_item_in_use', 'idempotency_key_in_use'])(
    'holds up what is published for the same one, for a second (%s), and nothing of others',
    async (code) => {
      const { waybill, client, begin, create } = await start();
      await create({ unique: true });
      await create({}, 'other');
      await waybill.publish('acme', event(0, { subject: 'order/2' }));
      const more = code === 'idempotency_key_in_use' ? { idempotencyKey: 'k', subject: null } : {};
      await begin();
      await waybill.publish(client, 'acme', event(1, more));
      const held = Array.from({ length: 40 }, () =>
        waybill.publish('acme', event(2, more)).catch((error: { code: string }) => error.code),
      );
      for (let number = 0; number < 20; number += 1) {
        const idempotencyKey = code === 'idempotency_key_in_use' ? `${number}` : null;
        await soon(waybill.publish('other', event(number, { idempotencyKey })));
        const another = event(number, { subject: `order/${number + 10}` });
        expect((await soon(waybill.publish('acme', another))).deliveries).toBe(1);
      }
      expect(new Set(await Promise.all(held))).toEqual(new Set([code]));
      expect((await waybill.publish('acme', event(3, { subject: 'order/3' }))).deliveries).toBe(1);
      await client.query('rollback');
      expect((await waybill.publish('acme', event(4, more))).deliveries).toBe(1);
    },
  );

  it.each(['unique_item_in_use', 'idempotency_key_in_use'])(
    'keeps nobody from the turn of a daily limit (%s)',
    async (code) => {
      const { waybill, client, begin, create, api, waiting, observer } = await start();
      await create({ unique: true, status: 'paused' });
      await api.patch('/v1/accounts/acme', { limits: { eventsPerDay: 1_000 } });
      const more = code === 'idempotency_key_in_use' ? { idempotencyKey: 'k', subject: null } : {};
      await begin();
      await waybill.publish(client, 'acme', event(1, more));
      const held = waybill.publish('acme', event(2, more)).catch((error: { code: string }) => error.code);
      await eventually(async () => (await waiting()) > 0);
      const { rows } = await observer.query(
        "select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
      );
      expect(rows).toEqual([]);
      expect(await held).toBe(code);
      expect((await waybill.publish('acme', event(3, { subject: 'order/3' }))).deliveries).toBe(1);
      expect((await api.get('/v1/accounts/acme')).body.usage).toEqual({ eventsToday: 1 });
    },
  );

  it('that ends within the second lets go on what waits for it', async () => {
    const { waybill, client, begin, create, waiting, observer } = await start();
    await create({ unique: true, status: 'paused' });
    await begin();
    await waybill.publish(client, 'acme', event(1));
    const held = waybill.publish('acme', event(2));
    await eventually(async () => (await waiting()) > 0);
    await client.query('commit');
    expect((await held).deliveries).toBe(1);
    const { rows } = await observer.query('select status from waybill.deliveries order by id');
    expect(rows.map(({ status }) => status)).toEqual(['superseded', 'pending']);
  });

  it('is told of to whoever cancels, retries or hurries a delivery about the same', async () => {
    const { waybill, client, begin, create, api } = await start();
    await create({ unique: true, status: 'paused' });
    for (const data of [1, 2]) await waybill.publish('acme', event(data, { subject: `order/${data}` }));
    const { items } = await waybill.deliveries.list('acme');
    const [second, first] = items.map(({ id }) => id);
    expect((await api.post(`/v1/accounts/acme/deliveries/${first}/cancel`)).status).toBe(200);
    await begin();
    await waybill.publish(client, 'acme', [event(3), event(3, { subject: 'order/2' })]);
    for (const path of [`${first}/retry`, `${second}/cancel`, `${second}/run-now`]) {
      const answer = await soon(api.post(`/v1/accounts/acme/deliveries/${path}`));
      expect([answer.status, answer.body.code], path).toEqual([409, 'unique_item_in_use']);
    }
    await client.query('rollback');
    expect((await api.post(`/v1/accounts/acme/deliveries/${second}/cancel`)).status).toBe(200);
  });

  it('holds up the replays of others no more than their own', async () => {
    const { waybill, client, begin, create, api } = await start();
    const webhooks = [
      ['acme', await create({ unique: true })],
      ['other', await create({}, 'other')],
    ] as const;
    for (const [account] of webhooks) await waybill.publish(account, event(1));
    const ended = async (account: string) =>
      (await waybill.deliveries.list(account, { status: 'pending' })).items.length === 0;
    for (const [account] of webhooks) await eventually(() => ended(account));
    await begin();
    await waybill.publish(client, 'acme', event(2));
    const replays = new Map<string, string>();
    for (const [account, id] of webhooks) {
      const path = `/v1/accounts/${account}/webhooks/${id}/replay`;
      replays.set(account, (await api.post(path, { from: '2026-01-01T00:00:00Z' })).body.id);
    }
    const status = async (account: string) =>
      (await api.get(`/v1/accounts/${account}/replays/${replays.get(account)}`)).body.status;
    await soon(eventually(async () => (await status('other')) === 'done'));
    expect(await status('acme')).toBe('running');
    await client.query('rollback');
    await eventually(async () => (await status('acme')) === 'done');
  });

  it('has a replay send nothing older after what arrives while that waits for it', async () => {
    const clock = createTestClock();
    const { waybill, client, begin, create, api, receiver, waiting } = await start({ clock });
    const webhook = await create({ unique: true });
    const arrived = async (count: number) =>
      eventually(async () => {
        const { items } = await waybill.deliveries.list('acme', { status: 'delivered' });
        return items.length === count;
      });
    await waybill.publish('acme', event(1));
    await arrived(1);
    const gate = Promise.withResolvers<number>();
    receiver.answer(() => gate.promise);
    await waybill.publish('acme', event(2));
    await receiver.waitFor(2);
    await begin();
    await client.query('select from waybill.unique_items for update');
    const path = `/v1/accounts/acme/webhooks/${webhook}/replay`;
    const replay = (await api.post(path, { from: '2020-01-01T00:00:00Z' })).body.id;
    const isDone = async () => (await api.get(`/v1/accounts/acme/replays/${replay}`)).body.status === 'done';
    // It has read by then what is pending.
    await eventually(async () => (await waiting()) > 0 || (await isDone()));
    gate.resolve(200);
    await arrived(2);
    await client.query('rollback');
    await eventually(async () => {
      clock.advance(1_000);
      return isDone();
    });
    await eventually(async () => {
      const { items } = await waybill.deliveries.list('acme', { status: 'pending' });
      return items.length === 0;
    });
    expect(receiver.requests.map(({ body }) => JSON.parse(body).data).lastIndexOf(1)).toBe(0);
  });

  it.each(['repeatable read', 'serializable'])(
    'fails in %s if its snapshot does not show what waits, and goes well when it is run again',
    async (level) => {
      const { waybill, client, observer, create } = await start();
      await create({ unique: true, status: 'paused' });
      const pending = async () =>
        (await observer.query("select from waybill.deliveries where status = 'pending'")).rows.length;
      await client.query(`begin isolation level ${level}`);
      await client.query('select 1 from waybill.accounts');
      await waybill.publish('acme', event(1));
      const published = waybill.publish(client, 'acme', event(2));
      await expect(published).rejects.toMatchObject({ code: 'serialization_failure', status: 409 });
      await client.query('rollback');
      expect(await pending()).toBe(1);
      await client.query(`begin isolation level ${level}`);
      expect((await waybill.publish(client, 'acme', event(2))).deliveries).toBe(1);
      await client.query('commit');
      expect(await pending()).toBe(1);
    },
  );
});

describe('an open transaction that takes the place of what is under way', () => {
  /** Under way to a webhook with unique items, its place taken by a transaction that is open; then answered. */
  async function takePlace(status = 200, settings: object = {}, options: WaybillOptions = {}) {
    const shop = await start({ dispatch: { stopGraceMs: 5_000 }, ...options });
    const { waybill, receiver, client, create, begin, observer } = shop;
    const webhook = await create({ unique: true, url: `${receiver.url}unique`, ...settings });
    await create({ url: `${receiver.url}other` }, 'other');
    await create({ url: `${receiver.url}plain` });
    const gate = Promise.withResolvers<void>();
    receiver.answer(async ({ path }) => {
      if (path !== '/unique') return 200;
      await gate.promise;
      return status;
    });
    await waybill.publish('acme', event(1));
    await receiver.waitFor(2);
    await begin();
    await waybill.publish(client, 'acme', event(2));
    const rows = async () => {
      const { rows } = await observer.query(
        `select d.status, d.attempts, (select count(*)::integer from waybill.attempts a where a.delivery_id = d.id) as logged
         from waybill.deliveries d join waybill.webhooks w on w.id = d.webhook_id where w.is_unique order by d.id`,
      );
      return rows;
    };
    gate.resolve();
    await eventually(async () => (await shop.waiting()) > 0);
    return { ...shop, webhook, rows };
  }

  const arrived = async (
    { waybill }: Awaited<ReturnType<typeof takePlace>>,
    account: string,
    count: number,
  ) =>
    eventually(async () => {
      const { items } = await waybill.deliveries.list(account, { status: 'delivered' });
      return items.length === count;
    });

  it('holds up the outcome of that alone, and it is written once it has rolled back', async () => {
    const shop = await takePlace();
    await shop.waybill.publish('other', [event(1), event(2), event(3)]);
    await soon(arrived(shop, 'other', 3));
    await shop.waybill.publish('acme', event(3, { subject: 'order/2' }));
    // Two of the webhook that takes all, and the one about another subject.
    await soon(arrived(shop, 'acme', 3));
    expect((await shop.rows())[0]).toEqual({ status: 'pending', attempts: 0, logged: 0 });
    await shop.client.query('rollback');
    await eventually(async () => {
      expect((await shop.rows())[0]).toEqual({ status: 'delivered', attempts: 1, logged: 1 });
      return true;
    });
    expect(shop.receiver.requests.filter(({ path }) => path === '/unique')).toHaveLength(2);
  });

  it('has what was taken the place of delivered after all once it commits, and the newer one sent then', async () => {
    const shop = await takePlace();
    await shop.waybill.publish('other', event(1));
    await soon(arrived(shop, 'other', 1));
    expect(shop.receiver.requests.filter(({ path }) => path === '/unique')).toHaveLength(1);
    await shop.client.query('commit');
    const delivered = { status: 'delivered', attempts: 1, logged: 1 };
    await eventually(async () => {
      expect(await shop.rows()).toEqual([delivered, delivered]);
      return true;
    });
  });

  it('lets a node that ends meanwhile write the outcome, if the transaction ends within the grace', async () => {
    const shop = await takePlace();
    await shop.waybill.publish('other', event(1));
    await soon(arrived(shop, 'other', 1));
    const stopped = shop.stop();
    await shop.client.query('rollback');
    await stopped;
    expect((await shop.rows())[0]).toEqual({ status: 'delivered', attempts: 1, logged: 1 });
  });

  it('has its failure begin nothing where something has arrived before that is written', async () => {
    const clock = createTestClock();
    const shop = await takePlace(500, { retry: { schedule: [3_600] } }, { clock });
    const firstFailureAt = async () =>
      (await shop.api.get(`/v1/accounts/acme/webhooks/${shop.webhook}`)).body.firstFailureAt;
    clock.advance(1_000);
    shop.receiver.answer(200);
    await shop.waybill.publish('acme', event(3, { subject: 'order/2' }));
    await soon(arrived(shop, 'acme', 3));
    await shop.client.query('rollback');
    await eventually(async () => {
      expect((await shop.rows())[0]).toEqual({ status: 'pending', attempts: 1, logged: 1 });
      return true;
    });
    expect(await firstFailureAt()).toBe(null);
    clock.advance(1_000);
    shop.receiver.answer(500);
    await shop.waybill.publish('acme', event(4, { subject: 'order/3' }));
    await eventually(async () => (await firstFailureAt()) === new Date(clock.now()).toISOString());
  });

  it('raises the alert that it was given up late, and what arrives next ends it', async () => {
    const shop = await takePlace(500, { retry: { schedule: [] } });
    await shop.waybill.publish('other', event(1));
    await soon(arrived(shop, 'other', 1));
    // One that arrives before it is written that the other was given up.
    shop.receiver.answer(200);
    await shop.waybill.publish('acme', event(3, { subject: 'order/2' }));
    await soon(arrived(shop, 'acme', 3));
    await shop.client.query('rollback');
    const alerts = async () => (await shop.waybill.alerts.list('acme')).items;
    await eventually(async () => (await alerts()).length === 1);
    await shop.waybill.publish('acme', event(4));
    await eventually(async () => (await alerts())[0]?.resolvedAt !== null);
  });
});

describe('an open transaction that makes a new account', () => {
  it('is told of to whoever publishes for it, and keeps no connection from others', async () => {
    const { waybill, client, begin } = await start();
    await waybill.publish('acme', event(0));
    await begin();
    await waybill.publish(client, 'new', event(1));
    const held = Array.from({ length: 30 }, () => waybill.publish('new', event(2)).catch(({ code }) => code));
    await soon(waybill.publish('acme', event(3)));
    expect(new Set(await soon(Promise.all(held)))).toEqual(new Set(['account_in_use']));
    await client.query('commit');
    expect(await waybill.publish('new', event(4))).toMatchObject({ deliveries: 0 });
  });
});
