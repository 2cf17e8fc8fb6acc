import { describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const STATISTICS = `${ACCOUNT}/statistics`;

const publish = (api: ApiClient, account = ACCOUNT) =>
  api.post(`${account}/events`, { type: 'order.created', data: 1 });

async function hook(api: ApiClient, url: string, settings: object = {}): Promise<string> {
  const { body } = await api.post(`${ACCOUNT}/webhooks`, { url, events: ['*'], ...settings });
  return body.id;
}

/** Waits until as many attempts have been counted. */
async function counted(api: ApiClient, attempts: number) {
  return eventually(async () => {
    const { body } = await api.get(STATISTICS);
    expect(body.total.delivered + body.total.failed).toBe(attempts);
    return body;
  });
}

describe.each(DATABASE_KINDS)('statistics on %s', (kind) => {
  it('count events and attempts by what came of them, in spans that add up', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await startReceiver();
    receiver.answer(({ path }) => (path === '/bad' ? 500 : 200));
    const good = await hook(api, receiver.url);
    const bad = await hook(api, `${receiver.url}bad`, { retry: { schedule: [3600] } });
    for (let event = 0; event < 3; event += 1) await publish(api);
    await publish(api, '/v1/accounts/other');
    const statistics = await counted(api, 6);
    expect(statistics.total).toEqual({
      events: 3,
      delivered: 3,
      failed: 3,
      p50Ms: expect.any(Number),
      p95Ms: expect.any(Number),
      p50IsOver: false,
      p95IsOver: false,
    });
    expect(statistics.spans).toHaveLength(48);
    const sum = (of: (span: Record<string, number>) => number) =>
      statistics.spans.reduce((total: number, span: Record<string, number>) => total + of(span), 0);
    expect(sum((span) => span.events as number)).toBe(3);
    expect(sum((span) => span.delivered as number)).toBe(3);
    expect(statistics.queue).toEqual({ pending: 3, held: 0, oldestDueSeconds: null });

    const webhooks = (await api.get(`${STATISTICS}/webhooks`)).body.data;
    const of = (id: string) => webhooks.find((one: { webhookId: string }) => one.webhookId === id);
    expect(of(good)).toMatchObject({ delivered: 3, failed: 0, lastAttemptAt: expect.any(String) });
    expect(of(bad)).toMatchObject({ delivered: 0, failed: 3 });
    expect(of(good).nextDueAt).toBeNull();
    expect(Date.parse(of(bad).nextDueAt)).toBeGreaterThan(Date.now());
    expect(of(bad).hours).toHaveLength(24);
    expect(of(bad).hours.at(-1)).toMatchObject({ failed: 3 });
    const other = (await api.get('/v1/accounts/other/statistics')).body;
    expect(other.total).toMatchObject({ events: 1, delivered: 0, failed: 0, p50Ms: null });
    await receiver.close();
  });

  it('of the last moments before a stop are written, and add to those after it', async () => {
    const database = await createTestDatabase(kind);
    const receiver = await startReceiver();
    const first = await startTestWaybill(kind, database);
    await hook(first.api, receiver.url);
    await publish(first.api);
    await receiver.waitFor(1);
    await first.waybill.stop();
    const second = await startTestWaybill(kind, database);
    await publish(second.api);
    const { total } = await counted(second.api, 2);
    expect(total).toMatchObject({ events: 2, delivered: 2, failed: 0 });
    await receiver.close();
  });

  it('of a webhook that has been quiet for days still tell when its last attempt was', async () => {
    const clock = createTestClock();
    const { api } = await startTestWaybill(kind, { clock });
    const receiver = await startReceiver();
    const id = await hook(api, receiver.url);
    await hook(api, 'https://never.example/', { events: ['nothing'] });
    await publish(api);
    await counted(api, 1);
    const [busy] = (await api.get(`${STATISTICS}/webhooks`)).body.data;
    expect(busy).toMatchObject({ webhookId: id, delivered: 1, lastAttemptAt: expect.any(String) });
    clock.advance(30 * 24 * 3_600_000);
    expect((await api.get(`${STATISTICS}/webhooks`)).body.data).toMatchObject([
      { webhookId: id, delivered: 0, failed: 0, lastAttemptAt: busy.lastAttemptAt, nextDueAt: null },
    ]);
    await receiver.close();
  });

  it('say how long what is due has waited', async () => {
    const clock = createTestClock();
    const { api } = await startTestWaybill(kind, { clock });
    const id = await hook(api, 'https://receiver.example/');
    await api.post(`${ACCOUNT}/webhooks/${id}/pause`);
    await publish(api);
    clock.advance(3_600_000);
    // Nothing sends it: it is told apart, and nobody is late with it.
    expect((await api.get(STATISTICS)).body.queue).toEqual({ pending: 1, held: 1, oldestDueSeconds: null });
    const [webhook] = (await api.get(`${STATISTICS}/webhooks`)).body.data;
    expect(webhook).toMatchObject({ webhookId: id, delivered: 0, failed: 0, lastAttemptAt: null });
    const [delivery] = (await api.get(`${ACCOUNT}/deliveries`)).body.data;
    expect(webhook.nextDueAt).toBe(delivery.nextAttemptAt);
  });
});

describe('statistics', () => {
  it.each([
    ['stepSeconds=300&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z', 'too_many_spans'],
    ['from=2026-03-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'too_many_spans'],
    ['from=9999-12-31T00:00:00Z&to=9999-12-31T23:59:59Z', 'too_many_spans'],
    ['from=0001-01-01T00:00:00Z&to=0001-01-02T00:00:00Z&stepSeconds=2100', 'too_many_spans'],
    ['stepSeconds=1', 'validation_failed'],
    ['from=yesterday', 'validation_failed'],
  ])('are refused for %s', async (query, code) => {
    const { api } = await startTestWaybill('embedded');
    expect((await api.get(`${STATISTICS}?${query}`)).body).toMatchObject({ status: 400, code });
  });
});
