import { expect, it, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const LONG_AGO = '2020-01-01T00:00:00Z';

async function start(options: WaybillOptions = {}) {
  const { api, stop } = await startTestWaybill('postgres', options);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const create = async (settings: object = {}): Promise<string> => {
    const made = await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], ...settings });
    expect(made.status, made.text).toBe(201);
    return made.body.id;
  };
  const publish = (type: string, subject: string, data: unknown = 1, channel?: string) =>
    api.post(`${ACCOUNT}/events`, { type, subject, data, channel });
  const replay = (webhook: string, more: object = {}) =>
    api.post(`${ACCOUNT}/webhooks/${webhook}/replay`, { from: LONG_AGO, ...more });
  const subjects = () => receiver.requests.map(({ body }) => JSON.parse(body).data);
  const ended = (id: string) =>
    eventually(async () => {
      const { body } = await api.get(`${ACCOUNT}/replays/${id}`);
      return body.endedAt !== null && body;
    });
  return { api, stop, receiver, create, publish, replay, subjects, ended };
}

it('what was missed while a webhook was disabled is counted first and then sent, in order, and says so', async () => {
  const { api, receiver, create, publish, replay, subjects, ended } = await start();
  const id = await create({ status: 'disabled' });
  for (const n of [1, 2, 3]) await publish('order.created', `order/${n}`, n);
  expect(await replay(id, { dryRun: true })).toMatchObject({ status: 200, body: { count: 3 } });
  expect(await replay(id)).toMatchObject({ status: 409, body: { code: 'webhook_disabled' } });
  await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
  const { status, body } = await replay(id, { status: 'missing' });
  expect([status, body.total]).toEqual([202, 3]);
  await receiver.waitFor(3);
  expect(subjects().sort()).toEqual([1, 2, 3]);
  expect(await ended(body.id)).toMatchObject({ status: 'done', made: 3 });
  const { data } = (await api.get(`${ACCOUNT}/deliveries`)).body;
  expect(data.map(({ replayId }: { replayId: string }) => replayId)).toEqual([body.id, body.id, body.id]);
  expect((await replay(id, { status: 'missing', dryRun: true })).body).toEqual({ count: 0 });
});

it('of the events those are sent that the filter names and the webhook wants', async () => {
  const { api, receiver, create, publish, replay, subjects } = await start();
  const id = await create({ status: 'disabled', events: ['order.*'], channels: ['web'] });
  await publish('order.created', 'order/1', 'wanted', 'web');
  await publish('order.created', 'order/2', 'of another channel', 'till');
  await publish('order.paid', 'order/1', 'of another type', 'web');
  await publish('route.started', 'route/1', 'not of the webhook', 'web');
  await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
  await replay(id, { types: ['order.created', 'route.*'], subject: 'order/1' });
  await receiver.waitFor(1);
  expect(subjects()).toEqual(['wanted']);
});

it('what waits for the webhook already is left out', async () => {
  const { create, publish, replay } = await start();
  const id = await create({ status: 'paused' });
  await publish('order.created', 'order/1');
  expect((await replay(id)).body).toMatchObject({ total: 0, status: 'done' });
});

it('with a rate it makes no more a second, and can be paused, resumed and cancelled', async () => {
  const clock = createTestClock();
  const { api, receiver, create, publish, replay } = await start({ clock });
  const id = await create({ status: 'disabled' });
  for (const n of [1, 2, 3, 4]) await publish('order.created', `order/${n}`, n);
  await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
  const { body } = await replay(id, { ratePerSecond: 1 });
  const one = `${ACCOUNT}/replays/${body.id}`;
  await receiver.waitFor(1);
  clock.advance(1_000);
  await receiver.waitFor(2);
  expect((await api.post(`${one}/pause`)).body.status).toBe('paused');
  clock.advance(10_000);
  expect((await api.get(one)).body).toMatchObject({ status: 'paused', made: 2 });
  expect((await api.post(`${one}/resume`)).body.status).toBe('running');
  await receiver.waitFor(3);
  expect((await api.post(`${one}/cancel`)).body.status).toBe('cancelled');
  clock.advance(10_000);
  expect((await api.get(one)).body).toMatchObject({ status: 'cancelled', made: 3 });
  expect(await api.post(`${one}/resume`)).toMatchObject({ status: 409, body: { code: 'replay_ended' } });
});

it('another node goes on where one that stopped was', async () => {
  const database = await createTestDatabase('postgres');
  const first = await start({ ...database, clock: createTestClock() });
  const id = await first.create({ status: 'disabled' });
  for (const n of [1, 2, 3]) await first.publish('order.created', `order/${n}`, n);
  await first.api.post(`${ACCOUNT}/webhooks/${id}/resume`);
  const { body } = await first.replay(id, { ratePerSecond: 1 });
  await first.receiver.waitFor(1);
  await first.stop();

  const second = await start(database);
  expect(await second.ended(body.id)).toMatchObject({ status: 'done', made: 3 });
  await first.receiver.waitFor(3);
  expect(first.subjects()).toEqual([1, 2, 3]);
});

it('a range that ends before it begins, an unknown status and an unknown webhook are refused', async () => {
  const { create, replay } = await start();
  const id = await create();
  expect(await replay(id, { to: '2019-01-01T00:00:00Z' })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'to' }] },
  });
  expect((await replay(id, { status: 'lost' })).status).toBe(400);
  expect((await replay(id, { ratePerSecond: 1e-300 })).body.errors[0]).toMatchObject({
    path: 'ratePerSecond',
  });
  expect((await replay(`wh_${'0'.repeat(32)}`)).status).toBe(404);
});
