import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

const RUNS = 4;
const KINDS = {
  ordered: { ordering: 'subject' },
  unique: { unique: true },
  both: { ordering: 'subject', unique: true },
};
type Kind = keyof typeof KINDS;
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
  | { readonly do: 'crash'; readonly node: number };

const node = fc.nat(1);
const kind = fc.constantFrom<Kind>('ordered', 'unique', 'both');
// Of two subjects and two types.
const keys = fc.array(fc.tuple(fc.nat(1), fc.nat(1)), { minLength: 1, maxLength: 3 });
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
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay'), kind: fc.constant('unique') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash'), node }) },
);

interface Item {
  readonly subject: string;
  readonly type: string;
  readonly sequence: number;
}

/** A receiver that does with its requests what it was told to do with the next ones; then it takes all. */
async function startObedientReceiver() {
  const next: Outcome[] = [];
  /** What was taken, by path and in that order. */
  const taken = new Map<string, Item[]>();
  const receiver = await startReceiver(async ({ path, body }, response) => {
    const told = next.shift() ?? 'taken';
    if (told === 'failed') return 500;
    if (told === 'slow') await pause(30);
    // Whoever sent it is gone, and will send it again.
    if (response.destroyed || told === 'cut') return void response.destroy();
    taken.set(path, [...(taken.get(path) ?? []), JSON.parse(body).data]);
    return told === 'lost' ? void response.destroy() : 200;
  });
  onTestFinished(() => receiver.close());
  return { url: receiver.url, next, taken: (path: string): readonly Item[] => taken.get(path) ?? [] };
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
    const body = { url: `${receiver.url}${account}/${name}`, events: ['*'], retry: RETRY, ...settings };
    const made = await nodes.at(0).api.post(`/v1/accounts/${account}/webhooks`, body);
    expect(made.status, made.text).toBe(201);
    ids[name as Kind] = made.body.id;
  }
  const published: Item[] = [];
  const publish = async (index: number, of: readonly [number, number][]): Promise<void> => {
    const items = of.map(([subject, type], n) => ({
      subject: `order/${subject}`,
      type: type === 0 ? 'order.changed' : 'order.paid',
      sequence: published.length + n,
    }));
    published.push(...items);
    const events = items.map((data) => ({ type: data.type, subject: data.subject, data }));
    await nodes.at(index).waybill.publish(account, events);
  };
  const tell = (of: Kind, action: string, body: object = {}) =>
    nodes.at(1).api.post(`/v1/accounts/${account}/webhooks/${ids[of]}/${action}`, body);
  return { published, publish, tell, taken: (of: Kind) => receiver.taken(`/${account}/${of}`) };
}

type Scene = Awaited<ReturnType<typeof createScene>>;

async function take(one: Step, nodes: Nodes, receiver: Receiver, scene: Scene): Promise<void> {
  if (one.do === 'publish') await scene.publish(one.node, one.keys);
  if (one.do === 'answer') receiver.next.push(...one.outcomes);
  if (one.do === 'advance') nodes.clock.advance(one.ms);
  if (one.do === 'pause' || one.do === 'resume') await scene.tell(one.kind, one.do);
  if (one.do === 'replay') await scene.tell(one.kind, 'replay', { from: '2020-01-01T00:00:00Z' });
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

async function allEnded(nodes: Nodes, account: string): Promise<void> {
  await eventually(async () => {
    nodes.clock.advance(1_000);
    const waiting = await nodes.sql(
      `select id from waybill.deliveries where account_id = $1 and status = 'pending'
       union all select id from waybill.replays where account_id = $1 and status = 'running'`,
      [account],
    );
    return waiting.length === 0;
  }, 30_000);
}

const sequencesOf = (items: readonly Item[]): number[] => items.map(({ sequence }) => sequence);

function expectKept({ published, taken }: Scene): void {
  for (const subject of ['order/0', 'order/1']) {
    const ofSubject = (items: readonly Item[]): Item[] => items.filter((item) => item.subject === subject);
    const first = (of: Kind): number[] => [...new Set(sequencesOf(ofSubject(taken(of))))];
    expect(first('ordered'), `ordered, ${subject}`).toEqual(sequencesOf(ofSubject(published)));
    expect(first('both'), `both, ${subject}`).toEqual(first('both').toSorted((a, b) => a - b));
    for (const type of ['order.changed', 'order.paid']) {
      const ofKey = (items: readonly Item[]): Item[] => ofSubject(items).filter((item) => item.type === type);
      const newest = ofKey(published).at(-1)?.sequence;
      expect(ofKey(taken('unique')).at(-1)?.sequence, `unique, ${type} ${subject}`).toBe(newest);
      expect(ofKey(taken('both')).at(-1)?.sequence, `both, ${type} ${subject}`).toBe(newest);
    }
  }
}

it('whatever fails, is paused, replayed or crashes, subjects arrive in order, and no key is waited for twice', async () => {
  const nodes = await startNodes();
  const receiver = await startObedientReceiver();
  const steps = fc.array(step, { minLength: 25, maxLength: 40 });
  let runs = 0;
  const property = fc.asyncProperty(steps, async (all) => {
    runs += 1;
    const account = `run-${runs}`;
    const scene = await createScene(nodes, receiver, account);
    for (const one of all) await take(one, nodes, receiver, scene);
    receiver.next.splice(0);
    for (const of of Object.keys(KINDS)) await scene.tell(of as Kind, 'resume');
    await allEnded(nodes, account);
    expectKept(scene);
  });
  const { WAYBILL_TEST_SEED: seed } = process.env;
  // What is wrong shows in one run and not in the next: to make it smaller takes minutes, and proves nothing.
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true, ...(seed && { seed: Number(seed) }) });
}, 120_000);
