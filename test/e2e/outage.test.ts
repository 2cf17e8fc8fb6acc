import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';
import { startServe } from '../support/process.ts';
import { type Answer, type Receiver, startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

// Longer than any outage here: what is under way stays with this node.
const LONG_LEASE = { leaseMs: 30_000 };
const EVENTS = '/v1/accounts/acme/events';
const order = (id: number) => ({ type: 'order.created', data: { id } });

describe('while PostgreSQL is down', () => {
  it('publishing answers 503 and health tells; when it is back all goes on without a restart', async () => {
    const { server, api, url, receiver } = await startOnOwnServer();
    const health = async (path: string) => (await fetch(url + path)).status;
    expect([await health('/healthz'), await health('/readyz')]).toEqual([200, 200]);
    await server.kill();

    const refused = await api.post(EVENTS, order(1));
    expect(refused.status).toBe(503);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.body).toMatchObject({ status: 503, code: 'database_unavailable' });
    expect(refused.text).not.toMatch(/ECONN|127\.0\.0\.1/);
    const unknownKey = await api.withKey('a-key-nobody-has-asked-about').post(EVENTS, order(1));
    expect(unknownKey.body).toMatchObject({ status: 503, code: 'database_unavailable' });
    expect([await health('/healthz'), await health('/readyz')]).toEqual([200, 503]);
    expect((await api.get('/metrics')).text).toContain('\nwaybill_database_up 0\n');

    await server.start();
    await eventually(async () => (await health('/readyz')) === 200);
    expect((await api.post(EVENTS, order(2))).status).toBe(202);
    const [request] = await receiver.waitFor(1);
    expect(JSON.parse(request?.body ?? '').data).toEqual({ id: 2 });
    await isDelivered(api, 1);
    expect(receiver.requests.length).toBe(1);
  });

  it('the outcomes of requests under way are kept and settled afterwards: nothing is sent twice', async () => {
    const release = Promise.withResolvers<void>();
    const { server, api, receiver } = await startOnOwnServer(async () => {
      await release.promise;
      return 200;
    });
    for (let id = 0; id < 5; id += 1) await api.post(EVENTS, order(id));
    await receiver.waitFor(5);
    await server.kill();
    release.resolve();
    await eventually(async () => (await api.post(EVENTS, order(9))).status === 503);
    await server.start();
    await isDelivered(api, 5);
    expect(receiver.requests.length).toBe(5);
    const { data } = (await api.get('/v1/accounts/acme/deliveries')).body;
    expect(data.map((one: { attemptCount: number }) => one.attemptCount)).toEqual([1, 1, 1, 1, 1]);
  });

  it('afterwards it listens again: what another process commits arrives long before the next poll', async () => {
    const { server, database, api, receiver, waybill } = await startOnOwnServer(200, {
      pollIntervalMs: 60_000,
    });
    await server.kill();
    await eventually(async () => (await api.get('/readyz')).status === 503);
    await server.start();
    const client = await connectTo(database);
    await eventually(async () => (await countListeners(client)) === 1);
    await client.query('begin');
    await waybill.publish(client, 'acme', order(1));
    await client.query('commit');
    await receiver.waitFor(1);
  });

  it('Waybill stops all the same, within its grace', async () => {
    const { server, stop } = await startOnOwnServer();
    await server.kill();
    const startedAt = Date.now();
    await stop();
    expect(Date.now() - startedAt).toBeLessThan(8_000);
  });
});

