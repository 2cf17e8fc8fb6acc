import { describe, expect, it, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import type { ApiAnswer } from '../support/api-client.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { SIGNATURE } from '../support/profiles.ts';
import { type Answer, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const ALERTS = `${ACCOUNT}/alerts`;
const WEBHOOKS = `${ACCOUNT}/webhooks`;
const START = Date.parse('2026-03-13T14:30:00Z');
const ONCE = { retry: { schedule: [] } };

/** A wire format whose webhooks are given up on after three deliveries in a row. */
const STRICT = {
  name: 'strict',
  title: 'Strict',
  description: 'Three in a row and out.',
  profile: {
    body: 'event.data',
    signatures: [SIGNATURE],
    failing: { after: 3, actions: ['mark', 'alert', 'disable'] },
  },
};

async function setUp(kind: DatabaseKind, answer: Answer = 500, options: WaybillOptions = {}) {
  const clock = createTestClock(START);
  const { api, stop } = await startTestWaybill(kind, { clock, ...options });
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  const createWebhook = async (fields: object = {}): Promise<string> => {
    const { status, body } = await api.post(WEBHOOKS, {
      url: receiver.url,
      events: ['*'],
      ...ONCE,
      ...fields,
    });
    expect(status).toBe(201);
    return body.id;
  };
  const webhook = async (id: string) => (await api.get(`${WEBHOOKS}/${id}`)).body;
  const alerts = async (query = '') => (await api.get(`${ALERTS}?${query}`)).body.data;
  /** Publishes, waits until the webhook's delivery has ended, and returns its id. */
  const deliver = async (webhookId: string, status: string): Promise<string> => {
    const event = await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: {} });
    expect(event.status).toBe(202);
    const query = `eventId=${event.body.id}&webhookId=${webhookId}&status=${status}`;
    const ended = await eventually(
      async () => (await api.get(`${ACCOUNT}/deliveries?${query}`)).body.data[0],
    );
    return ended.id;
  };
  return { api, stop, clock, receiver, createWebhook, webhook, alerts, deliver };
}

const isoAt = (ms: number): string => new Date(START + ms).toISOString();

function expectProblem(answer: ApiAnswer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body?.code }).toEqual({ status, code });
}

