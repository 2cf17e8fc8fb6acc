import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWaybill, type WaybillOptions } from '../../src/waybill.ts';
import { createTestClock } from '../support/clock.ts';
import {
  createTestDatabase,
  DATABASE_KINDS,
  type DatabaseKind,
  type TestDatabase,
} from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, type Receiver, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
// A poll that never comes: what arrives has been told of.
const NO_POLL = { pollIntervalMs: 3_600_000 };

type Api = Awaited<ReturnType<typeof startTestWaybill>>['api'];

async function receiverThat(answer: Answer = 200) {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return receiver;
}

function createGate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** A receiver that counts how many requests are open, and how many were at each arrival. */
async function countingReceiver(status: (index: number) => number | Promise<number>, delayMs: number) {
  let open = 0;
  const openAtArrival: number[] = [];
  const receiver = await receiverThat(async (_, response, index) => {
    open += 1;
    openAtArrival.push(open);
    response.once('close', () => {
      open -= 1;
    });
    return { status: await status(index), delayMs };
  });
  return { receiver, openAtArrival };
}

async function setUp(kind: DatabaseKind, options: WaybillOptions = {}) {
  const { api, waybill, stop } = await startTestWaybill(kind, options);
  return { waybill, stop, ...actions(api) };
}

function actions(api: Api) {
  const createWebhook = async (url: string, fields: object = {}) =>
    (await api.post(`${ACCOUNT}/webhooks`, { url, events: ['*'], ...fields })).body;
  /** The ids of the events, all published in one request. */
  const publish = async (count: number, data: unknown = {}): Promise<string[]> => {
    const events = Array.from({ length: count }, () => ({ type: 'order.created', data }));
    const answer = await api.post(`${ACCOUNT}/events`, { events });
    expect(answer.status).toBe(202);
    return answer.body.events.map((event: { id: string }) => event.id);
  };
  const resume = (id: string) => api.post(`${ACCOUNT}/webhooks/${id}/resume`);
  const countOf = async (status: string): Promise<number> => {
    let count = 0;
    let cursor = '';
    do {
      const { body } = await api.get(`${ACCOUNT}/deliveries?status=${status}&limit=100${cursor}`);
      count += body.data.length;
      cursor = body.nextCursor && `&cursor=${body.nextCursor}`;
    } while (cursor);
    return count;
  };
  return { api, createWebhook, publish, resume, countOf };
}

const idsOf = (receiver: Receiver): unknown[] =>
  receiver.requests.map((request) => request.headers['webhook-id']);

function expectEachOnce(receiver: Receiver, events: readonly string[]): void {
  expect(idsOf(receiver).sort()).toEqual([...events].sort());
}

