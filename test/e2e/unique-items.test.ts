import fc from 'fast-check';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { Waybill } from '../../src/waybill.ts';
import { createTestDatabase, E2E_DATABASE_KINDS, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
// How long a step has before the next one begins beside it.
const STEP_MS = 15;

/** One of two connections of the platform, in a transaction or not. What it is told goes one after the other. */
class Connection {
  readonly #client: pg.Client;
  #last: Promise<void> = Promise.resolve();
  #open = false;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /** In the transaction that is open, or in one that begins with it. */
  publish(waybill: Waybill, level: string, subjects: readonly string[]): Promise<void> {
    return this.#then(async () => {
      if (!this.#open) await this.#client.query(`begin isolation level ${level}`);
      this.#open = true;
      await waybill.publish(this.#client, 'acme', subjects.map(eventOf)).catch(async (error: unknown) => {
        expect(['serialization_failure', '55P03', '40P01']).toContain((error as { code?: string }).code);
        await this.#end('rollback');
      });
    });
  }

  end(how: 'commit' | 'rollback'): Promise<void> {
    return this.#then(() => this.#end(how));
  }

  async #end(how: 'commit' | 'rollback'): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    // Serializable transactions may fail when they commit.
    await this.#client.query(how).catch(() => this.#client.query('rollback'));
  }

  #then(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    return this.#last;
  }
}

const eventOf = (subject: string) => ({ type: 'order.changed', subject, data: 1 });

async function connect({ databaseUrl }: TestDatabase): Promise<Connection> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query("set lock_timeout = '100ms'");
  return new Connection(client);
}

const which = fc.constantFrom(0, 1);
const keys = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 2 });
const level = fc.constantFrom('read committed', 'repeatable read', 'serializable');
const step = fc.oneof(
  fc.record({ does: fc.constant('publish' as const), node: which, keys }),
  fc.record({ does: fc.constant('publish in' as const), connection: which, node: which, level, keys }),
  fc.record({
    does: fc.constant('end' as const),
    connection: which,
    how: fc.constantFrom('commit' as const, 'rollback' as const),
  }),
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** How many wait for each key of the subjects that begin like this. */
async function pendingByKey(waybill: Waybill, beginning: string): Promise<number[]> {
  const { rows } = await waybill.transaction((tx) =>
    tx.query<{ count: number }>(
      `select count(*)::integer from waybill.deliveries
       where status = 'pending' and unique_key like 'order.changed ' || $1::text || '%'
       group by webhook_id, unique_key`,
      [beginning],
    ),
  );
  return rows.map(({ count }) => count);
}

async function cancelAll(waybill: Waybill): Promise<void> {
  const { items } = await waybill.deliveries.list('acme', { status: 'pending' });
  for (const { id } of items) {
    await waybill.deliveries.cancel('acme', id).catch((error: { code: string }) => {
      expect(error.code).toBe('delivery_not_cancellable');
    });
  }
}

it('never do two deliveries wait for one key, however nodes and transactions publish beside each other', async () => {
  const database = await createTestDatabase('postgres');
  const nodes = [await startTestWaybill('postgres', database), await startTestWaybill('postgres', database)];
  const connections = [await connect(database), await connect(database)];
  const [{ api, waybill }] = nodes as [(typeof nodes)[number]];
  const receiver = await startReceiver((_request, _response, index) => (index % 3 === 0 ? 500 : 200));
  onTestFinished(() => receiver.close());
  for (const status of ['paused', 'active']) {
    const settings = { unique: true, status, retry: { schedule: [1, 1, 1] } };
    expect(
      (await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], ...settings })).status,
    ).toBe(201);
  }
  let run = 0;
  const nodeOf = (number: number) => (nodes[number] as (typeof nodes)[number]).waybill;
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(step, { minLength: 2, maxLength: 20 }),
      async (isCancelled, steps) => {
        run += 1;
        const begun: Promise<unknown>[] = [];
        const subjectsOf = (names: readonly string[]) => names.map((name) => `${run}/${name}`);
        await waybill.publish('acme', subjectsOf(['a', 'b']).map(eventOf));
        if (isCancelled) await cancelAll(waybill);
        for (const one of steps) {
          begun.push(take(one, subjectsOf));
          await new Promise((resolve) => setTimeout(resolve, STEP_MS));
        }
        for (const connection of connections) begun.push(connection.end('commit'));
        await Promise.all(begun);
        expect(Math.max(1, ...(await pendingByKey(waybill, `${run}/`)))).toBe(1);
      },
    ),
    { numRuns: 40 },
  );

  function take(one: Step, subjectsOf: (names: readonly string[]) => string[]) {
    if (one.does === 'publish') {
      const published = nodeOf(one.node).publish('acme', subjectsOf(one.keys).map(eventOf));
      return published.catch((error: { code: string }) => expect(error.code).toBe('unique_item_in_use'));
    }
    const connection = connections[one.connection] as Connection;
    if (one.does === 'end') return connection.end(one.how);
    return connection.publish(nodeOf(one.node), one.level, subjectsOf(one.keys));
  }
}, 120_000);

it('publishing for unique items and settling never wait for each other in a circle', async () => {
  const { api, waybill } = await startTestWaybill('postgres');
  const receiver = await startReceiver((_request, _response, index) => (index % 3 === 0 ? 500 : 200));
  onTestFinished(() => receiver.close());
  const retry = { schedule: Array.from({ length: 20 }, () => 1) };
  for (let number = 0; number < 5; number += 1) {
    await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], unique: true, retry });
  }
  const events = ['a', 'b', 'c', 'd', 'e', 'f'].map(eventOf);
  for (let round = 0; round < 40; round += 1) {
    const both = [waybill.publish('acme', events), waybill.publish('acme', events.toReversed())];
    for (const published of await Promise.all(both)) {
      expect(published.map(({ deliveries }) => deliveries)).toEqual([5, 5, 5, 5, 5, 5]);
    }
  }
}, 90_000);

it.each(E2E_DATABASE_KINDS)('what nothing waits for is forgotten after an hour, on %s', async (kind) => {
  const database = await createTestDatabase(kind);
  const before = await startTestWaybill(kind, database);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const settings = { url: receiver.url, events: ['*'], unique: true };
  const paused = await before.api.post(`${ACCOUNT}/webhooks`, { ...settings, status: 'paused' });
  await before.api.post(`${ACCOUNT}/webhooks`, settings);
  await before.waybill.publish('acme', ['old', 'new'].map(eventOf));
  await eventually(
    async () => (await before.api.get(`${ACCOUNT}/deliveries?status=delivered`)).body.data.length === 2,
  );
  const run = (text: string) => before.waybill.transaction((tx) => tx.query(text));
  await run(
    "update waybill.unique_items set written_at = now() - interval '61 minutes' where unique_key like '% old'",
  );
  await before.stop();

  const { waybill, api } = await startTestWaybill(kind, database);
  const items = async () => {
    const { rows } = await waybill.transaction((tx) =>
      tx.query<{ name: string }>('select unique_key as name from waybill.unique_items order by 1'),
    );
    return rows.map(({ name }) => name);
  };
  expect(await items()).toEqual(['order.changed new', 'order.changed new', 'order.changed old']);
  await waybill.publish('acme', eventOf('old'));
  expect(await items()).toEqual(['new', 'new', 'old', 'old'].map((name) => `order.changed ${name}`));
  const waits = await api.get(`${ACCOUNT}/deliveries?status=pending&webhookId=${paused.body.id}`);
  expect(waits.body.data.map(({ subject }: { subject: string }) => subject)).toEqual(['old', 'new']);
});