describe.each(E2E_DATABASE_KINDS)('an alert on %s', (kind) => {
  it('is raised once for a webhook whose deliveries are given up, and counts them', async () => {
    const { clock, createWebhook, alerts, deliver } = await setUp(kind);
    const id = await createWebhook();
    expect(await alerts()).toEqual([]);
    const first = await deliver(id, 'failed');
    const [raised] = await alerts();
    expect(raised).toEqual({
      id: expect.stringMatching(/^alr_[0-9a-f]{32}$/),
      webhookId: id,
      kind: 'deliveries_failing',
      status: 'open',
      message: 'A delivery was given up after one attempt. The last one: answered 500 Internal Server Error.',
      params: { attempts: 1, deliveries: 1, failureCode: 'http_500', statusCode: 500 },
      deliveryId: first,
      occurrences: 1,
      createdAt: isoAt(0),
      lastAt: isoAt(0),
      acknowledgedAt: null,
      resolvedAt: null,
    });
    clock.advance(60_000);
    await deliver(id, 'failed');
    clock.advance(60_000);
    const last = await deliver(id, 'failed');
    expect(await alerts()).toEqual([{ ...raised, deliveryId: last, occurrences: 3, lastAt: isoAt(120_000) }]);
  });

  it('is raised only when a delivery has used up its retries, and tells of the last attempt', async () => {
    const { api, clock, receiver, createWebhook, alerts } = await setUp(kind);
    const id = await createWebhook({ retry: { schedule: [60, 60] } });
    await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: {} });
    for (const [attempt, status] of [500, 503, 404].entries()) {
      await receiver.waitFor(attempt + 1);
      await eventually(async () => {
        const { body } = await api.get(`${ACCOUNT}/deliveries?webhookId=${id}`);
        return body.data[0].attemptCount === attempt + 1;
      });
      if (status === 404) break;
      expect(await alerts()).toEqual([]);
      receiver.answer(attempt === 0 ? 503 : 404);
      clock.advance(60_000);
    }
    expect(await alerts()).toMatchObject([
      {
        message: 'A delivery was given up after 3 attempts. The last one: answered 404 Not Found.',
        occurrences: 1,
        createdAt: isoAt(120_000),
      },
    ]);
  });

  it('is resolved when a delivery arrives; what is given up later raises another', async () => {
    const { clock, receiver, createWebhook, alerts, deliver } = await setUp(kind);
    const id = await createWebhook();
    await deliver(id, 'failed');
    const [first] = await alerts();
    clock.advance(60_000);
    receiver.answer(204);
    await deliver(id, 'delivered');
    const resolved = { ...first, status: 'resolved', resolvedAt: isoAt(60_000) };
    expect(await alerts()).toEqual([resolved]);
    await deliver(id, 'delivered');
    receiver.answer(500);
    clock.advance(60_000);
    await deliver(id, 'failed');
    const all = await alerts();
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({ status: 'open', occurrences: 1, createdAt: isoAt(120_000) });
    expect(all[1]).toEqual(resolved);
  });

  it('is resolved when a delivery arrives, also where the profile does not mark webhooks as failing', async () => {
    const { receiver, createWebhook, webhook, alerts, deliver } = await setUp(kind);
    const id = await createWebhook({ profile: 'shopctrl' });
    await deliver(id, 'failed');
    await deliver(id, 'failed');
    expect(await alerts()).toMatchObject([{ status: 'open', occurrences: 2 }]);
    expect(await webhook(id)).toMatchObject({ status: 'active', health: 'healthy', failingSince: null });
    receiver.answer(200);
    await deliver(id, 'delivered');
    expect(await alerts()).toMatchObject([{ status: 'resolved', occurrences: 2 }]);
    receiver.answer(500);
    await deliver(id, 'failed');
    expect(await alerts('status=open')).toMatchObject([{ occurrences: 1 }]);
  });

  it('is acknowledged: it stays one, goes on counting, and says when it was seen first', async () => {
    const { api, clock, receiver, createWebhook, alerts, deliver } = await setUp(kind);
    const id = await createWebhook();
    await deliver(id, 'failed');
    const [{ id: alertId, ...raised }] = await alerts();
    clock.advance(60_000);
    const seen = await api.post(`${ALERTS}/${alertId}/acknowledge`);
    const acknowledged = { id: alertId, ...raised, status: 'acknowledged', acknowledgedAt: isoAt(60_000) };
    expect([seen.status, seen.body]).toEqual([200, acknowledged]);
    clock.advance(60_000);
    expect((await api.post(`${ALERTS}/${alertId}/acknowledge`)).body).toEqual(acknowledged);
    const last = await deliver(id, 'failed');
    const counted = { ...acknowledged, deliveryId: last, occurrences: 2, lastAt: isoAt(120_000) };
    expect(await alerts()).toEqual([counted]);
    receiver.answer(200);
    await deliver(id, 'delivered');
    expect((await api.get(`${ALERTS}/${alertId}`)).body).toEqual({
      ...counted,
      status: 'resolved',
      resolvedAt: isoAt(120_000),
    });
  });

  it('tells that a 410 has disabled a webhook, and is resolved when it is resumed', async () => {
    const { api, clock, receiver, createWebhook, webhook, alerts, deliver } = await setUp(kind, 410);
    const id = await createWebhook();
    const gone = await deliver(id, 'failed');
    expect(await webhook(id)).toMatchObject({ status: 'disabled', disabledReason: 'gone' });
    const [raised, ...others] = await alerts();
    expect(others).toEqual([]);
    expect(raised).toMatchObject({
      kind: 'webhook_disabled',
      status: 'open',
      message: 'The receiver answered 410 Gone: the webhook was disabled.',
      deliveryId: gone,
      occurrences: 1,
    });
    clock.advance(60_000);
    receiver.answer(200);
    expect((await api.post(`${WEBHOOKS}/${id}/resume`)).body.status).toBe('active');
    expect(await alerts()).toEqual([{ ...raised, status: 'resolved', resolvedAt: isoAt(60_000) }]);
  });

  it('of either kind is resolved when its webhook is deleted', async () => {
    const { api, clock, receiver, createWebhook, alerts, deliver } = await setUp(kind);
    const id = await createWebhook();
    await deliver(id, 'failed');
    receiver.answer(410);
    await deliver(id, 'failed');
    const open = await alerts('status=open');
    expect(open.map(({ kind: one }: { kind: string }) => one)).toEqual([
      'webhook_disabled',
      'deliveries_failing',
    ]);
    clock.advance(60_000);
    expect((await api.delete(`${WEBHOOKS}/${id}`)).status).toBe(204);
    expect(await alerts('status=open')).toEqual([]);
    expect(await alerts('status=resolved')).toEqual(
      open.map((one: object) => ({ ...one, status: 'resolved', resolvedAt: isoAt(60_000) })),
    );
  });
});

