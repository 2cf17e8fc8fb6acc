import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import {
  type Arrived,
  type ByHand,
  doubled,
  type Ended,
  type Item,
  lost,
  outOfOrder,
  stale,
  torn,
} from '../support/kept-order.ts';
import { SIGNATURE } from '../support/profiles.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

const RUNS = 4;
const BATCH = { maxItems: 2, maxWaitMs: 300 };
const KINDS = {
  ordered: { ordering: 'subject' },
  unique: { unique: true },
  both: { ordering: 'subject', unique: true },
  // What is to be tried again waits here, while something else is under way.
  batched: { ordering: 'subject', batch: BATCH, rateLimit: { inFlight: 1 } },
  'batched-both': { ordering: 'subject', unique: true, batch: BATCH },
};
type Kind = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as Kind[];
// Its bodies say which delivery they are of: an event has another one when it is replayed.
const PRESET = {
  name: 'own',
  title: 'Own',
  description: 'Own.',
  eventTypes: [],
  profile: {
    body: [
      { name: 'delivery', value: 'delivery.id' },
      { name: 'data', value: 'event.data' },
    ],
    headers: { 'X-Request': '{event.id}' },
    signatures: [SIGNATURE],
  },
};
// For requests to be made and their outcomes to be written: more happens by it, and nothing depends on it.
const A_MOMENT_MS = 40;
// More often than a receiver of these tests ever fails: nothing is given up.
const RETRY = { schedule: Array.from({ length: 30 }, () => 1) };
// A stop that waits for no request is what the others see of a crash: what is under way is cut off, and nobody says
// what became of it.
const DISPATCH = { leaseMs: 3_000, pollIntervalMs: 300, stopGraceMs: 0, breakerFailures: 1_000_000 };

/** `lost`: taken, and the answer never arrives. */
type Outcome = 'taken' | 'failed' | 'cut' | 'lost' | 'slow';

type Step =
  | { readonly do: 'publish'; readonly keys: readonly [number, number][]; readonly node: number }
  | { readonly do: 'answer'; readonly outcomes: readonly Outcome[] }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'pause' | 'resume' | 'replay'; readonly kind: Kind }
  | { readonly do: 'cancel' | 'retry'; readonly kind: Kind; readonly which: number }
  | { readonly do: 'overtake'; readonly kind: Kind; readonly subject: number }
  | { readonly do: 'crash'; readonly node: number };

const node = fc.nat(1);
const kind = fc.constantFrom(...NAMES);
const inOrder = fc.constantFrom<Kind>('ordered', 'batched', 'batched-both');
// Of three subjects and two types.
const keys = fc.array(fc.tuple(fc.nat(2), fc.nat(1)), { minLength: 1, maxLength: 3 });
const outcome = fc.constantFrom<Outcome>('taken', 'failed', 'cut', 'lost', 'slow');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('publish'), keys, node }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('answer'),
      outcomes: fc.array(outcome, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('advance'), ms: fc.integer({ min: 100, max: 2_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume'), kind }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replay'), kind }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel'), kind, which: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('retry'), kind, which: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('overtake'), kind: inOrder, subject: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash'), node }) },
);

/** A receiver that does with its requests what it was told to do with the next ones; then it takes all. */
async function startObedientReceiver() {
  const next: Outcome[] = [];
  /** Paths that fail whatever was told. */
  const failing = new Set<string>();
  const log: Arrived[] = [];
  const receiver = await startReceiver(async ({ path, headers, body }, response) => {
    const told = failing.has(path) ? 'failed' : (next.shift() ?? 'taken');
    const items = [JSON.parse(body)].flat().map(({ delivery, data }): Item => ({ delivery, ...data }));
    const arrived = { path, id: headers['x-request'] as string, items };
    const at = log.push({ ...arrived, isTaken: false }) - 1;
    if (told === 'failed') return 500;
    if (told === 'slow') await pause(30);
    // Whoever sent it is gone, and will send it again.
    if (response.destroyed || told === 'cut') return void response.destroy();
    log[at] = { ...arrived, isTaken: true };
    return told === 'lost' ? void response.destroy() : 200;
  });
  onTestFinished(() => receiver.close());
  return { url: receiver.url, next, failing, log };
}

type Receiver = Awaited<ReturnType<typeof startObedientReceiver>>;

