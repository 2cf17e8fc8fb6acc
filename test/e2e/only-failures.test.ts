import { describe, expect, it, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock, type TestClock } from '../support/clock.ts';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const START = Date.parse('2026-03-13T14:30:00Z');
const DAY_MS = 24 * 3600 * 1000;
const isoAt = (days: number): string => new Date(START + days * DAY_MS).toISOString();

interface Options extends WaybillOptions {
  readonly clock?: TestClock;
}

async function setUp(kind: DatabaseKind, options: Options = {}) {
  const clock = options.clock ?? createTestClock(START);
  const { api, stop } = await startTestWaybill(kind, { ...options, clock });
  const receiver = await startReceiver(500);
  onTestFinished(() => receiver.close());
  const create = async (fields: object = {}): Promise<string> => {
    const settings = { url: receiver.url, events: ['*'], retry: { schedule: [] }, ...fields };
    const made = await api.post(`${ACCOUNT}/webhooks`, settings);
    expect(made.status, made.text).toBe(201);
    return made.body.id;
  };
  const webhook = async (id: string) => (await api.get(`${ACCOUNT}/webhooks/${id}`)).body;
  const publish = async () =>
    (await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: 1 })).body.id;
  /** Publishes on a day, and waits until all deliveries have ended. */
  const deliverOn = async (day: number): Promise<void> => {
    clock.advance(START + day * DAY_MS - clock.now());
    await publish();
    await eventually(
      async () => (await api.get(`${ACCOUNT}/deliveries?status=pending`)).body.data.length === 0,
    );
  };
  /** Oldest first, without those of deliveries that were given up. */
  const alerts = async () =>
    (await api.get(`${ACCOUNT}/alerts`)).body.data
      .filter(({ kind: one }: { kind: string }) => one !== 'deliveries_failing')
      .reverse();
  return { api, stop, clock, receiver, create, webhook, publish, deliverOn, alerts };
}

