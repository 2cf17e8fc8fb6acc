import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { createTestDatabase, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startPostgresServer } from '../support/postgres-server.ts';
import { startServe } from '../support/process.ts';
import { type AnswerFunction, startReceiver } from '../support/receiver.ts';

const CLIENTS = 4;
const CRASHES = 2;
const MAX_BATCH = 12;
const RETRY_SCHEDULE = [1, 1, 1, 1, 1];
// Fewer than the schedule has retries: a delivery must not fail for good because of this test's receiver.
const FLAKY_FAILURES_PER_EVENT = 3;
const TYPES = ['order.created', 'order.shipped', 'route.started'];
const WEBHOOKS = {
  plain: { events: ['*'], wants: TYPES },
  flaky: { events: ['order.*'], wants: ['order.created', 'order.shipped'] },
  slow: { events: ['order.created', 'route.*'], wants: ['order.created', 'route.started'] },
};

describe.each(E2E_DATABASE_KINDS)('on %s', (kind) => {
  it('Waybill is killed while it publishes and delivers: every acknowledged event arrives, none is made twice', async () => {
    const { seed, between } = createRandom();
    const database = await createTestDatabase(kind);
    const receiver = await startCarelessReceiver();
    let waybill = await startServe(database);
    await createWebhooks(waybill.api, receiver.url);
    const load = startLoad(() => waybill.api, between);
    for (let crash = 0; crash < CRASHES; crash += 1) {
      await load.acknowledges(between(20, 150));
      await waybill.kill();
      waybill = await startServe(database);
    }
    await load.stop();

    expect(load.brokenOff, `publishes that got no answer, seed ${seed}`).toBeGreaterThan(0);
    await expectAllArrived({ api: waybill.api, load, receiver, seed });
  });
});

it('PostgreSQL is killed while Waybill publishes and delivers: Waybill recovers by itself and nothing acknowledged is lost', async () => {
  const { seed, between } = createRandom();
  const server = await startPostgresServer({ fsync: true });
  onTestFinished(() => server.stop());
  const receiver = await startCarelessReceiver();
  const encryptionKey = randomBytes(32).toString('base64');
  const waybill = await startServe({ databaseUrl: server.url, encryptionKey });
  await createWebhooks(waybill.api, receiver.url);
  const load = startLoad(() => waybill.api, between);
  for (let crash = 0; crash < CRASHES; crash += 1) {
    await load.acknowledges(between(20, 150));
    await server.kill();
    await load.isRefused();
    await server.start();
  }
  await load.acknowledges(1);
  await load.stop();

  await expectAllArrived({ api: waybill.api, load, receiver, seed });
});

type Between = (least: number, most: number) => number;

