import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startNode } from '../support/process.ts';
import { type Answer, type Receiver, startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

const LEASE_MS = 3_000;
const HEARTBEAT_MS = LEASE_MS / 3;
const SLACK_MS = 2_000;
const WEBHOOKS = 20;
// What isn't told of by NOTIFY, or known by taking a lane, isn't found within a test.
const DISPATCH = { leaseMs: LEASE_MS, pollIntervalMs: 60_000 };

interface Scene {
  readonly database: TestDatabase;
  readonly client: pg.Client;
  readonly receiver: Receiver;
}

async function setUp(answer: Answer = 200): Promise<Scene> {
  const database = await createTestDatabase('postgres');
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  return { database, client, receiver };
}

const join = ({ database }: Scene, dispatch: object = DISPATCH): Promise<TestWaybill> =>
  startTestWaybill('postgres', { ...database, dispatch });

/** How many lanes each node has that has any, fewest first. */
async function lanesPerNode({ client }: Scene): Promise<number[]> {
  const { rows } = await client.query<{ lanes: number }>(
    `select count(*)::integer as lanes from waybill.lanes
     where node_id is not null and expires_at > clock_timestamp() group by node_id order by 1`,
  );
  return rows.map(({ lanes }) => lanes);
}

async function nodeIds({ client }: Scene): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>('select id from waybill.nodes order by started_at');
  return rows.map(({ id }) => id);
}

const shared = (scene: Scene): Promise<boolean> =>
  eventually(async () => {
    expect(await lanesPerNode(scene)).toEqual([32, 32]);
    return true;
  });

/** Webhooks of acme, each with a path of its own, so that they spread over the lanes. */
async function createWebhooks(api: ApiClient, url: string, more: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 0; number < WEBHOOKS; number += 1) {
    const body = { url: `${url}${number}`, events: ['*'], ...more };
    ids.push((await api.post('/v1/accounts/acme/webhooks', body)).body.id);
  }
  return ids;
}

