import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Waybill } from '../../src/waybill.ts';
import type { ApiClient } from '../support/api-client.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, E2E_DATABASE_KINDS, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startNode } from '../support/process.ts';
import { type ReceivedRequest, type Receiver, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const DISPATCH = { leaseMs: 3_000, pollIntervalMs: 500 };
const SUBJECTS = 5;
const EVENTS_EACH = 6;
const WEBHOOKS_EACH = 5;
// More than a receiver of these tests ever fails one delivery: none is given up.
const RETRY = { schedule: Array.from({ length: 20 }, () => 1) };
const MAX_FAILURES_OF_ONE = 3;
const DEADLOCK = '40P01';

/** Choices that differ from run to run, and can be had again: WAYBILL_TEST_SEED. */
function createRandom() {
  const seed = Number(process.env.WAYBILL_TEST_SEED ?? randomBytes(4).readUInt32LE());
  let state = seed;
  const below = (count: number): number => {
    // A linear congruential generator (Numerical Recipes), its low bits left out.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  return { seed, below };
}

type Random = ReturnType<typeof createRandom>;

async function connect({ databaseUrl }: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

function openPool({ databaseUrl }: TestDatabase): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  onTestFinished(() => pool.end());
  return pool;
}

/** What a request is about. */
interface Item {
  /** The path of the webhook, and the key that must be in order or unique. */
  readonly key: string;
  readonly sequence: number;
}

function itemOf({ path, body }: Pick<ReceivedRequest, 'path' | 'body'>): Item {
  const { type, data } = JSON.parse(body);
  return { key: `${path} ${type} ${data.subject}`, sequence: data.sequence };
}

/** A receiver that fails now and then, and notes what it has acknowledged. */
async function startFickleReceiver(random: Random, failuresInTen: number) {
  const acknowledged = new Map<string, number[]>();
  const failures = new Map<string, number>();
  const open = new Map<string, number>();
  const mistakes: string[] = [];
  const receiver = await startReceiver(async (request, response) => {
    const { key, sequence } = itemOf(request);
    const done = acknowledged.get(key) ?? [];
    acknowledged.set(key, done);
    if (request.path.startsWith('/ordered')) {
      const missing = Array.from({ length: sequence }, (_, n) => n).filter((n) => !done.includes(n));
      if (missing.length > 0) mistakes.push(`${key}: ${sequence} came before ${missing}`);
    }
    open.set(key, (open.get(key) ?? 0) + 1);
    response.once('close', () => open.set(key, (open.get(key) ?? 0) - 1));
    if ((open.get(key) ?? 0) > 1) mistakes.push(`${key}: ${sequence} came beside another one`);
    const failed = failures.get(`${key} ${sequence}`) ?? 0;
    if (failed < MAX_FAILURES_OF_ONE && random.below(10) < failuresInTen) {
      failures.set(`${key} ${sequence}`, failed + 1);
      if (random.below(2) === 0) return 500;
      response.destroy();
      return;
    }
    done.push(sequence);
    return 200;
  });
  onTestFinished(() => receiver.close());
  return { receiver, acknowledged, mistakes };
}

/** The keys for which more than one delivery waits. */
async function doubles(client: pg.Pool): Promise<string[]> {
  const { rows } = await client.query<{ key: string }>(
    `select webhook_id || ' ' || unique_key as key from waybill.deliveries
     where status = 'pending' and unique_key is not null group by webhook_id, unique_key having count(*) > 1`,
  );
  return rows.map(({ key }) => key);
}

const nothingWaits = (client: pg.Pool, timeoutMs = 40_000): Promise<boolean> =>
  eventually(async () => {
    const { rows } = await client.query("select from waybill.deliveries where status = 'pending'");
    return rows.length === 0;
  }, timeoutMs);

const KINDS = { ordered: { ordering: 'subject' }, unique: { unique: true } };

async function createWebhooks(api: ApiClient, url: string, ...kinds: (keyof typeof KINDS)[]): Promise<void> {
  for (let number = 0; number < WEBHOOKS_EACH; number += 1) {
    for (const kind of kinds) {
      const body = { url: `${url}${kind}/${number}`, events: ['*'], retry: RETRY, ...KINDS[kind] };
      expect((await api.post(`${ACCOUNT}/webhooks`, body)).status).toBe(201);
    }
  }
}

/** Publishes through one of the nodes, or another one if that has gone; once, whoever it was that stored it. */
async function publish(apis: readonly ApiClient[], subject: string, sequence: number): Promise<void> {
  const event = { type: 'order.changed', subject, data: { subject, sequence } };
  const headers = { 'idempotency-key': `${subject} ${sequence}` };
  await eventually(async () => {
    for (const api of apis) {
      const answer = await api.post(`${ACCOUNT}/events`, event, headers).catch(() => undefined);
      if (answer?.status === 202) return true;
    }
    return false;
  });
}

async function startBoth(database: TestDatabase, joins: 'as a process' | 'in this process') {
  const a = await startTestWaybill('postgres', { ...database, dispatch: DISPATCH });
  const b =
    joins === 'as a process'
      ? await startNode(database, { ...DISPATCH, stopGraceMs: 2_000 })
      : await startTestWaybill('postgres', { ...database, dispatch: DISPATCH });
  const client = openPool(database);
  await eventually(async () => {
    const { rows } = await client.query('select count(*)::integer from waybill.lanes group by node_id');
    expect(rows).toEqual([{ count: 32 }, { count: 32 }]);
    return true;
  });
  return { a, b, client };
}

describe('with two nodes, one of which ends in the middle', () => {
  it.each(['killed', 'stopped'] as const)(
    'and is %s, each subject arrives in the order published, and no key is waited for twice',
    async (how) => {
      const random = createRandom();
      const database = await createTestDatabase('postgres');
      const { receiver, acknowledged, mistakes } = await startFickleReceiver(random, 2);
      const { a, b, client } = await startBoth(
        database,
        how === 'killed' ? 'as a process' : 'in this process',
      );
      await createWebhooks(a.api, receiver.url, 'ordered', 'unique');
      const end = async (): Promise<void> => {
        await receiver.waitFor(20 + random.below(80), 30_000);
        await ('kill' in b ? b.kill() : b.stop());
      };
      const publishAll = async (subject: string): Promise<void> => {
        for (let sequence = 0; sequence < EVENTS_EACH; sequence += 1) {
          const apis = random.below(2) === 0 ? [a.api, b.api] : [b.api, a.api];
          await publish(apis, subject, sequence);
          expect(await doubles(client)).toEqual([]);
        }
      };
      const subjects = Array.from({ length: SUBJECTS }, (_, number) => `order/${number}`);
      await Promise.all([end(), ...subjects.map(publishAll)]);
      await nothingWaits(client);

      expect(
        mistakes.filter((mistake) => how === 'stopped' || !mistake.includes('beside')),
        `seed ${random.seed}`,
      ).toEqual([]);
      const all = Array.from({ length: EVENTS_EACH }, (_, sequence) => sequence);
      expect(acknowledged.size).toBe(2 * WEBHOOKS_EACH * SUBJECTS);
      for (const [key, sequences] of acknowledged) {
        const first = [...new Set(sequences)];
        if (key.startsWith('/ordered')) expect(first, `${key}, seed ${random.seed}`).toEqual(all);
        else expect(sequences, `${key}, seed ${random.seed}`).toContain(EVENTS_EACH - 1);
      }
      await expectSettled(client);
    },
    90_000,
  );
});

/** Each delivery has arrived, or another one took its place that has. */
async function expectSettled(client: pg.Pool): Promise<void> {
  const { rows } = await client.query<{ id: string; status: string; by: string | null }>(
    'select id, status, superseded_by as by from waybill.deliveries',
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const row of rows) {
    const seen = new Set<string>();
    let last = row;
    while (last.by !== null && !seen.has(last.id)) {
      seen.add(last.id);
      const next = byId.get(last.by);
      if (!next) throw new Error(`${last.id} was superseded by a delivery that is not there`);
      last = next;
    }
    expect([last.status, last.by]).toEqual(['delivered', null]);
    expect(['delivered', 'superseded']).toContain(row.status);
  }
}

describe('with two nodes and transactions that publish at the same moment', () => {
  it('never do two deliveries wait for one key, and the last one published is the last to arrive', async () => {
    const random = createRandom();
    const database = await createTestDatabase('postgres');
    const { receiver, acknowledged, mistakes } = await startFickleReceiver(random, 3);
    const { a, b, client } = await startBoth(database, 'in this process');
    const other = (b as typeof a).waybill;
    await createWebhooks(a.api, receiver.url, 'unique');
    let sequence = 0;
    const event = (key: number) => {
      const subject = `order/${key % 2}`;
      const data = { subject, sequence: sequence++ };
      return { type: key < 2 ? 'order.changed' : 'order.paid', subject, data };
    };
    const transaction = await connect(database);

    // Looks all the time, and after each step.
    const seen: string[] = [];
    let ended = false;
    const watcher = (async () => {
      while (!ended) seen.push(...(await doubles(client)));
    })();
    onTestFinished(() => {
      ended = true;
      return watcher;
    });
    const keys = [0, 1, 2, 3];
    for (let step = 0; step < 40; step += 1) {
      await takeStep(random, [a.waybill, other], transaction, keys.map(event));
      expect(await doubles(client), `seed ${random.seed}`).toEqual([]);
    }
    await nothingWaits(client);
    const last = sequence;
    for (const key of keys) await publishSoon(random.below(2) ? a.waybill : other, [event(key)]);
    await nothingWaits(client);
    ended = true;
    await watcher;

    expect(seen, `seed ${random.seed}`).toEqual([]);
    expect(mistakes, `seed ${random.seed}`).toEqual([]);
    expect(acknowledged.size).toBe(keys.length * WEBHOOKS_EACH);
    for (const [key, sequences] of acknowledged) {
      expect(sequences.at(-1), `${key}, seed ${random.seed}`).toBeGreaterThanOrEqual(last);
    }
    await expectSettled(client);
    const { rows } = await client.query("select from waybill.deliveries where status = 'superseded'");
    expect(rows.length).toBeGreaterThan(0);
  }, 90_000);
});

type NewEvent = { type: string; subject: string; data: unknown };

/** Publishes, again if somebody else's transaction was in the way. */
function publishSoon(waybill: Waybill, events: readonly NewEvent[]): Promise<boolean> {
  return eventually(async () => {
    try {
      await waybill.publish('acme', events);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== 'unique_item_in_use') throw error;
      return false;
    }
  });
}

/** One of the ways in which several may publish for the same keys. */
async function takeStep(
  random: Random,
  nodes: readonly [Waybill, Waybill],
  transaction: pg.Client,
  events: readonly NewEvent[],
): Promise<void> {
  const [one, two] = nodes;
  switch (random.below(4)) {
    case 0:
      await publishSoon(one, events.slice(0, 1));
      return;
    case 1:
      // All keys twice at once, in the one order and in the other.
      await Promise.all([publishSoon(one, events), publishSoon(two, events.toReversed())]);
      return;
    case 2:
      await Promise.all(
        [...events, ...events].map((event) => publishSoon(random.below(2) ? one : two, [event])),
      );
      return;
    default:
      await publishBeside(transaction, nodes, events, random.below(2) === 0 ? 'commit' : 'rollback');
  }
}

/** A transaction publishes, and others do while it is open. */
async function publishBeside(
  transaction: pg.Client,
  [one, two]: readonly [Waybill, Waybill],
  events: readonly NewEvent[],
  end: 'commit' | 'rollback',
): Promise<void> {
  await transaction.query('begin');
  try {
    await one.publish(transaction, 'acme', events.slice(0, 1));
    const beside = Promise.all([publishSoon(two, events.slice(0, 1)), publishSoon(one, events)]);
    await transaction.query(end);
    await beside;
  } catch (error) {
    // It may lose to another one, as any transaction may.
    if ((error as { code?: string }).code !== DEADLOCK) throw error;
    await transaction.query('rollback');
  }
}

const dataOf = ({ body }: Pick<ReceivedRequest, 'body'>): unknown => JSON.parse(body).data;

/** Answers nothing until it is called. */
function hold(receiver: Receiver, status = 200): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  receiver.answer(async () => {
    await promise;
    return status;
  });
  return resolve;
}