describe.each(E2E_DATABASE_KINDS)('a profile that gives up on a webhook after three on %s', (kind) => {
  async function startStrict(options: WaybillOptions = {}) {
    const setup = await setUp(kind, 500, options);
    expect((await setup.api.post('/v1/catalogs/strict/import', STRICT)).status).toBe(200);
    const id = await setup.createWebhook({ profile: 'strict' });
    const state = async () => {
      const { status, health, disabledReason } = await setup.webhook(id);
      return { status, health, disabledReason };
    };
    return { ...setup, id, state };
  }

  const UNTOUCHED = { status: 'active', health: 'healthy', disabledReason: null };
  const GIVEN_UP = { status: 'disabled', health: 'failing', disabledReason: 'failing' };

  it('does nothing after two, and what arrives begins the count anew', async () => {
    const { receiver, id, state, alerts, deliver } = await startStrict();
    for (let round = 1; round <= 2; round += 1) {
      await deliver(id, 'failed');
      await deliver(id, 'failed');
      expect([round, await state(), await alerts()]).toEqual([round, UNTOUCHED, []]);
      receiver.answer(200);
      await deliver(id, 'delivered');
      receiver.answer(500);
    }
    await deliver(id, 'failed');
    await deliver(id, 'failed');
    expect([await state(), await alerts()]).toEqual([UNTOUCHED, []]);
    await deliver(id, 'failed');
    expect(await state()).toEqual(GIVEN_UP);
  });

  it('disables it at the third, with an alert of each kind, and cancels the rest', async () => {
    const { api, clock, receiver, id, state, webhook, alerts, deliver } = await startStrict();
    // One that waits for its next attempt when the others are given up.
    await api.patch(`${WEBHOOKS}/${id}`, { retry: { schedule: [3600] } });
    const waiting = await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: {} });
    const rest = async () => {
      const { body } = await api.get(`${ACCOUNT}/deliveries?eventId=${waiting.body.id}`);
      return body.data[0];
    };
    await eventually(async () => (await rest()).attemptCount === 1);
    await api.patch(`${WEBHOOKS}/${id}`, ONCE);
    await deliver(id, 'failed');
    await deliver(id, 'failed');
    clock.advance(60_000);
    const third = await deliver(id, 'failed');
    expect(await state()).toEqual(GIVEN_UP);
    expect((await webhook(id)).failingSince).toBe(isoAt(60_000));
    const cause =
      'A delivery was given up after one attempt. The last one: answered 500 Internal Server Error.';
    const common = { webhookId: id, status: 'open', deliveryId: third, createdAt: isoAt(60_000) };
    expect(await alerts()).toMatchObject([
      { ...common, kind: 'webhook_disabled', message: `${cause} The webhook was disabled.`, occurrences: 1 },
      { ...common, kind: 'deliveries_failing', message: cause },
    ]);
    await eventually(async () => (await rest()).status === 'cancelled');
    expect(await rest()).toMatchObject({ statusReason: 'webhook_disabled', attemptCount: 1 });
    const published = await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: {} });
    expect(published.body.deliveries).toBe(0);
    expect(receiver.requests).toHaveLength(4);
  });

  it.each([
    ['resuming it', 'POST', '/resume', undefined],
    ['setting its status', 'PATCH', '', { status: 'active' }],
  ])('begins the count anew, and resolves its alerts, by %s', async (_how, method, path, body) => {
    const { api, clock, id, state, alerts, deliver } = await startStrict();
    for (let count = 1; count <= 3; count += 1) await deliver(id, 'failed');
    expect(await state()).toEqual(GIVEN_UP);
    clock.advance(60_000);
    const enabled = await api.request(method, `${WEBHOOKS}/${id}${path}`, body);
    expect([enabled.status, enabled.body.status]).toEqual([200, 'active']);
    expect(await alerts('status=open')).toEqual([]);
    expect(await alerts('status=resolved')).toMatchObject(Array(2).fill({ resolvedAt: isoAt(60_000) }));
    await deliver(id, 'failed');
    await deliver(id, 'failed');
    expect((await state()).status).toBe('active');
    expect(await alerts('status=open')).toEqual([]);
    await deliver(id, 'failed');
    expect(await state()).toEqual(GIVEN_UP);
    expect(await alerts('status=open')).toHaveLength(2);
  });

  it('counts on where a stopped process has left off', async () => {
    const database = await createTestDatabase(kind);
    const first = await startStrict(database);
    await first.deliver(first.id, 'failed');
    await first.deliver(first.id, 'failed');
    await first.stop();
    const { webhook, deliver, alerts } = await setUp(kind, 500, database);
    await deliver(first.id, 'failed');
    expect(await webhook(first.id)).toMatchObject(GIVEN_UP);
    expect(await alerts('status=open')).toHaveLength(2);
  });

  it('begins the count anew also with what arrives after a restart', async () => {
    const database = await createTestDatabase(kind);
    const first = await startStrict(database);
    await first.deliver(first.id, 'failed');
    await first.deliver(first.id, 'failed');
    await first.stop();
    const { receiver, webhook, deliver, alerts } = await setUp(kind, 200, database);
    first.receiver.answer(200);
    await deliver(first.id, 'delivered');
    first.receiver.answer(500);
    await deliver(first.id, 'failed');
    await deliver(first.id, 'failed');
    expect(await webhook(first.id)).toMatchObject(UNTOUCHED);
    expect(await alerts()).toEqual([]);
    expect(receiver.requests).toEqual([]);
  });

  it('counts each of those that are given up at the same moment', async () => {
    const { api, receiver, id, state, alerts } = await startStrict();
    const release = Promise.withResolvers<void>();
    receiver.answer(async () => {
      await release.promise;
      return 500;
    });
    const events = Array.from({ length: 5 }, () => ({ type: 'order.created', data: {} }));
    await api.post(`${ACCOUNT}/events`, { events });
    await receiver.waitFor(5);
    release.resolve();
    await eventually(async () => (await state()).status === 'disabled');
    const ended = async () => (await api.get(`${ACCOUNT}/deliveries?webhookId=${id}`)).body.data;
    await eventually(async () =>
      (await ended()).every(({ status }: { status: string }) => status !== 'pending'),
    );
    expect(await state()).toEqual(GIVEN_UP);
    expect((await alerts()).map(({ kind: one }: { kind: string }) => one).sort()).toEqual([
      'deliveries_failing',
      'webhook_disabled',
    ]);
  });
});