describe('a connection to the database breaks', () => {
  it('after the commit of a failure and before its answer: the delivery is tried again as planned', async () => {
    let answers = 0;
    const receiver = await startReceiver(() => {
      answers += 1;
      return answers === 1 ? 500 : 200;
    });
    onTestFinished(() => receiver.close());
    const { proxy, api } = await startBehindProxy(receiver, { retry: { schedule: [1] } });
    const cut = proxy.cutAfter('insert into waybill.attempts');
    await api.post(EVENTS, order(1));
    await cut;
    await receiver.waitFor(2);
    await isDelivered(api, 1);
    const { data } = (await api.get('/v1/accounts/acme/deliveries')).body;
    expect(data[0].attemptCount).toBe(2);
    const { body } = await api.get(`/v1/accounts/acme/deliveries/${data[0].id}`);
    expect(body.attempts.length).toBe(2);
  });

  it('after the commit of a success and before its answer: it is settled once, and sent once', async () => {
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const { proxy, api } = await startBehindProxy(receiver);
    const cut = proxy.cutAfter('insert into waybill.attempts');
    await api.post(EVENTS, order(1));
    await cut;
    await isDelivered(api, 1);
    await api.post(EVENTS, order(2));
    await isDelivered(api, 2);
    expect(receiver.requests.length).toBe(2);
    const { data } = (await api.get('/v1/accounts/acme/deliveries')).body;
    expect(data.map((one: { attemptCount: number }) => one.attemptCount)).toEqual([1, 1]);
  });

  it('after the commit of a publish and before its answer: 503, the event is sent, and its key gives it again', async () => {
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const { proxy, api } = await startBehindProxy(receiver);
    const cut = proxy.cutAfter('insert into waybill.events');
    const unanswered = await api.post(EVENTS, order(1), { 'idempotency-key': 'order-1' });
    await cut;
    expect(unanswered.status).toBe(503);
    const again = await api.post(EVENTS, order(1), { 'idempotency-key': 'order-1' });
    expect(again.status).toBe(202);
    const [request] = await receiver.waitFor(1);
    expect(request?.headers['webhook-id']).toBe(again.body.id);
    await isDelivered(api, 1);
    expect((await api.get(EVENTS)).body.data.length).toBe(1);
    expect(receiver.requests.length).toBe(1);
  });

  it('in the middle of a transaction: the request is answered 503, nothing is left behind, and the process lives', async () => {
    const database = await createTestDatabase('postgres');
    const proxy = await startProxy(database.databaseUrl ?? '');
    const waybill = await startServe({ ...database, databaseUrl: proxy.url });
    const webhook = { url: 'http://127.0.0.1:8099/', events: ['*'] };
    expect((await waybill.api.post('/v1/accounts/acme/webhooks', webhook)).status).toBe(201);
    const cut = proxy.cutAfter('insert into waybill.webhooks');
    const answer = await waybill.api.post('/v1/accounts/acme/webhooks', webhook).catch(() => undefined);
    await cut;
    expect({ status: answer?.status, output: waybill.output() }).toMatchObject({
      status: 503,
      output: expect.not.stringContaining('crashed'),
    });
    expect((await waybill.api.get('/v1/accounts/acme/webhooks')).body.data.length).toBe(1);
  });

  it('stop leaves none behind, not even one that was being made', async () => {
    const database = await createTestDatabase('postgres');
    const client = await connectTo(database);
    const proxy = await startProxy(database.databaseUrl ?? '');
    const { stop } = await startTestWaybill('postgres', { ...database, databaseUrl: proxy.url });
    const reconnecting = proxy.hold('waybill listen');
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'waybill listen' and datname = current_database()`,
    );
    await reconnecting.caught;
    await stop();
    reconnecting.release();
    await reconnecting.connected;
    await eventually(async () => (await countConnections(client)) === 0);
  });
});

interface OnOwnServer extends TestWaybill {
  readonly server: PostgresServer;
  readonly database: TestDatabase;
  readonly receiver: Receiver;
}

/** Waybill on a PostgreSQL that can be killed, with a webhook that wants everything. */
async function startOnOwnServer(answer: Answer = 200, dispatch: object = {}): Promise<OnOwnServer> {
  const server = await startPostgresServer();
  onTestFinished(() => server.stop());
  const encryptionKey = randomBytes(32).toString('base64');
  const database = { databaseUrl: server.url, encryptionKey };
  const running = await startTestWaybill('postgres', {
    ...database,
    dispatch: { ...LONG_LEASE, ...dispatch },
  });
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  const created = await running.api.post('/v1/accounts/acme/webhooks', { url: receiver.url, events: ['*'] });
  expect(created.status).toBe(201);
  return { ...running, server, database, receiver };
}

async function startBehindProxy(receiver: Receiver, more: object = {}) {
  const database = await createTestDatabase('postgres');
  const proxy = await startProxy(database.databaseUrl ?? '');
  const running = await startTestWaybill('postgres', {
    ...database,
    databaseUrl: proxy.url,
    dispatch: LONG_LEASE,
  });
  const webhook = { url: receiver.url, events: ['*'], ...more };
  expect((await running.api.post('/v1/accounts/acme/webhooks', webhook)).status).toBe(201);
  return { ...running, proxy };
}

async function isDelivered(api: TestWaybill['api'], count: number): Promise<void> {
  await eventually(async () => {
    const { data } = (await api.get('/v1/accounts/acme/deliveries')).body;
    const statuses = data.map((one: { status: string }) => one.status);
    expect(statuses).toEqual(Array.from({ length: count }, () => 'delivered'));
    return true;
  });
}

async function connectTo(database: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.databaseUrl, application_name: 'test' });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const countListeners = (client: pg.Client): Promise<number> =>
  count(client, "application_name = 'waybill listen' and query like 'listen %' and state = 'idle'");

const countConnections = (client: pg.Client): Promise<number> =>
  count(client, "application_name like 'waybill%'");

async function count(client: pg.Client, which: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::integer from pg_stat_activity where datname = current_database() and ${which}`,
  );
  return rows[0]?.count ?? 0;
}

/** Stands between Waybill and PostgreSQL, and breaks or holds connections at a chosen moment. */
interface Proxy {
  readonly url: string;
  /** Breaks the first connection that sends `text`, once the server has answered: the answer gets lost. */
  cutAfter(text: string): Promise<void>;
  /** Keeps the next connection that begins with `text` waiting until it is released. */
  hold(text: string): { readonly caught: Promise<void>; readonly connected: Promise<void>; release(): void };
}

async function startProxy(databaseUrl: string): Promise<Proxy> {
  const target = new URL(databaseUrl);
  let cut: { readonly text: string; readonly done: () => void } | undefined;
  let held:
    | {
        readonly text: string;
        readonly caught: () => void;
        readonly released: Promise<void>;
        readonly connected: () => void;
      }
    | undefined;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let cutting: (() => void) | undefined;
    let answered: (() => void) | undefined;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    client.on('data', async (chunk) => {
      if (held && chunk.includes(held.text)) {
        const { caught, released, connected } = held;
        held = undefined;
        caught();
        await released;
        answered = connected;
      }
      if (cut && chunk.includes(cut.text)) {
        cutting = cut.done;
        cut = undefined;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (cutting) {
        end();
        cutting();
        return;
      }
      client.write(chunk);
      answered?.();
      answered = undefined;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    cutAfter: (text) =>
      new Promise((done) => {
        cut = { text, done };
      }),
    hold: (text) => {
      const caught = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const connected = Promise.withResolvers<void>();
      held = { text, caught: caught.resolve, released: released.promise, connected: connected.resolve };
      return { caught: caught.promise, connected: connected.promise, release: released.resolve };
    },
  };
}