describe.each(E2E_DATABASE_KINDS)('one webhook on %s', (kind) => {
  async function start() {
    const clock = createTestClock();
    const { api } = await startTestWaybill(kind, { clock });
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const create = async (settings: object): Promise<string> => {
      const made = await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], ...settings });
      return made.body.id;
    };
    /** Its delivery. */
    const publishOne = async (data: unknown): Promise<string> => {
      const event = { type: 'order.changed', subject: 'order/1', data };
      const { id } = (await api.post(`${ACCOUNT}/events`, event)).body;
      return (await api.get(`${ACCOUNT}/deliveries?eventId=${id}`)).body.data[0].id;
    };
    const becomes = (id: string, status: string) =>
      expect.poll(async () => (await api.get(`${ACCOUNT}/deliveries/${id}`)).body.status).toBe(status);
    const act = (id: string, action: string) => api.post(`${ACCOUNT}/deliveries/${id}/${action}`);
    return { api, clock, receiver, create, publishOne, becomes, act };
  }

  it('what is being sent when its place is taken may arrive after all, and is not tried again if it fails', async () => {
    const { api, clock, receiver, create, publishOne, becomes } = await start();
    await create({ unique: true, retry: { schedule: [60] } });
    const shown = async (id: string) => (await api.get(`${ACCOUNT}/deliveries/${id}`)).body;
    for (const [count, status, answer] of [
      [1, 'delivered', 200],
      [3, 'superseded', 500],
    ] as const) {
      const release = hold(receiver, answer);
      const older = await publishOne(`older, ${answer}`);
      await receiver.waitFor(count);
      const newer = await publishOne(`newer, ${answer}`);
      expect(await shown(older)).toMatchObject({ status: 'superseded', supersededBy: newer });
      receiver.answer(200);
      release();
      await becomes(newer, 'delivered');
      expect(await shown(older)).toMatchObject({
        status,
        supersededBy: newer,
        nextAttemptAt: null,
        attempts: [{ statusCode: answer }],
      });
    }
    clock.advance(3_600_000);
    const last = await publishOne('last');
    await becomes(last, 'delivered');
    expect(receiver.requests.map(dataOf)).toEqual([
      'older, 200',
      'newer, 200',
      'older, 500',
      'newer, 500',
      'last',
    ]);
  });

  it('what waited before it was told to be in order goes as it would have gone', async () => {
    const { api, receiver, create, publishOne, becomes } = await start();
    const webhook = await create({ status: 'paused' });
    for (const data of [1, 2]) await publishOne(data);
    await api.patch(`${ACCOUNT}/webhooks/${webhook}`, { ordering: 'subject', unique: true });
    const release = hold(receiver);
    const third = await publishOne(3);
    await api.post(`${ACCOUNT}/webhooks/${webhook}/resume`);
    await receiver.waitFor(3);
    release();
    await becomes(third, 'delivered');
  });

  it('what is cancelled lets the next of its subject go on; what is retried goes before those that wait', async () => {
    const { api, receiver, create, publishOne, becomes, act } = await start();
    const webhook = await create({ ordering: 'subject', retry: { schedule: [3600] } });
    receiver.answer((request) => (dataOf(request) === 'first' ? 500 : 200));
    const first = await publishOne('first');
    await receiver.waitFor(1);
    const second = await publishOne('second');
    await expect
      .poll(async () => (await api.get(`${ACCOUNT}/deliveries/${first}`)).body.attemptCount)
      .toBe(1);
    expect((await act(first, 'cancel')).status).toBe(200);
    await becomes(second, 'delivered');
    expect(receiver.requests.map(dataOf)).toEqual(['first', 'second']);

    receiver.answer(200);
    await api.post(`${ACCOUNT}/webhooks/${webhook}/pause`);
    const third = await publishOne('third');
    expect((await act(first, 'retry')).status).toBe(202);
    await api.post(`${ACCOUNT}/webhooks/${webhook}/resume`);
    await becomes(third, 'delivered');
    expect(receiver.requests.map(dataOf)).toEqual(['first', 'second', 'first', 'third']);
  });

  it('an older one is sent again only while no newer one waits in its place', async () => {
    const { receiver, create, publishOne, becomes, act } = await start();
    await create({ unique: true, retry: { schedule: [] } });
    receiver.answer(500);
    const first = await publishOne('first');
    await becomes(first, 'failed');
    const release = hold(receiver);
    const second = await publishOne('second');
    await receiver.waitFor(2);
    const refused = await act(first, 'retry');
    expect([refused.status, refused.body.code]).toEqual([409, 'newer_delivery_pending']);
    release();
    await becomes(second, 'delivered');
    expect((await act(first, 'retry')).status).toBe(202);
    await becomes(first, 'delivered');
    expect(receiver.requests.map(dataOf)).toEqual(['first', 'second', 'first']);
  });

  it('what another one took the place of can be neither sent again nor cancelled', async () => {
    const { create, publishOne, becomes, act } = await start();
    await create({ unique: true, status: 'paused' });
    const older = await publishOne('older');
    const newer = await publishOne('newer');
    await becomes(older, 'superseded');
    expect((await act(newer, 'cancel')).status).toBe(200);
    expect((await act(older, 'cancel')).body.code).toBe('delivery_not_cancellable');
    expect((await act(older, 'retry')).body.code).toBe('delivery_not_retryable');
    expect((await act(newer, 'retry')).status).toBe(202);
  });
});