describe('alerts', () => {
  it('are one for each webhook and kind, listed newest first, by status and webhook, and paged', async () => {
    const { api, receiver, createWebhook, alerts } = await setUp('postgres');
    const ids: string[] = [];
    for (let number = 0; number < 3; number += 1) {
      ids.push(await createWebhook({ url: `${receiver.url}${number}`, events: [`order.n${number}`] }));
    }
    for (const [number, id] of ids.entries()) {
      await api.post(`${ACCOUNT}/events`, { type: `order.n${number}`, data: {} });
      await eventually(async () => (await alerts(`webhookId=${id}`)).length === 1);
    }
    const webhooksOf = async (query = '') =>
      (await alerts(query)).map(({ webhookId }: { webhookId: string }) => webhookId);
    expect(await webhooksOf()).toEqual(ids.toReversed());
    const [second] = await alerts(`webhookId=${ids[1]}`);
    await api.post(`${ALERTS}/${second.id}/acknowledge`);
    expect(await webhooksOf('status=open')).toEqual([ids[2], ids[0]]);
    expect(await webhooksOf('status=acknowledged')).toEqual([ids[1]]);
    expect(await webhooksOf('status=resolved')).toEqual([]);
    expect(await webhooksOf(`status=open&webhookId=${ids[1]}`)).toEqual([]);
    expect(await webhooksOf(`webhookId=wh_${'0'.repeat(32)}`)).toEqual([]);
    const pages: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await api.get(`${ALERTS}?limit=1${cursor && `&cursor=${cursor}`}`);
      pages.push(...body.data.map(({ webhookId }: { webhookId: string }) => webhookId));
      cursor = body.nextCursor;
    }
    expect(pages).toEqual(ids.toReversed());
    expectProblem(await api.get(`${ALERTS}?status=closed`), 400, 'validation_failed');
  });

  it('are of one account: to the key of another they are not there', async () => {
    const { api, createWebhook, alerts, deliver } = await setUp('postgres');
    const id = await createWebhook();
    await deliver(id, 'failed');
    const [alert] = await alerts();
    const keyOf = async (account: string) =>
      api.withKey((await api.post(`/v1/accounts/${account}/keys`)).body.key);
    const [mine, theirs] = [await keyOf('acme'), await keyOf('other')];
    expect((await mine.get(ALERTS)).body.data).toEqual([alert]);
    expect((await mine.get(`${ALERTS}/${alert.id}`)).body).toEqual(alert);
    for (const account of ['acme', 'other']) {
      const base = `/v1/accounts/${account}/alerts/${alert.id}`;
      expectProblem(await theirs.get(base), 404, 'not_found');
      expectProblem(await theirs.post(`${base}/acknowledge`), 404, 'not_found');
    }
    expectProblem(await theirs.get(ALERTS), 404, 'not_found');
    expect((await theirs.get('/v1/accounts/other/alerts')).body).toEqual({ data: [], nextCursor: null });
    expect((await theirs.get(`/v1/accounts/other/alerts?webhookId=${id}`)).body.data).toEqual([]);
    expect(await alerts()).toEqual([alert]);
    expect((await mine.post(`${ALERTS}/${alert.id}/acknowledge`)).body.status).toBe('acknowledged');
  });

  it('that there are not are not there', async () => {
    const { api } = await setUp('postgres');
    for (const id of [`alr_${'0'.repeat(32)}`, 'alr_x', `wh_${'0'.repeat(32)}`, 'x']) {
      expectProblem(await api.get(`${ALERTS}/${id}`), 404, 'not_found');
      expectProblem(await api.post(`${ALERTS}/${id}/acknowledge`), 404, 'not_found');
    }
  });

  it('are not raised by what somebody does by hand, nor by one attempt that fails', async () => {
    const { api, receiver, createWebhook, alerts } = await setUp('postgres');
    const id = await createWebhook({ retry: { schedule: [60] } });
    await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: {} });
    await receiver.waitFor(1);
    const only = async () => (await api.get(`${ACCOUNT}/deliveries`)).body.data[0];
    await eventually(async () => (await only()).attemptCount === 1);
    await api.patch(`${WEBHOOKS}/${id}`, { status: 'disabled' });
    await eventually(async () => (await only()).status === 'cancelled');
    expect(await alerts()).toEqual([]);
  });
});