describe.each(DATABASE_KINDS)('dispatch on %s', (kind) => {
  it('a stuck webhook holds up no other, and has no more requests open than it may', async () => {
    const dispatch = { maxConcurrencyPerWebhook: 4 };
    const { createWebhook, publish, countOf } = await setUp(kind, { dispatch });
    const stuck = await receiverThat(() => undefined);
    const good = await receiverThat();
    await createWebhook(stuck.url, { timeoutMs: 60_000 });
    await createWebhook(good.url);
    const events = await publish(200);
    await good.waitFor(200);
    await eventually(async () => (await countOf('delivered')) === 200);
    expectEachOnce(good, events);
    expect(stuck.requests).toHaveLength(4);
    expect(await countOf('pending')).toBe(200);
  });

  it('concurrency grows with success up to its bound, and never beyond', async () => {
    const dispatch = { maxConcurrencyPerWebhook: 12 };
    const { createWebhook, publish } = await setUp(kind, { dispatch });
    const { receiver, openAtArrival } = await countingReceiver(() => 200, 10);
    await createWebhook(receiver.url);
    const events = await publish(300);
    await receiver.waitFor(300, 15_000);
    expectEachOnce(receiver, events);
    expect(Math.max(...openAtArrival.slice(0, 8))).toBeLessThanOrEqual(8);
    expect(Math.max(...openAtArrival)).toBe(12);
  });

  it('concurrency shrinks to one request at a time on 503, and grows again with success', async () => {
    const { createWebhook, publish } = await setUp(kind, { clock: createTestClock() });
    const eightAreOpen = createGate();
    const { receiver, openAtArrival } = await countingReceiver(async (index) => {
      if (index === 7) eightAreOpen.open();
      await eightAreOpen.opened;
      return index < 60 ? 503 : 200;
    }, 5);
    await createWebhook(receiver.url);
    await publish(120);
    await receiver.waitFor(120, 15_000);
    expect(Math.max(...openAtArrival.slice(0, 60))).toBe(8);
    expect(Math.max(...openAtArrival.slice(20, 60))).toBe(1);
    expect(Math.max(...openAtArrival.slice(60))).toBeGreaterThan(2);
  });

  it('a backlog of more deliveries than memory may hold arrives completely, each once', async () => {
    const dispatch = { maxQueuedPerWebhook: 20, ...NO_POLL };
    const { createWebhook, publish, resume, countOf } = await setUp(kind, { dispatch });
    const receiver = await receiverThat();
    const { id } = await createWebhook(receiver.url, { status: 'paused' });
    const events = await publish(300);
    expect(receiver.requests).toEqual([]);
    await resume(id);
    await receiver.waitFor(300, 15_000);
    await eventually(async () => (await countOf('delivered')) === 300);
    expectEachOnce(receiver, events);
  });

  it('a backlog of more bytes than memory may hold arrives completely, each once', async () => {
    const dispatch = { maxQueuedBytesPerWebhook: 50_000, ...NO_POLL };
    const { createWebhook, publish, resume, countOf } = await setUp(kind, { dispatch });
    const receiver = await receiverThat();
    const { id } = await createWebhook(receiver.url, { status: 'paused' });
    const events = await publish(30, 'x'.repeat(20_000));
    // One alone is more than all may be.
    events.push(...(await publish(2, 'y'.repeat(60_000))), ...(await publish(8, 'x'.repeat(20_000))));
    await resume(id);
    await receiver.waitFor(40, 15_000);
    // What is handed over from memory has the same bounds.
    events.push(...(await publish(40, 'z'.repeat(20_000))));
    await receiver.waitFor(80, 15_000);
    await eventually(async () => (await countOf('delivered')) === 80);
    expectEachOnce(receiver, events);
  });

  it('a delivery retried by hand while the queue is full is not left to the poll', async () => {
    const dispatch = { maxQueuedPerWebhook: 2, maxConcurrencyPerWebhook: 1, ...NO_POLL };
    const { api, createWebhook, publish, resume } = await setUp(kind, { dispatch });
    const gate = createGate();
    const receiver = await receiverThat(() => gate.opened.then(() => 200));
    const { id } = await createWebhook(receiver.url, { status: 'paused' });
    const events = await publish(1);
    const [delivery] = (await api.get(`${ACCOUNT}/deliveries`)).body.data;
    await api.post(`${ACCOUNT}/deliveries/${delivery.id}/cancel`);
    await resume(id);
    // One in flight and two queued: that is all there is room for.
    events.push(...(await publish(1)));
    await receiver.waitFor(1);
    events.push(...(await publish(1)), ...(await publish(1)));
    expect((await api.post(`${ACCOUNT}/deliveries/${delivery.id}/retry`)).status).toBe(202);
    // Whatever is asked for after it is read later. Several times, as the notification comes back to this node.
    const canary = await receiverThat();
    const other = await createWebhook(canary.url, { events: ['canary'] });
    for (let count = 1; count <= 5; count += 1) {
      await api.post(`${ACCOUNT}/webhooks/${other.id}/test`);
      await canary.waitFor(count);
    }
    gate.open();
    await receiver.waitFor(4);
    expectEachOnce(receiver, events);
  });

  it('a webhook whose secret cannot be opened holds up no other', async () => {
    const { waybill, createWebhook, publish } = await setUp(kind);
    const receiver = await receiverThat();
    await createWebhook(`${receiver.url}broken`);
    await waybill.transaction((tx) =>
      tx.query(`update waybill.webhook_secrets set sealed = decode(repeat('00', 60), 'hex')`),
    );
    await createWebhook(`${receiver.url}good`);
    const events = [...(await publish(1)), ...(await publish(5))];
    await receiver.waitFor(6);
    expectEachOnce(receiver, events);
    expect(new Set(receiver.requests.map((request) => request.path))).toEqual(new Set(['/good']));
  });

  it('what was published while nobody was sending is sent when somebody starts', async () => {
    const database = await createTestDatabase(kind);
    const receiver = await receiverThat();
    const idle = await createIdle(database);
    await idle.accounts.ensure('acme');
    await idle.webhooks.create('acme', { url: receiver.url, events: ['*'] });
    const events: string[] = [];
    for (let batch = 0; batch < 3; batch += 1) {
      const published = await idle.publish(
        'acme',
        Array.from({ length: 50 }, () => ({ type: 'order.created', data: {} })),
      );
      events.push(...published.map((event) => event.id));
    }
    expect(await idle.ready()).toEqual({ database: true, dispatcher: false });
    await idle.stop();
    expect(receiver.requests).toEqual([]);
    const { countOf } = await setUp(kind, { ...database, dispatch: NO_POLL });
    await eventually(async () => (await countOf('delivered')) === 150);
    expectEachOnce(receiver, events);
  });

  it('stopped in the middle and started again, every event arrives, and none twice', async () => {
    const database = await createTestDatabase(kind);
    const first = await setUp(kind, database);
    const receiver = await receiverThat({ delayMs: 15 });
    await first.createWebhook(receiver.url);
    const events = await first.publish(300);
    await receiver.waitFor(50);
    await first.stop();
    const sent = receiver.requests.length;
    expect(sent).toBeLessThan(300);
    const second = await setUp(kind, database);
    await second.countOf('delivered').then((settled) => expect(settled).toBeGreaterThanOrEqual(sent));
    await eventually(async () => (await second.countOf('delivered')) === 300, 20_000);
    expectEachOnce(receiver, events);
  });

  it('a request that outlasts the grace of a stop leaves no attempt, and is made again by whoever starts', async () => {
    const database = await createTestDatabase(kind);
    const first = await setUp(kind, { ...database, dispatch: { stopGraceMs: 200 } });
    const receiver = await receiverThat(() => undefined);
    await first.createWebhook(receiver.url, { timeoutMs: 60_000 });
    const events = await first.publish(3);
    await receiver.waitFor(3);
    const startedAt = performance.now();
    await first.stop();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    receiver.answer(200);
    const { api, countOf } = await setUp(kind, { ...database, dispatch: NO_POLL });
    await receiver.waitFor(6);
    expect(idsOf(receiver).slice(3).sort()).toEqual([...events].sort());
    await eventually(async () => (await countOf('delivered')) === 3);
    for (const { id } of (await api.get(`${ACCOUNT}/deliveries`)).body.data) {
      const { body } = await api.get(`${ACCOUNT}/deliveries/${id}`);
      expect(body.attempts.map((attempt: { number: number }) => attempt.number)).toEqual([1]);
    }
  });

  it('the poll finds a delivery nobody was told of, and a change nobody was told of', async () => {
    const { waybill, createWebhook, publish } = await setUp(kind, { dispatch: { pollIntervalMs: 200 } });
    const before = await receiverThat();
    const after = await receiverThat();
    const webhook = await createWebhook(before.url, { events: ['order.created'] });
    const [event] = await publish(1);
    await before.waitFor(1);
    const uuid = (id: string): string => id.slice(id.indexOf('_') + 1);
    await waybill.transaction((tx) =>
      tx.query(
        `insert into waybill.deliveries (id, account_id, webhook_id, event_id, due_at)
         values (waybill.uuid_at(now()), 'acme', $1::text::uuid, $2::text::uuid, now())`,
        [uuid(webhook.id), uuid(event as string)],
      ),
    );
    const again = await before.waitFor(2);
    expect(again[1]?.headers['webhook-id']).toBe(event);

    await waybill.transaction((tx) =>
      tx.query('update waybill.webhooks set url = $1::text, revision = revision + 1', [after.url]),
    );
    await eventually(async () => {
      await publish(1);
      return after.requests.length > 0;
    });
    const seen = before.requests.length;
    await publish(5);
    await after.waitFor(6);
    expect(before.requests).toHaveLength(seen);
  });
});

