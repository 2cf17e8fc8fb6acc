import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const DAY_MS = 24 * 3600 * 1000;

async function setUp(kind: DatabaseKind) {
  const clock = createTestClock();
  const { api } = await startTestWaybill(kind, { clock });
  const receiver = await startReceiver(200);
  onTestFinished(() => receiver.close());
  const create = async (fields: object = {}): Promise<string> => {
    const made = await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], ...fields });
    expect(made.status, made.text).toBe(201);
    return made.body.id;
  };
  const publish = async (data: unknown, type = 'order.created'): Promise<string> =>
    (await api.post(`${ACCOUNT}/events`, { type, data })).body.id;
  const patch = async (id: string, changes: object) =>
    (await api.patch(`${ACCOUNT}/webhooks/${id}`, changes)).body;
  const resume = async (id: string) => (await api.post(`${ACCOUNT}/webhooks/${id}/resume`)).body;
  const replay = (id: string, body: object) => api.post(`${ACCOUNT}/webhooks/${id}/replay`, body);
  const received = () => receiver.requests.map(({ body }) => JSON.parse(body).data);
  const settled = () =>
    eventually(async () => (await api.get(`${ACCOUNT}/deliveries?status=pending`)).body.data.length === 0);
  return { api, clock, receiver, create, publish, patch, resume, replay, received, settled };
}

describe.each(E2E_DATABASE_KINDS)('what a webhook missed while it was disabled on %s', (kind) => {
  it('by failures is offered when it is resumed, and taking the offer sends each event once', async () => {
    const { api, clock, receiver, create, publish, resume, replay, received, settled } = await setUp(kind);
    const id = await create({ retry: { schedule: [] } });
    await publish('arrived before');
    await settled();
    receiver.answer(500);
    await publish('given up, and not for being disabled');
    await settled();
    await api.patch(`${ACCOUNT}/webhooks/${id}`, { retry: { schedule: [7 * 86_400] } });
    const cutOff = await publish('cut off');
    await eventually(async () => {
      const { body } = await api.get(`${ACCOUNT}/deliveries?eventId=${cutOff}`);
      return body.data[0].attemptCount === 1;
    });
    clock.advance(3 * DAY_MS);
    await api.post(`${ACCOUNT}/webhooks/${id}/test`);
    await eventually(async () => {
      const { data } = (await api.get(`${ACCOUNT}/alerts`)).body;
      return data.some(({ kind: one }: { kind: string }) => one === 'webhook_will_be_disabled');
    });
    clock.advance(3 * DAY_MS);
    await api.post(`${ACCOUNT}/webhooks/${id}/test`);
    await eventually(async () => (await api.get(`${ACCOUNT}/webhooks/${id}`)).body.status === 'disabled');
    await settled();
    for (const data of ['missed 1', 'missed 2']) await publish(data);

    receiver.answer(200);
    const sent = receiver.requests.length;
    const { status, missed } = await resume(id);
    const created = (await api.get(`${ACCOUNT}/events/${cutOff}`)).body;
    expect(status).toBe('active');
    // The two test events were cut off too.
    expect(missed).toMatchObject({ events: 5, exact: true });
    expect(missed.replay).toEqual({ from: missed.from, to: missed.until, status: 'missed' });
    expect(Date.parse(missed.from)).toBeLessThanOrEqual(Date.now());
    expect(created.deliveries).toBe(1);
    await publish('published later');
    await receiver.waitFor(sent + 1);
    expect(received().slice(sent)).toEqual(['published later']);

    const begun = await replay(id, missed.replay);
    expect([begun.status, begun.body.total]).toEqual([202, 5]);
    await receiver.waitFor(sent + 6);
    await settled();
    const after = received().slice(sent + 1);
    expect(after.filter((data) => typeof data === 'string').sort()).toEqual([
      'cut off',
      'missed 1',
      'missed 2',
    ]);
    expect(after).toHaveLength(5);
    expect((await replay(id, { ...missed.replay, dryRun: true })).body).toEqual({ count: 0 });
  });

  it('by hand is offered by a PATCH too, of the events the webhook would get as it is then', async () => {
    const { create, publish, patch, replay, received, receiver } = await setUp(kind);
    const id = await create();
    expect(await patch(id, { status: 'disabled' })).not.toHaveProperty('missed');
    await publish(1, 'order.created');
    await publish(2, 'order.paid');
    await publish(3, 'route.started');
    const { missed } = await patch(id, { status: 'active', events: ['order.*'] });
    expect(missed).toMatchObject({ events: 2, exact: true });
    await replay(id, missed.replay);
    await receiver.waitFor(2);
    expect(received().sort()).toEqual([1, 2]);
  });

  it('is only what it missed the last time', async () => {
    const { clock, create, publish, patch, resume } = await setUp(kind);
    const id = await create({ status: 'paused' });
    await publish('cancelled the first time');
    await patch(id, { status: 'disabled' });
    expect((await patch(id, { status: 'paused' })).missed).toMatchObject({ events: 1 });
    clock.advance(3_600_000);
    await publish('cancelled the second time');
    await patch(id, { status: 'disabled' });
    expect((await resume(id)).missed).toMatchObject({ events: 1 });
    expect(await resume(id)).not.toHaveProperty('missed');
  });

  it('is nothing for a webhook that was only paused, and none is offered', async () => {
    const { api, create, publish, resume, received, settled } = await setUp(kind);
    const id = await create({ status: 'paused' });
    await publish('waits');
    expect(await resume(id)).not.toHaveProperty('missed');
    await settled();
    expect(received()).toEqual(['waits']);
    await api.patch(`${ACCOUNT}/webhooks/${id}`, { status: 'disabled' });
    expect((await resume(id)).missed).toMatchObject({ events: 0, exact: true });
  });

  it('is counted no further than ten thousand events', async () => {
    const { api, create, resume } = await setUp(kind);
    const id = await create({ status: 'disabled' });
    const events = Array.from({ length: 1_000 }, (_, data) => ({ type: 'a', data }));
    for (let batch = 0; batch < 11; batch += 1) await api.post(`${ACCOUNT}/events`, { events });
    expect((await resume(id)).missed).toMatchObject({ events: 10_000, exact: false });
  });
});
