import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventInput } from '../../src/publish/event.ts';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
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