/** Moments that differ from run to run, and can be had again: WAYBILL_TEST_SEED. */
function createRandom(): { readonly seed: number; readonly between: Between } {
  const seed = Number(process.env.WAYBILL_TEST_SEED ?? randomBytes(4).readUInt32LE());
  let state = seed;
  const next = (): number => {
    // A linear congruential generator (Numerical Recipes): good enough to pick moments.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { seed, between: (least, most) => least + Math.floor(next() * (most - least + 1)) };
}

interface Mark {
  readonly mark: string;
  readonly type: string;
}

type CarelessReceiver = Awaited<ReturnType<typeof startCarelessReceiver>>;

/** One that takes all at once, one that fails on every third request, one that is slow. */
async function startCarelessReceiver() {
  const arrived = new Map(Object.keys(WEBHOOKS).map((name) => [name, new Set<string>()]));
  const failures = new Map<string, number>();
  let flakyRequests = 0;
  const answer: AnswerFunction = ({ path, body }) => {
    const name = path.slice(1);
    const { mark } = JSON.parse(body).data as Mark;
    const failed = failures.get(mark) ?? 0;
    if (name === 'flaky') flakyRequests += 1;
    if (name === 'flaky' && flakyRequests % 3 === 0 && failed < FLAKY_FAILURES_PER_EVENT) {
      failures.set(mark, failed + 1);
      return 500;
    }
    arrived.get(name)?.add(mark);
    return { status: 200, delayMs: name === 'slow' ? 60 : undefined };
  };
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return { url: receiver.url, arrived };
}

async function createWebhooks(api: ApiClient, url: string): Promise<void> {
  for (const [name, { events }] of Object.entries(WEBHOOKS)) {
    const body = { name, url: url + name, events, retry: { schedule: RETRY_SCHEDULE } };
    expect((await api.post('/v1/accounts/acme/webhooks', body)).status).toBe(201);
  }
}

type Load = ReturnType<typeof startLoad>;

/** Clients that publish without a break, and again under the same key whatever got no answer, until it does. */
function startLoad(api: () => ApiClient, between: Between) {
  const published: Mark[] = [];
  const ids = new Map<string, string>();
  let brokenOff = 0;
  let refused = 0;
  let running = true;

  const request = async (
    marks: readonly Mark[],
    key: string,
  ): Promise<readonly { id: string }[] | undefined> => {
    const events = marks.map(({ mark, type }) => ({ type, data: { mark, type } }));
    const body = events.length === 1 ? events[0] : { events };
    try {
      const answer = await api().post('/v1/accounts/acme/events', body, { 'idempotency-key': key });
      if (answer.status === 202) return answer.body.events ?? [answer.body];
      if (answer.status !== 503) throw new Error(`a publish was answered ${answer.status}: ${answer.text}`);
      refused += 1;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      const { code } = error.cause as { code?: string };
      if (code !== 'ECONNREFUSED') brokenOff += 1;
    }
    return undefined;
  };

  const client = async (name: number): Promise<void> => {
    for (let round = 0; running; round += 1) {
      const key = `client-${name}-${round}`;
      const count = between(0, 1) === 0 ? 1 : between(2, MAX_BATCH);
      const marks = Array.from({ length: count }, (_, index) => ({
        mark: `${key}-${index}`,
        type: TYPES[between(0, TYPES.length - 1)] as string,
      }));
      published.push(...marks);
      let answers = await request(marks, key);
      while (!answers) {
        await pause(20);
        answers = await request(marks, key);
      }
      marks.forEach(({ mark }, index) => {
        ids.set(mark, answers[index]?.id ?? '');
      });
      await pause(between(0, 15));
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, (_, name) => client(name)));
  // Told of by `stop`; until then nobody waits for it.
  clients.catch(() => undefined);

  return {
    published,
    /** Marks and the ids they were acknowledged under. */
    ids,
    /** How many requests were cut before they were answered. */
    get brokenOff() {
      return brokenOff;
    },
    /** Resolves when `count` more events have been acknowledged. */
    acknowledges: (count: number) => {
      const until = ids.size + count;
      return eventually(() => ids.size >= until, 30_000);
    },
    /** Resolves when one more request has been answered 503. */
    isRefused: () => {
      const before = refused;
      return eventually(() => refused > before);
    },
    stop: async () => {
      running = false;
      await clients;
    },
  };
}

async function expectAllArrived(run: {
  readonly api: ApiClient;
  readonly load: Load;
  readonly receiver: CarelessReceiver;
  readonly seed: number;
}): Promise<void> {
  const { api, load, receiver, seed } = run;
  const marksOf = (types: readonly string[]): string[] =>
    load.published.filter(({ type }) => types.includes(type)).map(({ mark }) => mark);
  await eventually(async () => {
    const { body } = await api.get('/v1/accounts/acme/deliveries?status=pending&limit=1');
    return body.data.length === 0;
  }, 30_000);

  const events = await listAll(api, '/v1/accounts/acme/events');
  const stored = events.map((event) => [event.data.mark, event.id]);
  expect(stored.sort(), `the events, seed ${seed}`).toEqual([...load.ids].sort());
  expect(load.ids.size).toBe(load.published.length);

  let wanted = 0;
  for (const [name, { wants }] of Object.entries(WEBHOOKS)) {
    const marks = marksOf(wants);
    wanted += marks.length;
    expect([...(receiver.arrived.get(name) ?? [])].sort(), `at ${name}, seed ${seed}`).toEqual(marks.sort());
  }
  const deliveries = await listAll(api, '/v1/accounts/acme/deliveries');
  expect(deliveries.length, `the deliveries, seed ${seed}`).toBe(wanted);
  expect(deliveries.filter(({ status }) => status !== 'delivered')).toEqual([]);
}

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever fields it expects.
async function listAll(api: ApiClient, path: string): Promise<any[]> {
  const all = [];
  let cursor = '';
  do {
    const { body } = await api.get(`${path}?limit=100${cursor && `&cursor=${cursor}`}`);
    all.push(...body.data);
    cursor = body.nextCursor ?? '';
  } while (cursor);
  return all;
}