describe('dispatch on a PostgreSQL that is shared or breaks', () => {
  it('an outcome whose commit was not confirmed is not lost, and its delivery goes on', async () => {
    const database = await createTestDatabase('postgres');
    const proxy = await startProxy(database.databaseUrl as string);
    const clock = createTestClock();
    const { api, createWebhook, publish } = await setUp('postgres', {
      ...database,
      databaseUrl: proxy.url,
      clock,
    });
    const receiver = await receiverThat(500);
    await createWebhook(receiver.url, { retry: { schedule: [10] } });
    const cut = proxy.cutAfter('insert into waybill.attempts');
    const [event] = await publish(1);
    const pending = async () => (await api.get(`${ACCOUNT}/deliveries?eventId=${event}`)).body.data[0];
    await eventually(async () => (await pending()).attemptCount === 1);
    await cut;
    receiver.answer(200);
    clock.advance(10_000);
    await receiver.waitFor(2);
    await eventually(async () => (await pending()).status === 'delivered');
    const { body } = await api.get(`${ACCOUNT}/deliveries/${(await pending()).id}`);
    expect(body.attempts.map((attempt: { number: number }) => attempt.number)).toEqual([1, 2]);
  });

  it('what is published while the last of a backlog is being read is not left to the poll', async () => {
    const database = await createTestDatabase('postgres');
    const proxy = await startProxy(database.databaseUrl as string);
    const { api, createWebhook, publish, resume, countOf } = await setUp('postgres', {
      ...database,
      databaseUrl: proxy.url,
      clock: createTestClock(),
      dispatch: { maxQueuedPerWebhook: 4, ...NO_POLL },
    });
    const LOAD = 'due.due_at, due."deliveryId"';
    const gate = createGate();
    const receiver = await receiverThat(() => gate.opened.then(() => 200));
    const { id } = await createWebhook(receiver.url, { status: 'paused', events: ['order.created'] });
    const other = await createWebhook((await receiverThat()).url, { events: ['other'] });
    const events = await publish(6);
    await resume(id);
    await receiver.waitFor(4);
    // While another webhook's deliveries are read, those of this one in flight end. Now it reads the last two,
    const first = proxy.hold(LOAD);
    await api.post(`${ACCOUNT}/webhooks/${other.id}/test`);
    await first.answered;
    gate.open();
    await eventually(async () => (await countOf('delivered')) === 4);
    const second = proxy.hold(LOAD);
    first.release();
    await second.answered;
    // and what is published before they are here isn't among them.
    events.push(...(await publish(1)));
    second.release();
    await receiver.waitFor(7);
    expectEachOnce(receiver, events);
  });

  it('while lanes move to another node, a stuck webhook holds up no lane but its own', async () => {
    const database = await createTestDatabase('postgres');
    const dispatch = { leaseMs: 600, stopGraceMs: 200 };
    const first = await setUp('postgres', { ...database, dispatch });
    const sql = <R extends Record<string, unknown>>(text: string) =>
      first.waybill.transaction(async (tx) => (await tx.query<R>(text)).rows);
    const stuck = await receiverThat(() => undefined);
    const good = await receiverThat();
    // Enough of both kinds for either to be in lanes that are given away.
    for (let count = 0; count < 12; count += 1) {
      await first.createWebhook(`${stuck.url}stuck`, { timeoutMs: 60_000, events: ['stuck'] });
      await first.createWebhook(`${good.url}${count}`, { events: ['order.created'] });
    }
    await first.api.post(`${ACCOUNT}/events`, { type: 'stuck', data: {} });
    await stuck.waitFor(12);
    const [firstNode] = await sql<{ id: string }>('select id from waybill.nodes');
    await setUp('postgres', { ...database, dispatch });
    // The first node has seen the second one and begun to give lanes back when it has said twice that it lives.
    let beats = 0;
    let last = '';
    await eventually(async () => {
      const rows = await sql<{ beat: string }>(
        `select expires_at::text as beat from waybill.nodes where id = '${firstNode?.id}'`,
      );
      if (rows[0] && rows[0].beat !== last) beats += 1;
      last = rows[0]?.beat ?? '';
      return beats === 4;
    });
    const alone = await sql<{ url: string }>(
      `select w.url from waybill.webhooks w where w.url not like '%stuck' and not exists (
         select from waybill.webhooks other where other.lane = w.lane and other.url like '%stuck')`,
    );
    const wanted = alone.map(({ url }) => new URL(url).pathname).sort();
    expect(wanted.length).toBeGreaterThan(0);
    const events = await first.publish(3);
    const counts = () =>
      wanted.map((path) => [path, good.requests.filter((request) => request.path === path).length]);
    const expected = wanted.map((path) => [path, events.length]);
    await eventually(() => {
      expect(counts()).toEqual(expected);
      return true;
    }, 5_000);
  });
});

