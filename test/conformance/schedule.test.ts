import { describe, expect, it, onTestFinished } from 'vitest';
import { verify } from '../../src/verify.ts';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock, type TestClock } from '../support/clock.ts';
import { DATABASE_KINDS, type DatabaseKind } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const CANARY = '/v1/accounts/canary';
const DEFAULT_SCHEDULE = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const MONTH_MS = 30 * 24 * 3600 * 1000;
// A whole second, as an HTTP date has no parts of one.
const START = Date.parse('2026-03-13T14:30:00Z');

async function setUp(kind: DatabaseKind, answer: Answer, options: WaybillOptions = {}) {
  const clock = createTestClock(START);
  const { api } = await startTestWaybill(kind, { clock, ...options });
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  const createWebhook = async (fields: object = {}) =>
    (await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], ...fields })).body;
  const webhookOf = async (id: string) => (await api.get(`${ACCOUNT}/webhooks/${id}`)).body;
  const publish = () => api.post(`${ACCOUNT}/events`, { type: 'order.created', data: { id: 1 } });
  const deliveryOf = async (webhookId: string) => {
    const { body } = await api.get(`${ACCOUNT}/deliveries?webhookId=${webhookId}`);
    return (await api.get(`${ACCOUNT}/deliveries/${body.data[0].id}`)).body;
  };
  const settled = (webhookId: string, attempts: number) =>
    eventually(async () => {
      const delivery = await deliveryOf(webhookId);
      return delivery.attemptCount === attempts && delivery;
    });
  const lookedAt = await createBarrier(api);
  return { api, clock, receiver, createWebhook, webhookOf, publish, deliveryOf, settled, lookedAt };
}

type Api = Awaited<ReturnType<typeof startTestWaybill>>['api'];

/**
 * Waits until the dispatcher has looked, at the time it is now, at what is due for a webhook: a change makes it
 * look, and whatever is asked for after it, such as a test event for another webhook, is read later.
 */
async function createBarrier(api: Api) {
  const canary = await startReceiver();
  onTestFinished(() => canary.close());
  const { body } = await api.post(`${CANARY}/webhooks`, { url: canary.url, events: ['*'] });
  let rounds = 0;
  return async (webhookIds: readonly string[]) => {
    rounds += 1;
    for (const id of webhookIds) await api.patch(`${ACCOUNT}/webhooks/${id}`, { name: `round ${rounds}` });
    await api.post(`${CANARY}/webhooks/${body.id}/test`);
    await canary.waitFor(rounds);
  };
}

const isoIn = (clock: TestClock, ms: number): string => new Date(clock.now() + ms).toISOString();

