import { expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const WEBHOOKS = 12;
const DISPATCH = { leaseMs: 3_000, pollIntervalMs: 60_000 };

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** Whether two nodes have half of the lanes each. */
const isShared = ({ waybill }: TestWaybill): Promise<boolean> =>
  waybill.transaction(async (tx) => {
    const { rows } = await tx.query<{ lanes: number }>(
      'select count(*)::integer as lanes from waybill.lanes group by node_id',
    );
    return String(rows.map(({ lanes }) => lanes)) === '32,32';
  });

/** The webhooks' paths, by the node that sends for them. */
const pathsByNode = ({ waybill }: TestWaybill): Promise<string[][]> =>
  waybill.transaction(async (tx) => {
    const { rows } = await tx.query<{ node: string; url: string }>(
      `select n.id as node, w.url from waybill.nodes n
       join waybill.lanes l on l.node_id = n.id join waybill.webhooks w on w.lane = l.lane order by n.started_at`,
    );
    const byNode = Map.groupBy(rows, ({ node }) => node).values();
    return [...byNode].map((some) => some.map(({ url }) => new URL(url).pathname));
  });

it('a webhook that moves to another node gets one request more than its rate, and none when it comes back', async () => {
  const clock = createTestClock();
  const database = await createTestDatabase('postgres');
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const a = await startTestWaybill('postgres', { ...database, clock, dispatch: DISPATCH });
  const create = (path: string, settings: object) =>
    a.api.post(`${ACCOUNT}/webhooks`, { url: receiver.url + path, ...settings });
  for (let number = 0; number < WEBHOOKS; number += 1) {
    await create(`paced/${number}`, { events: ['order.changed'], rateLimit: { perSecond: 0.001 } });
    await create(`free/${number}`, { events: ['other'] });
  }
  /** How many requests each webhook with a rate has had. */
  const counts = (): number[] =>
    Array.from(
      { length: WEBHOOKS },
      (_, number) => receiver.requests.filter(({ path }) => path === `/paced/${number}`).length,
    );
  const total = (): number => sum(counts());
  /** What may be sent by now is on its way by the time these have arrived. */
  const passOther = async (): Promise<void> => {
    const before = receiver.requests.filter(({ path }) => path.startsWith('/free')).length;
    await a.api.post(`${ACCOUNT}/events`, { type: 'other', data: 0 });
    await eventually(
      () => receiver.requests.filter(({ path }) => path.startsWith('/free')).length === before + WEBHOOKS,
    );
  };
  const events = [1, 2, 3].map((data) => ({ type: 'order.changed', data }));
  await a.api.post(`${ACCOUNT}/events`, { events });
  await eventually(() => total() === WEBHOOKS);

  const b = await startTestWaybill('postgres', { ...database, clock, dispatch: DISPATCH });
  const atB = await eventually(async () => {
    const [ofA = [], ofB = []] = await pathsByNode(a);
    return (await isShared(a)) && ofA.length + ofB.length === 2 * WEBHOOKS ? ofB : undefined;
  });
  const moved = counts().map((_, number) => (atB.includes(`/paced/${number}`) ? 2 : 1));
  await eventually(() => total() >= sum(moved));
  await passOther();
  expect(counts()).toEqual(moved);
  await b.stop();
  await eventually(async () => (await pathsByNode(a)).length === 1);
  await passOther();
  expect(counts()).toEqual(moved);

  clock.advance(1_000_000);
  await eventually(() => total() >= sum(moved) + WEBHOOKS);
  expect(counts()).toEqual(moved.map((count) => count + 1));
});