async function startNodes() {
  const clock = createTestClock();
  const database = await createTestDatabase('postgres');
  const start = (): Promise<TestWaybill> =>
    startTestWaybill('postgres', { ...database, clock, dispatch: DISPATCH });
  const nodes = [await start(), await start()];
  const at = (index: number): TestWaybill => nodes[index] as TestWaybill;
  return {
    clock,
    at,
    crash: async (index: number): Promise<void> => {
      await at(index).stop();
      nodes[index] = await start();
    },
    sql: (text: string, values: unknown[]) =>
      at(0).waybill.transaction(async (tx) => (await tx.query(text, values)).rows),
  };
}

type Nodes = Awaited<ReturnType<typeof startNodes>>;

/** An account with a webhook of each kind, to which all that is published goes. */
async function createScene(nodes: Nodes, receiver: Receiver, account: string) {
  const ids = {} as Record<Kind, string>;
  for (const [name, settings] of Object.entries(KINDS)) {
    const url = `${receiver.url}${account}/${name}`;
    const body = { url, events: ['*'], retry: RETRY, profile: 'own', ...settings };
    const made = await nodes.at(0).api.post(`/v1/accounts/${account}/webhooks`, body);
    expect(made.status, made.text).toBe(201);
    ids[name as Kind] = made.body.id;
  }
  let sequence = 0;
  const publish = async (index: number, of: readonly [number, number][]): Promise<void> => {
    const events = of.map(([subject, kindOfEvent]) => {
      const data = {
        subject: `order/${subject}`,
        type: kindOfEvent === 0 ? 'order.changed' : 'order.paid',
        sequence,
      };
      sequence += 1;
      return { type: data.type, subject: data.subject, data };
    });
    await nodes.at(index).waybill.publish(account, events);
  };
  const path = `/v1/accounts/${account}`;
  const tell = (of: Kind, action: string, body: object = {}) =>
    nodes.at(1).api.post(`${path}/webhooks/${ids[of]}/${action}`, body);
  const byHand = new Map<string, ByHand>();
  /** The newest is number 0. */
  const act = async (of: Kind, action: 'cancel' | 'retry', which: number): Promise<void> => {
    const status = action === 'cancel' ? 'pending' : 'cancelled';
    const query = `webhookId=${ids[of]}&status=${status}`;
    const { data } = (await nodes.at(1).api.get(`${path}/deliveries?${query}`)).body;
    const id: string | undefined = data[which % data.length]?.id;
    const before = receiver.log.length;
    const answer = await nodes.at(1).api.post(`${path}/deliveries/${id}/${action}`);
    if (answer.status >= 300 || id === undefined) return;
    byHand.set(id, { again: action === 'cancel' ? null : { before, after: receiver.log.length } });
  };
  const moveOn = async (ms: number): Promise<void> => {
    await pause(A_MOMENT_MS);
    nodes.clock.advance(ms);
    await pause(A_MOMENT_MS);
  };
  /** One is sent again by hand while a later one of its subject fails, and is to be tried again before it. */
  const overtake = async (of: Kind, subject: number): Promise<void> => {
    const webhook = `/${account}/${of}`;
    await tell(of, 'resume');
    await moveOn(1_000);
    receiver.failing.add(webhook);
    await publish(0, [[subject, 0]]);
    await act(of, 'cancel', 0);
    await publish(1, [
      [subject, 0],
      [(subject + 1) % 3, 0],
    ]);
    await moveOn(500);
    await act(of, 'retry', 0);
    await pause(A_MOMENT_MS);
    receiver.failing.delete(webhook);
    await moveOn(600);
  };
  return { account, publish, tell, byHand, act, overtake };
}

type Scene = Awaited<ReturnType<typeof createScene>>;

async function take(one: Step, nodes: Nodes, receiver: Receiver, scene: Scene): Promise<void> {
  if (one.do === 'publish') await scene.publish(one.node, one.keys);
  if (one.do === 'answer') receiver.next.push(...one.outcomes);
  if (one.do === 'advance') nodes.clock.advance(one.ms);
  if (one.do === 'pause' || one.do === 'resume') await scene.tell(one.kind, one.do);
  if (one.do === 'cancel' || one.do === 'retry') await scene.act(one.kind, one.do, one.which);
  if (one.do === 'replay') {
    await scene.tell(one.kind, 'replay', { from: '2020-01-01T00:00:00Z' });
    await replaysEnded(nodes, scene.account);
  }
  if (one.do === 'overtake') await scene.overtake(one.kind, one.subject);
  if (one.do === 'crash') await nodes.crash(one.node);
  expect(await doubles(nodes)).toEqual([]);
}