describe.each(E2E_DATABASE_KINDS)(
  'a backlog of one subject on %s, longer than what is read at once',
  (kind) => {
    const LONG = 60;

    it('is sent one after the other, and keeps no other subject waiting', async () => {
      const { api } = await startTestWaybill(kind, { dispatch: { maxQueuedPerWebhook: 8 } });
      const receiver = await startReceiver();
      onTestFinished(() => receiver.close());
      const body = { url: receiver.url, events: ['*'], ordering: 'subject', status: 'paused' };
      const { id } = (await api.post(`${ACCOUNT}/webhooks`, body)).body;
      const eventsOf = (subject: string, count: number) =>
        Array.from({ length: count }, (_, index) => ({
          type: 'order.changed',
          subject,
          data: `${subject} ${index}`,
        }));
      const events = [...eventsOf('order/1', LONG), ...eventsOf('order/2', 3), ...eventsOf('order/1', 1)];
      await api.post(`${ACCOUNT}/events`, { events });
      // Whatever is about the long one waits until the other has arrived.
      const release = Promise.withResolvers<void>();
      receiver.answer(async ({ body }) => {
        if (JSON.parse(body).data.startsWith('order/1')) await release.promise;
        return 200;
      });
      await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
      await receiver.waitFor(1 + 3);
      release.resolve();
      const arrived = (await receiver.waitFor(events.length)).map(dataOf) as string[];
      for (const subject of ['order/1', 'order/2']) {
        const own = (all: readonly string[]) => all.filter((data) => data.startsWith(subject));
        expect(own(arrived)).toEqual(own(events.map(({ data }) => data)));
      }
      await expect
        .poll(
          async () => (await api.get(`${ACCOUNT}/deliveries?status=delivered&limit=100`)).body.data.length,
        )
        .toBe(events.length);
    });
  },
);

