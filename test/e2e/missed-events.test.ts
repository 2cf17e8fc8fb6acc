import { describe, expect, it, onTestFinished } from 'vitest';
import { timeOfId } from '../../src/ids.ts';
import { createTestClock } from '../support/clock.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

async function setUp(kind: DatabaseKind) {
  const clock = createTestClock();
  const { api, waybill } = await startTestWaybill(kind, { clock });
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
  const ended = (id: string) =>
    eventually(async () => {
      const { body } = await api.get(`${ACCOUNT}/replays/${id}`);
      return body.endedAt !== null && body;
    });
  const done = async (begun: { readonly body: { readonly id: string } }) =>
    expect(await ended(begun.body.id)).toMatchObject({ status: 'done' });
  const sql = (text: string) => waybill.transaction((tx) => tx.query<{ id: string }>(text));
  return {
    api,
    clock,
    receiver,
    create,
    publish,
    patch,
    resume,
    replay,
    received,
    settled,
    ended,
    done,
    sql,
  };
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
    // The two test events were cut off too, and are nothing anybody has missed.
    expect(missed).toMatchObject({ events: 3, exact: true });
    expect(missed.replay).toEqual({ from: missed.from, to: missed.until, status: 'missed' });
    expect(Date.parse(missed.from)).toBeLessThanOrEqual(Date.now());
    expect(created.deliveries).toBe(1);
    await publish('published later');
    await receiver.waitFor(sent + 1);
    expect(received().slice(sent)).toEqual(['published later']);

    const begun = await replay(id, missed.replay);
    expect([begun.status, begun.body.total]).toEqual([202, 3]);
    await receiver.waitFor(sent + 4);
    await settled();
    expect(
      received()
        .slice(sent + 1)
        .sort(),
    ).toEqual(['cut off', 'missed 1', 'missed 2']);
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

  it('is also what it missed the times before, until a replay has sent it', async () => {
    const { clock, create, publish, patch, resume, replay, receiver, received, settled, done, sql } =
      await setUp(kind);
    const id = await create({ status: 'paused', events: ['order.*'] });
    await publish('cancelled the first time');
    await patch(id, { status: 'disabled' });
    await publish('never sent the first time');
    await publish('not wanted before all of it was sent', 'route.started');
    expect((await patch(id, { status: 'paused' })).missed).toMatchObject({ events: 2 });
    // As if all of that had been an hour ago.
    await sql(`update waybill.webhooks set missed_since = missed_since - interval '1 hour'`);
    clock.advance(HOUR_MS);
    await publish('cancelled the second time');
    await patch(id, { status: 'disabled' });
    await publish('never sent the second time');
    const { missed } = await resume(id);
    expect(missed).toMatchObject({ events: 4, exact: true });
    expect(await resume(id)).not.toHaveProperty('missed');

    await done(await replay(id, missed.replay));
    await receiver.waitFor(4);
    await settled();
    expect(received().sort()).toEqual([
      'cancelled the first time',
      'cancelled the second time',
      'never sent the first time',
      'never sent the second time',
    ]);
    clock.advance(HOUR_MS);
    await patch(id, { status: 'disabled', events: ['*'] });
    await publish('never sent the third time');
    expect((await resume(id)).missed).toMatchObject({ events: 1 });
  });

  it('is not forgotten when the webhook is disabled again while a replay sends it', async () => {
    const { clock, create, publish, patch, resume, replay, receiver, settled, ended } = await setUp(kind);
    const id = await create({ status: 'disabled' });
    for (const data of [1, 2, 3]) await publish(data);
    const { missed } = await resume(id);
    const { body } = await replay(id, { ...missed.replay, ratePerSecond: 1 });
    await receiver.waitFor(1);
    await settled();
    clock.advance(500);
    await patch(id, { status: 'disabled' });
    clock.advance(HOUR_MS);
    await publish(4);
    expect(await ended(body.id)).toMatchObject({ status: 'cancelled', made: 1 });
    expect((await resume(id)).missed).toMatchObject({ events: 3 });
  });

  it('stays missed where a replay leaves some of it, and what comes after that replay is added', async () => {
    const { clock, api, create, publish, patch, resume, replay, receiver, settled, done } = await setUp(kind);
    const id = await create({ status: 'disabled' });
    await publish('left', 'order.created');
    await publish('sent', 'order.paid');
    const { missed } = await resume(id);
    await done(await replay(id, { ...missed.replay, types: ['order.paid'] }));
    await receiver.waitFor(1);
    await settled();
    clock.advance(HOUR_MS);
    await patch(id, { status: 'disabled' });
    await publish('new');
    const path = `${ACCOUNT}/webhooks/${id}/missed`;
    expect((await api.get(path)).body).toMatchObject({ events: 2 });
    const again = (await resume(id)).missed;
    expect(again).toMatchObject({ events: 2 });
    expect((await api.get(path)).body).toMatchObject({ events: 2, from: again.from });
  });

  it('is forgotten when it is declined, by an active webhook and by a disabled one', async () => {
    const { clock, api, create, publish, patch, resume, replay, sql } = await setUp(kind);
    const id = await create({ status: 'paused' });
    const path = `${ACCOUNT}/webhooks/${id}/missed`;
    const decline = async () => expect((await api.post(`${path}/decline`)).status).toBe(204);
    await decline();
    await publish('cancelled, and declined');
    await patch(id, { status: 'disabled' });
    await publish('never sent, and declined');
    const { missed } = await resume(id);
    expect(missed).toMatchObject({ events: 2 });
    clock.advance(1);
    await decline();
    expect((await api.get(path)).body).toMatchObject({ events: 0, exact: true });
    expect((await replay(id, { ...missed.replay, dryRun: true })).body).toEqual({ count: 0 });
    clock.advance(1);
    await patch(id, { status: 'disabled' });
    await publish('declined while it was disabled');
    expect((await api.get(path)).body).toMatchObject({ events: 1 });
    await decline();
    await publish('missed');
    const { events, from } = (await resume(id)).missed;
    expect(events).toBe(1);
    const { rows } = await sql(`select id from waybill.events where data = '"missed"'`);
    expect(from).toBe(timeOfId(rows[0]?.id as string).toISOString());
    const actions = (await api.get(`${ACCOUNT}/audit-log?action=webhook.missed-declined`)).body.data;
    expect(actions).toHaveLength(3);
  });

  it('ends when it is enabled: what it did not want since then it never missed', async () => {
    const { api, create, publish, patch, resume, sql } = await setUp(kind);
    const id = await create({ events: ['order.created'] });
    await patch(id, { status: 'disabled' });
    await publish('while it was disabled');
    expect((await resume(id)).missed).toMatchObject({ events: 1 });
    // As if that had been a while ago: within seconds clocks may differ.
    await sql(`update waybill.webhooks
      set missed_spans = missed_spans * tstzmultirange(tstzrange(null, now()))`);
    await publish('nothing it wants', 'order.noise');
    await patch(id, { events: ['order.*'] });
    const missed = async () => (await api.get(`${ACCOUNT}/webhooks/${id}/missed`)).body.events;
    expect(await missed()).toBe(1);

    const active = await sql(
      `select upper(missed_spans)::text as "from", now()::text as until from waybill.webhooks`,
    );
    const { from, until } = active.rows[0] as unknown as { from: string; until: string };
    await patch(id, { status: 'disabled' });
    // As if the minute by which a span begins early were over.
    await sql(`update waybill.webhooks
      set missed_spans = missed_spans - tstzmultirange(tstzrange('${from}', '${until}'))`);
    await publish('while it is disabled again', 'order.noise');
    expect(await missed()).toBe(2);
    expect((await resume(id)).missed).toMatchObject({ events: 2 });
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