/** The webhooks whose lanes this node has. */
async function webhooksOf({ client }: Scene, nodeId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select replace(w.id::text, '-', '') as id
     from waybill.webhooks w join waybill.lanes l on l.lane = w.lane where l.node_id = $1`,
    [nodeId],
  );
  return rows.map(({ id }) => id);
}

async function deliveryStates({ client }: Scene): Promise<Record<string, number>> {
  const { rows } = await client.query<{ status: string; count: number }>(
    'select status, count(*)::integer as count from waybill.deliveries group by status',
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

const allDelivered = (scene: Scene, count: number, timeoutMs?: number): Promise<boolean> =>
  eventually(async () => {
    expect(await deliveryStates(scene)).toEqual({ delivered: count });
    return true;
  }, timeoutMs);

it('two nodes share the lanes half and half, and what either takes is delivered exactly once', async () => {
  const scene = await setUp();
  const a = await join(scene);
  expect(await lanesPerNode(scene)).toEqual([64]);
  const b = await join(scene);
  await shared(scene);
  await createWebhooks(a.api, scene.receiver.url);
  for (const id of await nodeIds(scene)) expect((await webhooksOf(scene, id)).length).toBeGreaterThan(0);

  const published = await Promise.all(
    Array.from({ length: 30 }, (_, id) =>
      (id % 2 === 0 ? a : b).api.post('/v1/accounts/acme/events', { type: 'order.created', data: { id } }),
    ),
  );
  expect(published.map(({ status, body }) => [status, body.deliveries])).toEqual(
    published.map(() => [202, 20]),
  );
  await allDelivered(scene, 30 * WEBHOOKS);
  const arrived = scene.receiver.requests.map(({ path, headers }) => `${path} ${headers['webhook-id']}`);
  expect(arrived.length).toBe(30 * WEBHOOKS);
  expect(new Set(arrived).size).toBe(30 * WEBHOOKS);
});

it('a webhook changed through one node is sent by the other to its new URL', async () => {
  const scene = await setUp();
  const a = await join(scene);
  const b = await join(scene);
  await shared(scene);
  const ids = await createWebhooks(a.api, `${scene.receiver.url}old/`);
  // Both nodes send to their webhooks once, so that they hold them in memory as they were.
  await a.api.post('/v1/accounts/acme/events', { type: 'order.created', data: 1 });
  await scene.receiver.waitFor(WEBHOOKS);
  for (const id of ids) {
    const answer = await a.api.patch(`/v1/accounts/acme/webhooks/${id}`, { url: `${scene.receiver.url}new` });
    expect(answer.status).toBe(200);
  }
  await b.api.post('/v1/accounts/acme/events', { type: 'order.created', data: 2 });
  await scene.receiver.waitFor(2 * WEBHOOKS);
  const paths = scene.receiver.requests.slice(WEBHOOKS).map(({ path }) => path);
  expect(paths).toEqual(paths.map(() => '/new'));
});

it('a node that stops hands its webhooks over at once, well within the lease', async () => {
  const scene = await setUp();
  // A lease no test could wait for: what goes over is handed over.
  const slowLease = { leaseMs: 60_000, pollIntervalMs: 60_000 };
  const a = await join(scene, slowLease);
  await createWebhooks(a.api, scene.receiver.url);
  const b = await join(scene, slowLease);
  // With this lease the first node learns of the second in 20 s; so the second starts with nothing.
  expect(await lanesPerNode(scene)).toEqual([64]);
  await a.stop();
  const stoppedAt = Date.now();
  await b.api.post('/v1/accounts/acme/events', { type: 'order.created', data: 1 });
  await scene.receiver.waitFor(WEBHOOKS);
  expect(Date.now() - stoppedAt).toBeLessThan(SLACK_MS);
  expect((await nodeIds(scene)).length).toBe(1);
  expect(await lanesPerNode(scene)).toEqual([64]);
  await allDelivered(scene, WEBHOOKS);
  expect(scene.receiver.requests.length).toBe(WEBHOOKS);
});

it('the webhooks of a killed node go on within its lease and one heartbeat', async () => {
  const scene = await setUp();
  const a = await join(scene);
  await createWebhooks(a.api, scene.receiver.url);
  const b = await startNode(scene.database, DISPATCH);
  await shared(scene);
  await b.kill();
  const killedAt = Date.now();
  await a.api.post('/v1/accounts/acme/events', { type: 'order.created', data: 1 });
  await scene.receiver.waitFor(WEBHOOKS, 2 * LEASE_MS + SLACK_MS);
  const tookMs = Math.max(...scene.receiver.requests.map(({ at }) => at)) - killedAt;
  expect(tookMs).toBeLessThan(LEASE_MS + HEARTBEAT_MS + SLACK_MS);
  await allDelivered(scene, WEBHOOKS);
  expect(scene.receiver.requests.length).toBe(WEBHOOKS);
  expect(await lanesPerNode(scene)).toEqual([64]);
});

it('what a node comes back with after its lease is refused: the result of the other stands, and it takes part again', async () => {
  const scene = await setUp();
  const b = await startNode(scene.database, DISPATCH);
  const [paused = ''] = await nodeIds(scene);
  const a = await join(scene);
  await shared(scene);
  await createWebhooks(a.api, scene.receiver.url, { retry: { schedule: [] } });
  const ofPaused = (await webhooksOf(scene, paused)).length;
  expect(ofPaused).toBeGreaterThan(0);

  // The first request to each webhook is held open until the node that sent it has lost its lease; then it
  // is answered 500, which would be the end of the delivery.
  const release = Promise.withResolvers<void>();
  const seen = new Set<string>();
  const held = new Set<string>();
  const pausedPaths = new Set(await pathsOf(scene, paused));
  scene.receiver.answer(async ({ path }) => {
    if (!pausedPaths.has(path) || seen.has(path)) return 200;
    seen.add(path);
    held.add(path);
    await release.promise;
    return 500;
  });
  await a.api.post('/v1/accounts/acme/events', { type: 'order.created', data: 1 });
  await eventually(() => held.size === ofPaused);
  b.signal('SIGSTOP');
  await allDelivered(scene, WEBHOOKS, 2 * LEASE_MS + SLACK_MS);
  expect(scene.receiver.requests.length).toBe(WEBHOOKS + ofPaused);
  release.resolve();
  b.signal('SIGCONT');

  // It takes part again: its half of the lanes comes back to it.
  await shared(scene);
  expect(await nodeIds(scene)).toContain(paused);
  expect(await deliveryStates(scene)).toEqual({ delivered: WEBHOOKS });
  const { rows } = await scene.client.query('select outcome from waybill.attempts');
  expect(rows).toEqual(rows.map(() => ({ outcome: 'delivered' })));
  const unhealthy = await scene.client.query("select from waybill.webhooks where health <> 'healthy'");
  expect(unhealthy.rows.length).toBe(0);

  expect((await webhooksOf(scene, paused)).length).toBeGreaterThan(0);
  await a.api.post('/v1/accounts/acme/events', { type: 'order.created', data: 2 });
  await allDelivered(scene, 2 * WEBHOOKS);
  expect(scene.receiver.requests.length).toBe(2 * WEBHOOKS + ofPaused);
});

async function pathsOf({ client }: Scene, nodeId: string): Promise<string[]> {
  const { rows } = await client.query<{ url: string }>(
    'select w.url from waybill.webhooks w join waybill.lanes l on l.lane = w.lane where l.node_id = $1',
    [nodeId],
  );
  return rows.map(({ url }) => new URL(url).pathname);
}