describe.each(DATABASE_KINDS)('the retry schedule on %s', (kind) => {
  it.each([
    [0, 0.9],
    [0.5, 1],
    [0.999_999_9, 1.1],
  ])('with randomness %f ten attempts are made, each when %f of its wait is over', async (random, factor) => {
    const { clock, receiver, createWebhook, webhookOf, publish, settled, lookedAt } = await setUp(kind, 500, {
      random: () => random,
    });
    const webhook = await createWebhook();
    await publish();
    const sentAt = [clock.now()];
    for (const [index, seconds] of DEFAULT_SCHEDULE.entries()) {
      const delivery = await settled(webhook.id, index + 1);
      const waitMs = Math.round(seconds * 1000 * factor);
      expect(delivery).toMatchObject({ status: 'pending', statusReason: null, settledAt: null });
      expect(Math.abs(Date.parse(delivery.nextAttemptAt) - (clock.now() + waitMs))).toBeLessThanOrEqual(10);
      expect((await webhookOf(webhook.id)).health).toBe('healthy');
      const exactMs = Date.parse(delivery.nextAttemptAt) - clock.now();
      clock.advance(exactMs - 1);
      await lookedAt([webhook.id]);
      expect(receiver.requests).toHaveLength(index + 1);
      clock.advance(1);
      await receiver.waitFor(index + 2);
      sentAt.push(clock.now());
    }

    const failed = await settled(webhook.id, 10);
    expect(failed).toMatchObject({ status: 'failed', statusReason: 'exhausted', nextAttemptAt: null });
    expect(failed.settledAt).toBe(isoIn(clock, 0));
    expect(await webhookOf(webhook.id)).toMatchObject({
      status: 'active',
      health: 'failing',
      failingSince: isoIn(clock, 0),
    });
    const attempts: { number: number; startedAt: string }[] = failed.attempts;
    expect(attempts.map((attempt) => attempt.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(attempts.map((attempt) => Date.parse(attempt.startedAt))).toEqual(sentAt);

    clock.advance(MONTH_MS);
    await lookedAt([webhook.id]);
    expect(receiver.requests).toHaveLength(10);
    const ids = new Set(receiver.requests.map((request) => request.headers['webhook-id']));
    expect([...ids]).toEqual([failed.eventId]);
    expect(new Set(receiver.requests.map((request) => request.body)).size).toBe(1);
    for (const [index, request] of receiver.requests.entries()) {
      const now = sentAt[index] as number;
      expect(request.headers['webhook-timestamp']).toBe(String(Math.floor(now / 1000)));
      await verify(request.body, request.headers, webhook.secret, { now: () => now, toleranceSeconds: 0 });
    }
    expect(new Set(receiver.requests.map((request) => request.headers['webhook-signature'])).size).toBe(10);
  });

  it('a success after the last attempt makes the webhook healthy, and leaves the failed delivery failed', async () => {
    const { api, clock, receiver, createWebhook, webhookOf, publish, settled } = await setUp(kind, 500);
    const webhook = await createWebhook({ retry: { schedule: [] } });
    await publish();
    const failed = await settled(webhook.id, 1);
    expect(await webhookOf(webhook.id)).toMatchObject({ health: 'failing', failingSince: isoIn(clock, 0) });

    const since = isoIn(clock, 0);
    clock.advance(60_000);
    await publish();
    await receiver.waitFor(2);
    await settled(webhook.id, 1);
    expect(await webhookOf(webhook.id)).toMatchObject({ health: 'failing', failingSince: since });

    receiver.answer(204);
    await publish();
    await eventually(async () => (await webhookOf(webhook.id)).health === 'healthy');
    expect(await webhookOf(webhook.id)).toMatchObject({ status: 'active', failingSince: null });
    expect((await api.get(`${ACCOUNT}/deliveries/${failed.id}`)).body).toEqual(failed);
  });

  it("a webhook's own schedule is exact, and an empty one means one attempt", async () => {
    const { clock, receiver, createWebhook, publish, settled, lookedAt } = await setUp(kind, 500, {
      random: () => 0,
    });
    const exact = await createWebhook({ url: `${receiver.url}exact`, retry: { schedule: [3, 61] } });
    const once = await createWebhook({ url: `${receiver.url}once`, retry: { schedule: [] } });
    const toExact = () => receiver.requests.filter((request) => request.path === '/exact').length;
    await publish();
    expect(await settled(once.id, 1)).toMatchObject({ status: 'failed', statusReason: 'exhausted' });
    for (const [index, seconds] of [3, 61].entries()) {
      expect((await settled(exact.id, index + 1)).nextAttemptAt).toBe(isoIn(clock, seconds * 1000));
      clock.advance(seconds * 1000 - 1);
      await lookedAt([exact.id, once.id]);
      expect(toExact()).toBe(index + 1);
      clock.advance(1);
      await eventually(() => toExact() === index + 2);
    }
    expect(await settled(exact.id, 3)).toMatchObject({ status: 'failed', statusReason: 'exhausted' });
    clock.advance(MONTH_MS);
    await lookedAt([exact.id, once.id]);
    expect(receiver.requests).toHaveLength(4);
  });

  const httpDate = (seconds: number): string => new Date(START + seconds * 1000).toUTCString();
  const OWN = 500;
  const CASES: [status: number, retryAfter: string | undefined, seconds: number][] = [
    [429, '120', 120],
    [503, '120', 120],
    [429, httpDate(90), 90],
    [503, httpDate(90), 90],
    [429, '0', 1],
    [503, httpDate(-90), 1],
    [429, '172800', 86_400],
    [503, httpDate(259_200), 86_400],
    [429, undefined, OWN],
    [503, 'soon', OWN],
    [500, '120', OWN],
    [404, '120', OWN],
  ];

  it('Retry-After decides on 429 and 503, from one second to one day, and on nothing else', async () => {
    const { clock, receiver, createWebhook, publish, settled, lookedAt } = await setUp(kind, (request) => {
      const [status, retryAfter] = CASES[Number(request.path.slice(1))] as (typeof CASES)[number];
      const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      return { status, headers };
    });
    const ids: string[] = [];
    for (const index of CASES.keys()) {
      ids.push((await createWebhook({ url: receiver.url + index, retry: { schedule: [OWN] } })).id);
    }
    await publish();
    for (const [index, [status, , seconds]] of CASES.entries()) {
      const delivery = await settled(ids[index] as string, 1);
      expect([status, index, delivery.nextAttemptAt]).toEqual([status, index, isoIn(clock, seconds * 1000)]);
    }
    let sent = CASES.length;
    for (const due of [1, 90, 120, OWN, 86_400]) {
      clock.advance(START + due * 1000 - 1 - clock.now());
      await lookedAt(ids);
      expect(receiver.requests).toHaveLength(sent);
      clock.advance(1);
      sent += CASES.filter(([, , seconds]) => seconds === due).length;
      await receiver.waitFor(sent);
    }
    // The answer to the last attempt asks for another one: there is none.
    for (const id of ids) expect(await settled(id, 2)).toMatchObject({ status: 'failed' });
    clock.advance(MONTH_MS);
    await lookedAt(ids);
    expect(receiver.requests).toHaveLength(2 * CASES.length);
  });
});