/** A Waybill that doesn't send. */
function createIdle(database: TestDatabase) {
  return createWaybill({
    logger: pino({ level: 'silent' }),
    allowHttp: true,
    egressAllow: ['127.0.0.0/8'],
    ...database,
  });
}

interface Held {
  /** The statement has been carried out, and its answer waits here. */
  readonly answered: Promise<void>;
  release(): void;
}

/** Stands before PostgreSQL. Holds answers back, and can cut a connection instead of passing one on. */
async function startProxy(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const traps: {
    readonly statement: string;
    readonly onAnswer: (pass: () => void, cut: () => void) => void;
  }[] = [];
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let trap: (typeof traps)[number] | undefined;
    let kept: (Buffer | string)[] | undefined;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    const pass = (): void => {
      for (const chunk of kept ?? []) client.write(chunk);
      kept = undefined;
    };
    client.on('data', (chunk) => {
      const index = traps.findIndex(({ statement }) => chunk.includes(statement));
      if (index >= 0) [trap] = traps.splice(index, 1);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (trap) {
        kept = [];
        trap.onAnswer(pass, () => client.destroy());
        trap = undefined;
      }
      if (kept) kept.push(chunk);
      else client.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    /** Lets the next such statement be carried out, and cuts the connection before its answer is through. */
    cutAfter: (statement: string): Promise<void> =>
      new Promise((resolve) => {
        const onAnswer = (_: () => void, cut: () => void): void => {
          cut();
          resolve();
        };
        traps.push({ statement, onAnswer });
      }),
    /** Holds back the answer to the next such statement. */
    hold: (statement: string): Held => {
      let release = (): void => undefined;
      const answered = new Promise<void>((resolve) => {
        const onAnswer = (pass: () => void): void => {
          release = pass;
          resolve();
        };
        traps.push({ statement, onAnswer });
      });
      return { answered, release: () => release() };
    },
  };
}