describe.each(E2E_DATABASE_KINDS)('a webhook to which nothing but failures happens on %s', (kind) => {
  it('is warned of at half of five days, and disabled at the end of them', async () => {
    const { create, webhook, deliverOn, alerts } = await setUp(kind);
    const id = await create();
    expect(await webhook(id)).toMatchObject({ firstFailureAt: null, effective: { disableAfterDays: 5 } });
    await deliverOn(0);
    await deliverOn(2.4);
    expect(await alerts()).toEqual([]);
    expect(await webhook(id)).toMatchObject({ status: 'active', firstFailureAt: isoAt(0) });
    await deliverOn(2.5);
    const cause = `Nothing has arrived since ${isoAt(0)}: every attempt failed. The last one: answered 500 Internal Server Error.`;
    const warning = {
      kind: 'webhook_will_be_disabled',
      webhookId: id,
      message: `${cause} Unless one arrives, the next failure from ${isoAt(5)} on disables the webhook.`,
      createdAt: isoAt(2.5),
    };
    expect(await alerts()).toMatchObject([{ ...warning, status: 'open' }]);
    await deliverOn(4.9);
    expect(await webhook(id)).toMatchObject({ status: 'active' });
    await deliverOn(5);
    expect(await webhook(id)).toMatchObject({
      status: 'disabled',
      disabledReason: 'only_failures',
      firstFailureAt: isoAt(0),
      disabledAt: isoAt(5),
    });
    expect(await alerts()).toMatchObject([
      { ...warning, status: 'resolved', resolvedAt: isoAt(5), occurrences: 1 },
      {
        kind: 'webhook_disabled_by_failures',
        status: 'open',
        message: `${cause} The webhook was disabled.`,
        createdAt: isoAt(5),
      },
    ]);
  });

  it('has its pending deliveries cancelled with it, and gets no more', async () => {
    const { api, clock, receiver, create, webhook, publish, deliverOn } = await setUp(kind);
    const id = await create();
    for (const day of [0, 3]) await deliverOn(day);
    await api.patch(`${ACCOUNT}/webhooks/${id}`, { retry: { schedule: [86_400 * 7] } });
    const waiting = await publish();
    const delivery = async () => (await api.get(`${ACCOUNT}/deliveries?eventId=${waiting}`)).body.data[0];
    await eventually(async () => (await delivery()).attemptCount === 1);
    clock.advance(3 * DAY_MS);
    await publish();
    await eventually(async () => (await webhook(id)).status === 'disabled');
    await eventually(async () => (await delivery()).status === 'cancelled');
    expect(await delivery()).toMatchObject({ statusReason: 'webhook_disabled' });
    const sent = receiver.requests.length;
    expect((await api.post(`${ACCOUNT}/events`, { type: 'a', data: 1 })).body.deliveries).toBe(0);
    expect(receiver.requests).toHaveLength(sent);
  });

  it('is left alone once something has arrived: the next failure begins anew', async () => {
    const { receiver, create, webhook, deliverOn, alerts } = await setUp(kind);
    const id = await create();
    for (const day of [0, 3]) await deliverOn(day);
    receiver.answer(200);
    await deliverOn(4);
    expect(await webhook(id)).toMatchObject({ status: 'active', firstFailureAt: null });
    expect(await alerts()).toMatchObject([{ kind: 'webhook_will_be_disabled', status: 'resolved' }]);
    receiver.answer(500);
    for (const day of [5, 6, 7.4]) await deliverOn(day);
    expect(await webhook(id)).toMatchObject({ status: 'active', firstFailureAt: isoAt(5) });
    expect(await alerts()).toHaveLength(1);
  });

  it('is not disabled by being idle, nor by a single failure after a long silence', async () => {
    const { clock, create, webhook, deliverOn, alerts } = await setUp(kind);
    const id = await create();
    await deliverOn(0);
    clock.advance(100 * DAY_MS);
    expect(await webhook(id)).toMatchObject({ status: 'active', firstFailureAt: isoAt(0) });
    expect(await alerts()).toEqual([]);
    await deliverOn(101);
    expect(await webhook(id)).toMatchObject({ status: 'active' });
    expect(await alerts()).toMatchObject([{ kind: 'webhook_will_be_disabled', status: 'open' }]);
    await deliverOn(101.1);
    expect(await webhook(id)).toMatchObject({ status: 'active' });
    await deliverOn(102.25);
    expect(await webhook(id)).toMatchObject({ status: 'disabled', disabledReason: 'only_failures' });
  });

  it('begins anew by being enabled, paused and resumed, or led to another URL', async () => {
    const { api, receiver, create, webhook, deliverOn, alerts } = await setUp(kind);
    const id = await create();
    const path = `${ACCOUNT}/webhooks/${id}`;
    for (const day of [0, 3, 6]) await deliverOn(day);
    expect(await webhook(id)).toMatchObject({ status: 'disabled' });
    expect((await api.post(`${path}/resume`)).body).toMatchObject({
      status: 'active',
      firstFailureAt: null,
      disabledAt: isoAt(6),
    });
    expect(await alerts()).toMatchObject([{ status: 'resolved' }, { status: 'resolved' }]);
    for (const day of [7, 10]) await deliverOn(day);
    expect(await alerts()).toMatchObject([{}, {}, { kind: 'webhook_will_be_disabled', status: 'open' }]);
    await api.post(`${path}/pause`);
    await api.post(`${path}/resume`);
    expect((await alerts())[2]).toMatchObject({ status: 'resolved' });
    for (const day of [20, 23]) await deliverOn(day);
    expect(await webhook(id)).toMatchObject({ status: 'active', firstFailureAt: isoAt(20) });
    await api.patch(path, { url: `${receiver.url}elsewhere` });
    expect((await alerts())[3]).toMatchObject({ kind: 'webhook_will_be_disabled', status: 'resolved' });
    await deliverOn(30);
    expect(await webhook(id)).toMatchObject({ status: 'active', firstFailureAt: isoAt(30) });
  });

  it('may say how long itself, or that it is never disabled', async () => {
    const { api, create, webhook, deliverOn } = await setUp(kind);
    const hasty = await create({ disableAfterDays: 0.5 });
    const patient = await create({ disableAfterDays: 0 });
    for (const day of [0, 0.3, 0.5]) await deliverOn(day);
    expect(await webhook(hasty)).toMatchObject({ status: 'disabled', disableAfterDays: 0.5 });
    for (const day of [10, 20, 30]) await deliverOn(day);
    expect(await webhook(patient)).toMatchObject({
      status: 'active',
      firstFailureAt: isoAt(0),
      disableAfterDays: 0,
      effective: { disableAfterDays: null },
    });
    const path = `${ACCOUNT}/webhooks/${patient}`;
    expect((await api.patch(path, { disableAfterDays: null })).body).toMatchObject({
      disableAfterDays: null,
      effective: { disableAfterDays: 5 },
    });
    for (const wrong of [-1, 366, '5']) {
      expect((await api.patch(path, { disableAfterDays: wrong })).status).toBe(400);
    }
  });

  it('is remembered across a restart', async () => {
    const database = await createTestDatabase(kind);
    const clock = createTestClock(START);
    const first = await setUp(kind, { ...database, clock });
    const id = await first.create();
    for (const day of [0, 2.5]) await first.deliverOn(day);
    await first.stop();
    const second = await setUp(kind, { ...database, clock });
    await second.deliverOn(5);
    expect(await second.webhook(id)).toMatchObject({ status: 'disabled', firstFailureAt: isoAt(0) });
  });
});

describe('the setting of the instance', () => {
  it.each([
    [null, null],
    [0, null],
    [2, 2],
  ])('%s is shown in what holds for a webhook as %s, and holds', async (disableAfterDays, shown) => {
    const { create, webhook, deliverOn } = await setUp('postgres', { disableAfterDays });
    const id = await create();
    for (const day of [0, 1, 2, 9, 19]) await deliverOn(day);
    expect(await webhook(id)).toMatchObject({
      status: shown === null ? 'active' : 'disabled',
      effective: { disableAfterDays: shown },
    });
  });

  it('is taken from the environment too, and a wrong one keeps the process from starting', async () => {
    const database = await createTestDatabase('postgres');
    const environment = (days: string) => ({
      ...database,
      environment: { WAYBILL_DISABLE_AFTER_DAYS: days },
    });
    const { create, webhook } = await setUp('postgres', environment('1.5'));
    expect(await webhook(await create())).toMatchObject({ effective: { disableAfterDays: 1.5 } });
    await expect(setUp('postgres', environment('soon'))).rejects.toMatchObject({ code: 'misconfigured' });
  });
});