describe('a node with one request at a time', () => {
  const BACKLOG = 100;

  /** Webhooks with a backlog each, and the order in which the receiver got its requests. */
  async function race(webhooks: Record<string, { account?: string; priority?: number }>): Promise<string[]> {
    const { api } = await startTestWaybill('postgres', { dispatch: { maxInFlight: 1 } });
    let open = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const receiver = await startReceiver(async (_request, response) => {
      open += 1;
      most = Math.max(most, open);
      response.once('close', () => {
        open -= 1;
      });
      await gate.promise;
      return 200;
    });
    onTestFinished(() => receiver.close());
    const accounts = new Set<string>();
    for (const [path, { account = 'acme', ...settings }] of Object.entries(webhooks)) {
      accounts.add(account);
      const body = { url: receiver.url + path, events: ['*'], ...settings };
      expect((await api.post(`/v1/accounts/${account}/webhooks`, body)).status).toBe(201);
    }
    const events = Array.from({ length: BACKLOG }, () => ({ type: 'order.changed', data: 1 }));
    for (const account of accounts) await api.post(`/v1/accounts/${account}/events`, { events });
    gate.resolve();
    const requests = await receiver.waitFor(BACKLOG * Object.keys(webhooks).length, 30_000);
    expect(most).toBe(1);
    return requests.map(({ path }) => path.slice(1));
  }

  const countOf = (paths: readonly string[], path: string) => paths.filter((one) => one === path).length;

  it('sends what is urgent first, and now and then something that is not', async () => {
    const paths = await race({ low: { priority: 0 }, high: { priority: 5 } });
    // All of the urgent ones, and those that go between them: one in about 36.
    const until = paths.lastIndexOf('high');
    expect(countOf(paths.slice(0, until), 'low')).toBeGreaterThanOrEqual(2);
    expect(countOf(paths.slice(0, until), 'low')).toBeLessThanOrEqual(6);
    expect([countOf(paths, 'low'), countOf(paths, 'high')]).toEqual([BACKLOG, BACKLOG]);
  });

  it('gives each account every other turn, whatever their priorities', async () => {
    const paths = await race({
      'one/urgent': { account: 'one', priority: 9 },
      'one/more': { account: 'one', priority: 9 },
      'two/slow': { account: 'two', priority: 0 },
    });
    // As long as there is something of both: the later one may have been read late.
    const start = paths.indexOf('two/slow');
    const end = Math.min(
      paths.lastIndexOf('two/slow'),
      paths.findLastIndex((path) => path !== 'two/slow'),
    );
    const both = paths.slice(start, end);
    expect(both.length).toBeGreaterThan(BACKLOG / 5);
    expect(Math.abs(countOf(both, 'two/slow') - both.length / 2)).toBeLessThanOrEqual(2);
  });
});
