import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const LONG_AGO = '2020-01-01T00:00:00Z';

describe.each(E2E_DATABASE_KINDS)('a test event on %s', (kind) => {
  it('is for its webhook alone: no other has missed it, and none is sent it by a replay', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const create = async (status: string): Promise<string> =>
      (await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], status })).body.id;
    const tested = await create('active');
    const other = await create('disabled');
    const { id, deliveryId } = (
      await api.post(`${ACCOUNT}/webhooks/${tested}/test`, { eventType: 'order.created' })
    ).body;
    await receiver.waitFor(1);
    const published = await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: 'for all' });

    expect((await api.get(`${ACCOUNT}/events/${id}`)).body.test).toBe(true);
    expect((await api.get(`${ACCOUNT}/events/${published.body.id}`)).body.test).toBe(false);
    const count = async (webhook: string, status?: string) =>
      (await api.post(`${ACCOUNT}/webhooks/${webhook}/replay`, { from: LONG_AGO, status, dryRun: true })).body
        .count;
    expect((await api.post(`${ACCOUNT}/webhooks/${other}/resume`)).body.missed.events).toBe(1);
    expect([await count(other), await count(other, 'missing'), await count(other, 'missed')]).toEqual([
      1, 1, 1,
    ]);
    const begun = await api.post(`${ACCOUNT}/webhooks/${other}/replay`, { from: LONG_AGO });
    expect(begun.body.total).toBe(1);
    await receiver.waitFor(3);
    const bodies = receiver.requests.map(({ body }) => JSON.parse(body).data);
    expect(bodies).toEqual([{ test: true }, 'for all', 'for all']);
    // Nor by one of its own webhook, which it was sent to already; by hand it can be sent there again.
    expect([await count(tested), await count(tested, 'delivered')]).toEqual([1, 1]);
    expect((await api.get(`${ACCOUNT}/deliveries/${deliveryId}`)).body.webhookId).toBe(tested);

    const explain = async (webhook: string) =>
      (await api.post(`${ACCOUNT}/webhooks/${webhook}/explain`, { eventId: id })).body;
    expect(await explain(other)).toMatchObject({
      fires: false,
      rules: expect.arrayContaining([expect.objectContaining({ rule: 'test', holds: false })]),
    });
    expect(await explain(tested)).toMatchObject({ fires: true, deliveryId });
  });

  it('counts for no daily limit, be that set before it or after', async () => {
    const { api } = await startTestWaybill(kind, {
      clock: createTestClock(Date.parse('2026-12-13T12:00:00Z')),
    });
    const webhook = { url: 'http://127.0.0.1:9999/', events: ['*'], status: 'paused' };
    const { id } = (await api.post(`${ACCOUNT}/webhooks`, webhook)).body;
    const test = async () => expect((await api.post(`${ACCOUNT}/webhooks/${id}/test`)).status).toBe(202);
    const publish = async () =>
      (await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: 1 })).status;
    await test();
    expect(await publish()).toBe(202);
    const limited = await api.patch(ACCOUNT, { limits: { eventsPerDay: 2 } });
    expect(limited.body.usage).toEqual({ eventsToday: 1 });
    await test();
    expect((await api.get(ACCOUNT)).body.usage).toEqual({ eventsToday: 1 });
    expect([await publish(), await publish()]).toEqual([202, 429]);
    await test();
  });
});