/** The keys for which more than one delivery waits. */
const doubles = ({ sql }: Nodes) =>
  sql(
    `select webhook_id, unique_key from waybill.deliveries
     where status = 'pending' and unique_key is not null group by webhook_id, unique_key having count(*) > 1`,
    [],
  );

/** What is made later in its transaction has a later place: nothing is published meanwhile. */
const replaysEnded = (nodes: Nodes, account: string) =>
  eventually(async () => {
    nodes.clock.advance(100);
    const running = "select from waybill.replays where account_id = $1 and status = 'running'";
    return (await nodes.sql(running, [account])).length === 0;
  });

async function allEnded(nodes: Nodes, account: string): Promise<void> {
  await eventually(async () => {
    nodes.clock.advance(1_000);
    const waiting = "select from waybill.deliveries where account_id = $1 and status = 'pending'";
    return (await nodes.sql(waiting, [account])).length === 0;
  }, 30_000);
}

async function endedOf(nodes: Nodes, account: string): Promise<Ended[]> {
  const rows: unknown = await nodes.sql(
    `select 'dlv_' || replace(d.id::text, '-', '') as id, substring(w.url from '//[^/]+(/.*)$') as path,
       e.type, e.subject, (e.data::json ->> 'sequence')::integer as sequence,
       d.status, d.superseded_by is not null as "isSuperseded"
     from waybill.deliveries d
     join waybill.webhooks w on w.id = d.webhook_id
     join waybill.events e on e.account_id = d.account_id and e.id = d.event_id
     where d.account_id = $1 order by d.id`,
    [account],
  );
  return rows as Ended[];
}

async function expectKept(nodes: Nodes, { log }: Receiver, { account, byHand }: Scene): Promise<void> {
  const all = await endedOf(nodes, account);
  const superseded = new Set(all.filter(({ isSuperseded }) => isSuperseded).map(({ id }) => id));
  const hasLeft = (id: string): boolean => byHand.has(id) || superseded.has(id);
  const of = (...kinds: Kind[]) =>
    all.filter(({ path }) => kinds.some((kind) => path === `/${account}/${kind}`));
  const given = all.filter(({ id, status }) => status !== 'delivered' && !hasLeft(id));
  expect(given, 'neither delivered nor in the way of another').toEqual([]);
  expect(outOfOrder(log, of('ordered', 'both', 'batched', 'batched-both'), byHand)).toEqual([]);
  expect(stale(log, of('unique', 'both', 'batched-both'), byHand)).toEqual([]);
  expect(lost(log, all)).toEqual([]);
  const batches = log.filter(({ path }) => path.startsWith(`/${account}/batched`));
  expect(torn(batches, hasLeft)).toEqual([]);
  expect(doubled(batches)).toEqual([]);
}

it('whatever fails, is paused, replayed, sent again or crashes, subjects arrive in order, batches whole, and no key is waited for twice', async () => {
  const nodes = await startNodes();
  const receiver = await startObedientReceiver();
  expect((await nodes.at(0).api.post('/v1/catalogs/own/import', PRESET)).status).toBe(200);
  const steps = fc.array(step, { minLength: 25, maxLength: 40 });
  let runs = 0;
  const property = fc.asyncProperty(steps, async (all) => {
    runs += 1;
    const scene = await createScene(nodes, receiver, `run-${runs}`);
    for (const one of all) await take(one, nodes, receiver, scene);
    receiver.next.splice(0);
    for (const name of NAMES) await scene.tell(name, 'resume');
    await allEnded(nodes, scene.account);
    await expectKept(nodes, receiver, scene);
  });
  const { WAYBILL_TEST_SEED: seed } = process.env;
  // What is wrong shows in one run and not in the next: to make it smaller takes minutes, and proves nothing. What fails
  // is told of with its seed.
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true, ...(seed && { seed: Number(seed) }) });
}, 120_000);
