import type http from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock } from '../support/clock.ts';
import { DATABASE_KINDS, type DatabaseKind } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';

async function setUp(kind: DatabaseKind, answer: Answer = 200, options: WaybillOptions = {}) {
  const clock = createTestClock();
  const { api, waybill } = await startTestWaybill(kind, { clock, ...options });
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  const createWebhook = async (fields: object = {}) =>
    (await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], ...fields })).body;
  const webhook = async (id: string) => (await api.get(`${ACCOUNT}/webhooks/${id}`)).body;
  /** The id of the event. */
  const publish = async (type = 'order.created'): Promise<string> =>
    (await api.post(`${ACCOUNT}/events`, { type, data: {} })).body.id;
  /** Oldest first. */
  const deliveries = async (webhookId: string) =>
    (await api.get(`${ACCOUNT}/deliveries?limit=100&webhookId=${webhookId}`)).body.data.reverse();
  const delivery = async (id: string) => (await api.get(`${ACCOUNT}/deliveries/${id}`)).body;
  const act = (id: string, action: 'retry' | 'cancel') => api.post(`${ACCOUNT}/deliveries/${id}/${action}`);
  const attempted = (id: string, count: number) =>
    eventually(async () => {
      const seen = await delivery(id);
      // The row and its attempts are read one after the other.
      return seen.attempts.length === count && seen.attemptCount === count && seen;
    });
  return {
    api,
    waybill,
    clock,
    receiver,
    createWebhook,
    webhook,
    publish,
    deliveries,
    delivery,
    act,
    attempted,
  };
}

type SetUp = Awaited<ReturnType<typeof setUp>>;

/** Lets requests wait for their answers. */
function createGate() {
  const waiting: http.ServerResponse[] = [];
  return {
    answer: ((_, response) => void waiting.push(response)) satisfies Answer,
    open: (status: number) => {
      for (const response of waiting.splice(0)) response.writeHead(status).end();
    },
  };
}

/** Answers with the status the path names: /500. Without one, 200. */
const byPath: Answer = (request) => Number(request.path.slice(1)) || 200;

/** One delivery in each state, by its state. */
async function oneOfEach(setup: SetUp): Promise<Record<string, string>> {
  const { api, waybill, receiver, createWebhook, deliveries, publish, act, attempted } = setup;
  const webhooks: Record<string, string> = {
    pending: (await createWebhook({ url: `${receiver.url}500`, retry: { schedule: [60] } })).id,
    delivered: (await createWebhook({ url: `${receiver.url}200` })).id,
    failed: (await createWebhook({ url: `${receiver.url}500`, retry: { schedule: [] } })).id,
    cancelled: (await createWebhook({ status: 'paused' })).id,
    superseded: (await createWebhook({ status: 'paused' })).id,
  };
  await publish();
  const ids: Record<string, string> = {};
  for (const [state, id] of Object.entries(webhooks)) ids[state] = (await deliveries(id))[0].id;
  for (const state of ['pending', 'delivered', 'failed']) await attempted(ids[state] as string, 1);
  await act(ids.cancelled as string, 'cancel');
  await api.post(`${ACCOUNT}/webhooks/${webhooks.cancelled}/resume`);
  // Nothing supersedes a delivery yet; the state is there.
  await waybill.transaction((tx) =>
    tx.query(
      `update waybill.deliveries set status = 'superseded', due_at = null, settled_at = now()
       where replace(id::text, '-', '') = $1`,
      [(ids.superseded as string).slice('dlv_'.length)],
    ),
  );
  for (const [state, id] of Object.entries(ids)) expect((await setup.delivery(id)).status).toBe(state);
  return ids;
}

describe.each(DATABASE_KINDS)('the states of a delivery on %s', (kind) => {
  it('an edge that does not exist is refused with 409 and changes nothing', async () => {
    const setup = await setUp(kind, byPath);
    const ids = await oneOfEach(setup);
    const refused: [from: string, action: 'retry' | 'cancel', code: string][] = [
      ['pending', 'retry', 'delivery_not_retryable'],
      ['delivered', 'retry', 'delivery_not_retryable'],
      ['superseded', 'retry', 'delivery_not_retryable'],
      ['delivered', 'cancel', 'delivery_not_cancellable'],
      ['failed', 'cancel', 'delivery_not_cancellable'],
      ['cancelled', 'cancel', 'delivery_not_cancellable'],
      ['superseded', 'cancel', 'delivery_not_cancellable'],
    ];
    const before = setup.receiver.requests.length;
    for (const [from, action, code] of refused) {
      const id = ids[from] as string;
      const was = await setup.delivery(id);
      const { status, body } = await setup.act(id, action);
      expect([from, action, status, body.code]).toEqual([from, action, 409, code]);
      expect(await setup.delivery(id)).toEqual(was);
    }
    expect(setup.receiver.requests).toHaveLength(before);
  });

  it('pending is cancelled on request, and is not sent when its time comes', async () => {
    const setup = await setUp(kind, byPath);
    const { clock, act, delivery, receiver, publish } = setup;
    const id = (await oneOfEach(setup)).pending as string;
    const { status, body } = await act(id, 'cancel');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'cancelled', statusReason: 'request', nextAttemptAt: null });
    expect(body.settledAt).toBe(new Date(clock.now()).toISOString());
    const count = receiver.requests.length;
    const { eventId } = await delivery(id);
    clock.advance(60_000);
    await publish();
    await receiver.waitFor(count + 3);
    const again = receiver.requests
      .slice(count)
      .filter((request) => request.headers['webhook-id'] === eventId);
    expect(again).toEqual([]);
    expect((await delivery(id)).attempts).toHaveLength(1);
  });

  it.each(['failed', 'cancelled'])('%s becomes pending when it is retried, and is sent', async (state) => {
    const setup = await setUp(kind, byPath);
    const id = (await oneOfEach(setup))[state] as string;
    setup.receiver.answer(200);
    const { status, body } = await setup.act(id, 'retry');
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: expect.stringMatching(/pending|delivered/), statusReason: null });
    const number = state === 'failed' ? 2 : 1;
    const delivered = await setup.attempted(id, number);
    expect(delivered).toMatchObject({ status: 'delivered', attemptCount: number, lastStatusCode: 200 });
    expect(delivered.attempts.at(-1)).toMatchObject({ number, outcome: 'delivered' });
  });

  it('a failed attempt leaves it pending and due later; a manual retry begins the schedule anew, not the numbers', async () => {
    const { clock, createWebhook, publish, deliveries, act, attempted } = await setUp(kind, 500);
    const { id: webhookId } = await createWebhook({ retry: { schedule: [10] } });
    await publish();
    const { id } = (await deliveries(webhookId))[0];
    const due = () => new Date(clock.now() + 10_000).toISOString();
    for (const first of [1, 3]) {
      const waiting = await attempted(id, first);
      expect(waiting).toMatchObject({ status: 'pending', settledAt: null, nextAttemptAt: due() });
      clock.advance(10_000);
      const failed = await attempted(id, first + 1);
      expect(failed).toMatchObject({ status: 'failed', statusReason: 'exhausted', nextAttemptAt: null });
      if (first === 1) expect((await act(id, 'retry')).status).toBe(202);
      else expect(failed.attempts.map((one: { number: number }) => one.number)).toEqual([1, 2, 3, 4]);
    }
  });

  it.each([200, 500])(
    'cancelled while a request is in flight that ends with %i, it stays cancelled',
    async (status) => {
      const { clock, receiver, createWebhook, publish, deliveries, act, attempted } = await setUp(kind);
      const gate = createGate();
      receiver.answer(gate.answer);
      const { id: webhookId } = await createWebhook({ retry: { schedule: [10] } });
      await publish();
      await receiver.waitFor(1);
      const { id } = (await deliveries(webhookId))[0];
      expect((await act(id, 'cancel')).body.status).toBe('cancelled');
      gate.open(status);
      const after = await attempted(id, 1);
      expect(after).toMatchObject({ status: 'cancelled', statusReason: 'request', nextAttemptAt: null });
      expect(after.attempts[0]).toMatchObject({ number: 1, statusCode: status });
      receiver.answer(200);
      clock.advance(10_000);
      const next = await publish();
      const requests = await receiver.waitFor(2);
      expect(requests[1]?.headers['webhook-id']).toBe(next);
    },
  );

  it('a retry asked for while the request of the cancelled delivery is still in flight is sent', async () => {
    const { clock, receiver, createWebhook, publish, deliveries, act, attempted } = await setUp(kind);
    const gate = createGate();
    receiver.answer(gate.answer);
    const { id: webhookId } = await createWebhook({ retry: { schedule: [] } });
    await publish();
    await receiver.waitFor(1);
    const { id } = (await deliveries(webhookId))[0];
    await act(id, 'cancel');
    clock.advance(1_000);
    expect((await act(id, 'retry')).status).toBe(202);
    receiver.answer(200);
    gate.open(500);
    await receiver.waitFor(2);
    expect((await attempted(id, 2)).status).toBe('delivered');
  });

  it('a retry is refused while the webhook is disabled, waits while it is paused, and ends with its deletion', async () => {
    const { api, receiver, createWebhook, publish, deliveries, delivery, act, attempted } = await setUp(
      kind,
      500,
    );
    const { id: webhookId } = await createWebhook({ retry: { schedule: [] } });
    await publish();
    const { id } = (await deliveries(webhookId))[0];
    const failed = await attempted(id, 1);
    await api.patch(`${ACCOUNT}/webhooks/${webhookId}`, { status: 'disabled' });
    expect((await act(id, 'retry')).body.code).toBe('webhook_disabled');
    expect(await delivery(id)).toEqual(failed);

    await api.patch(`${ACCOUNT}/webhooks/${webhookId}`, { status: 'paused' });
    expect((await act(id, 'retry')).status).toBe(202);
    expect(await delivery(id)).toMatchObject({ status: 'pending', attemptCount: 1 });
    await api.post(`${ACCOUNT}/webhooks/${webhookId}/resume`);
    expect((await attempted(id, 2)).status).toBe('failed');

    await api.delete(`${ACCOUNT}/webhooks/${webhookId}`);
    const { status, body } = await act(id, 'retry');
    expect([status, body.code]).toEqual([409, 'webhook_deleted']);
    expect(receiver.requests).toHaveLength(2);
  });
});

type WebhookState = { status: string; disabledReason: string | null };
const ACTIVE: WebhookState = { status: 'active', disabledReason: null };
const PAUSED: WebhookState = { status: 'paused', disabledReason: null };
const DISABLED: WebhookState = { status: 'disabled', disabledReason: 'request' };
const GONE: WebhookState = { status: 'disabled', disabledReason: 'gone' };

const WEBHOOK_EDGES: [from: WebhookState, action: string | object, to: WebhookState | 409][] = [
  [ACTIVE, 'pause', PAUSED],
  [ACTIVE, 'resume', ACTIVE],
  [ACTIVE, { status: 'active' }, ACTIVE],
  [ACTIVE, { status: 'paused' }, PAUSED],
  [ACTIVE, { status: 'disabled' }, DISABLED],
  [ACTIVE, { name: 'x' }, ACTIVE],
  [ACTIVE, 'answers 410', GONE],
  [PAUSED, 'pause', PAUSED],
  [PAUSED, 'resume', ACTIVE],
  [PAUSED, { status: 'active' }, ACTIVE],
  [PAUSED, { status: 'paused' }, PAUSED],
  [PAUSED, { status: 'disabled' }, DISABLED],
  [PAUSED, { name: 'x' }, PAUSED],
  [DISABLED, 'pause', 409],
  [DISABLED, 'resume', ACTIVE],
  [DISABLED, { status: 'active' }, ACTIVE],
  [DISABLED, { status: 'paused' }, PAUSED],
  [DISABLED, { status: 'disabled' }, DISABLED],
  [DISABLED, { name: 'x' }, DISABLED],
  [GONE, 'pause', 409],
  [GONE, 'resume', ACTIVE],
  [GONE, { status: 'active' }, ACTIVE],
  [GONE, { status: 'paused' }, PAUSED],
  [GONE, { status: 'disabled' }, GONE],
  [GONE, { name: 'x' }, GONE],
];

describe.each(DATABASE_KINDS)('the states of a webhook on %s', (kind) => {
  it('every edge leads where it should, and every webhook but a disabled one gets new deliveries', async () => {
    const { api, receiver, createWebhook, webhook, deliveries } = await setUp(kind, byPath);
    const answer410 = async (id: string) => {
      await api.patch(`${ACCOUNT}/webhooks/${id}`, { url: `${receiver.url}410` });
      await api.post(`${ACCOUNT}/webhooks/${id}/test`);
      await eventually(async () => (await webhook(id)).status === 'disabled');
    };
    for (const [from, action, to] of WEBHOOK_EDGES) {
      const status = from === GONE ? 'active' : from.status;
      const { id } = await createWebhook({ url: `${receiver.url}200`, status });
      if (from === GONE) await answer410(id);
      const before = await webhook(id);
      expect(before).toMatchObject(from);
      if (action === 'answers 410') {
        await answer410(id);
      } else {
        const path = `${ACCOUNT}/webhooks/${id}`;
        const answer =
          typeof action === 'string' ? await api.post(`${path}/${action}`) : await api.patch(path, action);
        expect([from, action, answer.status]).toEqual([from, action, to === 409 ? 409 : 200]);
        if (to === 409) expect(answer.body.code).toBe('webhook_disabled');
        else expect([from, action, answer.body]).toMatchObject([from, action, to]);
      }
      const after = await webhook(id);
      if (to === 409) expect(after).toEqual(before);
      else expect([from, action, after]).toMatchObject([from, action, to]);
      // Where it leads would answer 410 to what is sent from here on, and end it in the middle.
      if (from === GONE) await api.patch(`${ACCOUNT}/webhooks/${id}`, { url: `${receiver.url}200` });
      const had = (await deliveries(id)).length;
      const tested = await api.post(`${ACCOUNT}/webhooks/${id}/test`);
      expect(tested.status).toBe(after.status === 'disabled' ? 409 : 202);
      const { body } = await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: {} });
      expect(body.deliveries).toBe(after.status === 'disabled' ? 0 : 1);
      expect(await deliveries(id)).toHaveLength(after.status === 'disabled' ? had : had + 2);
      await api.delete(`${ACCOUNT}/webhooks/${id}`);
    }
  });

  it('a deleted webhook takes no more action: everything is 404', async () => {
    const { api, createWebhook, publish } = await setUp(kind);
    const { id } = await createWebhook();
    const path = `${ACCOUNT}/webhooks/${id}`;
    expect((await api.delete(path)).status).toBe(204);
    const answers = [
      await api.get(path),
      await api.patch(path, { status: 'active' }),
      await api.post(`${path}/pause`),
      await api.post(`${path}/resume`),
      await api.post(`${path}/test`),
      await api.post(`${path}/secret/rotate`),
      await api.delete(path),
    ];
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 404));
    expect((await api.get(`${ACCOUNT}/webhooks`)).body.data).toEqual([]);
    await publish();
    expect((await api.get(`${ACCOUNT}/deliveries`)).body.data).toEqual([]);
  });

  it('deliveries of a paused webhook wait, and resuming sends them in the order they fell due', async () => {
    const dispatch = { maxConcurrencyPerWebhook: 1 };
    const { api, clock, receiver, createWebhook, publish, deliveries, act } = await setUp(kind, 200, {
      dispatch,
    });
    const { id } = await createWebhook();
    await createWebhook({ url: `${receiver.url}other` });
    await api.post(`${ACCOUNT}/webhooks/${id}/pause`);
    const events: string[] = [];
    for (let number = 0; number < 5; number += 1) {
      clock.advance(1_000);
      events.push(await publish());
    }
    clock.advance(1_000);
    // Sent again by hand, the first falls due last.
    const [first] = await deliveries(id);
    await act(first.id, 'cancel');
    await act(first.id, 'retry');
    const requests = await receiver.waitFor(5);
    expect(requests.map((request) => request.path)).toEqual(Array(5).fill('/other'));
    expect(await deliveries(id)).toMatchObject(Array(5).fill({ status: 'pending', attemptCount: 0 }));

    await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
    const all = await receiver.waitFor(10);
    const [oldest, ...rest] = events;
    expect(all.slice(5).map((request) => request.headers['webhook-id'])).toEqual([...rest, oldest]);
  });

  it('a request in flight when the webhook is paused counts, and its retry waits', async () => {
    const { api, clock, receiver, createWebhook, publish, deliveries, attempted } = await setUp(kind);
    const gate = createGate();
    receiver.answer(gate.answer);
    const { id } = await createWebhook({ retry: { schedule: [10] } });
    const other = await createWebhook({ url: `${receiver.url}other`, events: ['other'] });
    await publish();
    await receiver.waitFor(1);
    await api.post(`${ACCOUNT}/webhooks/${id}/pause`);
    gate.open(500);
    const [{ id: deliveryId }] = await deliveries(id);
    expect(await attempted(deliveryId, 1)).toMatchObject({ status: 'pending' });
    receiver.answer(200);
    clock.advance(10_000);
    await publish('other');
    await attempted((await deliveries(other.id))[0].id, 1);
    expect(receiver.requests.map((request) => request.path)).toEqual(['/', '/other']);
    await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
    await eventually(async () =>
      (await deliveries(id)).every((one: { status: string }) => one.status === 'delivered'),
    );
  });

  it.each([
    ['disabled', 'webhook_disabled'],
    ['deleted', 'webhook_deleted'],
  ])(
    'when a webhook is %s what is pending is cancelled (%s), and nothing else',
    async (how, statusReason) => {
      const { api, clock, receiver, createWebhook, publish, deliveries, attempted } = await setUp(
        kind,
        byPath,
      );
      const { id } = await createWebhook({ url: `${receiver.url}500`, retry: { schedule: [10, 10] } });
      const other = await createWebhook({ url: `${receiver.url}503`, retry: { schedule: [10, 10] } });
      await api.patch(`${ACCOUNT}/webhooks/${id}`, { url: `${receiver.url}200` });
      await publish();
      await attempted((await deliveries(id))[0].id, 1);
      await api.patch(`${ACCOUNT}/webhooks/${id}`, { url: `${receiver.url}500` });
      await publish();
      await attempted((await deliveries(id))[1].id, 1);
      for (const one of await deliveries(other.id)) await attempted(one.id, 1);
      const [delivered] = await deliveries(id);
      const before = await deliveries(other.id);

      if (how === 'deleted') await api.delete(`${ACCOUNT}/webhooks/${id}`);
      else await api.patch(`${ACCOUNT}/webhooks/${id}`, { status: 'disabled' });
      const [first, second] = await deliveries(id);
      expect(first).toEqual(delivered);
      expect(second).toMatchObject({
        status: 'cancelled',
        statusReason,
        nextAttemptAt: null,
        attemptCount: 1,
      });
      expect(second.settledAt).toBe(new Date(clock.now()).toISOString());
      expect(await deliveries(other.id)).toEqual(before);

      clock.advance(10_000);
      for (const one of before) await attempted(one.id, 2);
      expect(receiver.requests.filter((request) => request.path === '/500')).toHaveLength(1);
      expect((await attempted(second.id, 1)).attempts[0].statusCode).toBe(500);
    },
  );

  it('a 410 disables the webhook and cancels the rest of its queue, while other webhooks go on', async () => {
    const dispatch = { maxConcurrencyPerWebhook: 1 };
    const setup = await setUp(kind, byPath, { dispatch });
    const { api, receiver, createWebhook, webhook, publish, deliveries, act, attempted } = setup;
    const { id } = await createWebhook({ url: `${receiver.url}410`, status: 'paused' });
    const other = await createWebhook({ url: `${receiver.url}200`, status: 'paused' });
    for (let number = 0; number < 5; number += 1) await publish();
    await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
    await api.post(`${ACCOUNT}/webhooks/${other.id}/resume`);
    await eventually(async () => (await webhook(id)).status === 'disabled');
    expect(await webhook(id)).toMatchObject({ disabledReason: 'gone', health: 'failing' });
    // Cancelled right after the webhook is disabled, in portions.
    await eventually(async () =>
      (await deliveries(id)).every((one: { status: string }) => one.status !== 'pending'),
    );
    const [first, ...rest] = await deliveries(id);
    expect(first).toMatchObject({ status: 'failed', statusReason: 'gone', lastStatusCode: 410 });
    expect(rest).toMatchObject(Array(4).fill({ status: 'cancelled', statusReason: 'webhook_disabled' }));
    const goneRequests = () => receiver.requests.filter((request) => request.path === '/410');
    expect(goneRequests()).toHaveLength(1);
    await eventually(async () =>
      (await deliveries(other.id)).every((one: { status: string }) => one.status === 'delivered'),
    );
    expect(await webhook(other.id)).toMatchObject({ status: 'active', health: 'healthy' });

    const { body } = await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: {} });
    expect(body.deliveries).toBe(1);
    expect(await deliveries(id)).toHaveLength(5);

    receiver.answer(200);
    await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
    await publish();
    await eventually(async () => (await webhook(id)).health === 'healthy');
    expect(goneRequests()).toHaveLength(2);
    expect((await act(rest[0].id, 'retry')).status).toBe(202);
    expect((await attempted(rest[0].id, 1)).status).toBe('delivered');
    expect(goneRequests()).toHaveLength(3);
  });
});

interface Row {
  readonly [column: string]: string | null;
}

const SOME_USER = 'coalesce((select id from waybill.users limit 1), gen_random_uuid())';

/** SQL expressions of rows that are fine as they are. */
const FINE: Record<string, Row> = {
  accounts: { id: `'other'` },
  webhooks: {
    id: 'gen_random_uuid()',
    account_id: `'acme'`,
    name: `'n'`,
    url: `'https://x.example/'`,
    events: `array['*']`,
    timeout_ms: '1000',
    lane: '0',
  },
  events: {
    id: 'gen_random_uuid()',
    account_id: `'acme'`,
    type: `'x'`,
    occurred_at: 'now()',
    received_at: 'now()',
    data: `'{}'`,
  },
  deliveries: {
    id: 'gen_random_uuid()',
    account_id: `'acme'`,
    webhook_id: 'gen_random_uuid()',
    event_id: 'gen_random_uuid()',
    due_at: 'now()',
  },
  attempts: {
    id: 'gen_random_uuid()',
    account_id: `'acme'`,
    delivery_id: 'gen_random_uuid()',
    number: '1',
    started_at: 'now()',
    duration_ms: '1',
    url: `'https://x.example/'`,
    outcome: `'delivered'`,
  },
  idempotency_keys: {
    account_id: `'acme'`,
    key: 'gen_random_uuid()::text',
    request_hash: `sha256('x')`,
    answer: `'[]'`,
    created_at: 'now()',
  },
  lanes: { lane: '63' },
  webhook_credentials: {
    webhook_id: 'coalesce((select id from waybill.webhooks limit 1), gen_random_uuid())',
    kind: `'auth'`,
    key_id: `'k'`,
    sealed: `sha256('x')`,
    view: `'{}'`,
  },
  presets: { name: `'acme'` },
  event_types: { name: `'order.created'`, document: `'{}'` },
  event_type_deprecations: { preset: `'acme'`, name: `'order.created'`, deprecated: 'true' },
  replays: {
    id: 'gen_random_uuid()',
    account_id: `'acme'`,
    webhook_id: 'coalesce((select id from waybill.webhooks limit 1), gen_random_uuid())',
    from_time: 'now()',
    until_time: 'now()',
    total: '1',
    next_at: 'now()',
    created_at: 'now()',
  },
  channels: { account_id: `'acme'`, name: `'web'` },
  named_channels: { account_id: `'acme'`, name: `'web'`, named_at: 'now()' },
  daily_usage: { account_id: `'acme'`, day: `'2026-03-13'`, part: 'gen_random_uuid()', events: '1' },
  alerts: {
    id: 'gen_random_uuid()',
    account_id: `'acme'`,
    webhook_id: 'coalesce((select id from waybill.webhooks limit 1), gen_random_uuid())',
    kind: `'webhook_disabled'`,
    message: `'m'`,
    delivery_id: 'gen_random_uuid()',
    created_at: 'now()',
    last_at: 'now()',
  },
  alert_recipients: {
    id: 'gen_random_uuid()',
    account_id: `'acme'`,
    email: `'ops@acme.example'`,
    created_at: 'now()',
  },
  users: {
    id: 'gen_random_uuid()',
    email: `'anna@shop.example'`,
    name: `'Anna'`,
    created_at: 'now()',
    updated_at: 'now()',
  },
  user_credentials: {
    id: 'gen_random_uuid()',
    user_id: SOME_USER,
    provider_id: `'credential'`,
    account_id: `'x'`,
    password: `repeat('x', 64)`,
    created_at: 'now()',
    updated_at: 'now()',
  },
  user_sessions: {
    id: 'gen_random_uuid()',
    user_id: SOME_USER,
    token_hash: `sha256('x')`,
    created_at: 'now()',
    updated_at: 'now()',
    expires_at: 'now()',
  },
  user_roles: { user_id: SOME_USER, account_id: `'acme'`, role: `'viewer'`, created_at: 'now()' },
  invitations: {
    id: 'gen_random_uuid()',
    email: `'anna@shop.example'`,
    role: `'viewer'`,
    token_hash: `sha256('x')`,
    invited_by: `'x'`,
    created_at: 'now()',
    expires_at: `now() + interval '1 day'`,
  },
  owner_link: { token_hash: `sha256('x')`, created_at: 'now()' },
  portal_links: {
    id: 'gen_random_uuid()',
    account_id: `'acme'`,
    role: `'admin'`,
    token_hash: `sha256('x')`,
    session_seconds: '60',
    created_at: 'now()',
    expires_at: `now() + interval '1 hour'`,
  },
  portal_sessions: {
    token_hash: `sha256('x')`,
    link_id: 'coalesce((select id from waybill.portal_links limit 1), gen_random_uuid())',
    created_at: 'now()',
    expires_at: `now() + interval '1 hour'`,
  },
  attempt_statistics: {
    account_id: `'acme'`,
    bucket_at: `'2026-03-13T14:30:00Z'`,
    webhook_id: 'gen_random_uuid()',
    node_id: 'gen_random_uuid()',
    delivered: '1',
    failed: '0',
    durations: `array_fill(0, array[13])`,
    last_attempt_at: 'now()',
  },
  sign_in_attempts: { key: `sha256('x')`, window_started_at: 'now()', attempts: '1' },
  audit_log: {
    id: 'gen_random_uuid()',
    at: 'now()',
    actor_kind: `'key'`,
    actor_id: `'x'`,
    actor_name: `'x'`,
    action: `'webhook.secret-rotated'`,
    target_kind: `'webhook'`,
    target_id: `'x'`,
  },
};

const BATCH: Row = { batch_max_items: '1', batch_max_wait_ms: '1' };
const ended: Row = { due_at: null, settled_at: 'now()' };
const disabled: Row = {
  status: `'disabled'`,
  disabled_reason: `'gone'`,
  disabled_at: 'now()',
  missed_since: 'now()',
};
const IMPOSSIBLE: [table: string, constraint: string, change: Row][] = [
  ['events', 'events_type_length', { type: `''` }],
  ['events', 'events_type_length', { type: `repeat('x', 129)` }],
  ['events', 'events_subject_length', { subject: `''` }],
  ['events', 'events_subject_length', { subject: `repeat('x', 257)` }],
  ['events', 'events_channel_length', { channel: `repeat('x', 129)` }],
  ['deliveries', 'deliveries_status_known', { status: `'lost'`, ...ended }],
  ['deliveries', 'deliveries_pending_is_due', { due_at: null }],
  ['deliveries', 'deliveries_pending_is_due', { status: `'cancelled'`, settled_at: 'now()' }],
  ['deliveries', 'deliveries_ended_is_settled', { settled_at: 'now()' }],
  ['deliveries', 'deliveries_ended_is_settled', { status: `'cancelled'`, due_at: null }],
  ['deliveries', 'deliveries_sent_was_tried', { status: `'delivered'`, ...ended }],
  ['deliveries', 'deliveries_sent_was_tried', { status: `'failed'`, ...ended }],
  ['deliveries', 'deliveries_tries_within_attempts', { tries: '1' }],
  ['deliveries', 'deliveries_tries_within_attempts', { tries: '-1' }],
  ['deliveries', 'deliveries_attempted_has_time', { attempts: '1' }],
  ['deliveries', 'deliveries_attempted_has_time', { last_attempt_at: 'now()' }],
  ['attempts', 'attempts_number_positive', { number: '0' }],
  ['attempts', 'attempts_outcome_known', { outcome: `'lost'` }],
  ['attempts', 'attempts_failure_is_explained', { outcome: `'failed'` }],
  ['attempts', 'attempts_failure_is_explained', { outcome: `'failed'`, failure_code: `'timeout'` }],
  ['attempts', 'attempts_failure_is_explained', { failure_code: `'timeout'`, failure_reason: `'no answer'` }],
  ['attempts', 'attempts_body_capped', { response_body: `convert_to(repeat('x', 16385), 'utf8')` }],
  ['webhooks', 'webhooks_name_length', { name: `''` }],
  ['webhooks', 'webhooks_url_length', { url: `repeat('x', 2049)` }],
  ['webhooks', 'webhooks_events_some', { events: `array[]::text[]` }],
  ['webhooks', 'webhooks_status_known', { status: `'asleep'` }],
  ['webhooks', 'webhooks_disabled_has_reason', { status: `'disabled'` }],
  ['webhooks', 'webhooks_disabled_has_reason', { disabled_reason: `'gone'` }],
  ['webhooks', 'webhooks_health_known', { health: `'odd'` }],
  ['webhooks', 'webhooks_failing_has_time', { health: `'failing'` }],
  ['webhooks', 'webhooks_timeout_range', { timeout_ms: '99' }],
  ['webhooks', 'webhooks_lane_range', { lane: '64' }],
  ['idempotency_keys', 'idempotency_keys_length', { key: `''` }],
  ['idempotency_keys', 'idempotency_keys_hash_is_sha256', { request_hash: `'x'` }],
  ['accounts', 'accounts_id_shape', { id: `'a b'` }],
  ['accounts', 'accounts_name_length', { name: `''` }],
  ['accounts', 'accounts_validation_known', { validation: `'perhaps'` }],
  ['accounts', 'accounts_unknown_types_known', { unknown_types: `'perhaps'` }],
  ['accounts', 'accounts_events_per_day_range', { events_per_day: '-1' }],
  ['daily_usage', 'daily_usage_events_positive', { events: '0' }],
  ['webhooks', 'webhooks_disabled_reason_known', { ...disabled, disabled_reason: `'tired'` }],
  ['webhooks', 'webhooks_filters_are_object', { filters: `'[]'` }],
  ['webhooks', 'webhooks_disabled_has_time', { ...disabled, disabled_at: null, missed_since: null }],
  ['webhooks', 'webhooks_missed_since_disabled', { disabled_at: 'now()' }],
  ['webhooks', 'webhooks_cut_off_since_disabled', { cut_off_since: 'now()' }],
  ['webhooks', 'webhooks_missed_done_of_disabled', { missed_done_of: 'now()' }],
  ['webhooks', 'webhooks_warned_of_failures', { failures_warned_at: 'now()' }],
  ['webhooks', 'webhooks_disable_after_range', { disable_after_days: '366' }],
  ['webhooks', 'webhooks_ordering_known', { ordering: `'time'` }],
  ['webhooks', 'webhooks_priority_range', { priority: '10' }],
  ['webhooks', 'webhooks_rate_range', { rate_per_second: '0' }],
  ['webhooks', 'webhooks_max_in_flight_range', { max_in_flight: '0' }],
  ['webhooks', 'webhooks_batch_items_range', { batch_max_items: '0', batch_max_wait_ms: '1' }],
  ['webhooks', 'webhooks_batch_items_range', { batch_max_items: '1001', batch_max_wait_ms: '1' }],
  ['webhooks', 'webhooks_batch_wait_range', { batch_max_items: '1', batch_max_wait_ms: '-1' }],
  ['webhooks', 'webhooks_batch_wait_range', { batch_max_items: '1', batch_max_wait_ms: '86400001' }],
  ['webhooks', 'webhooks_batch_by_length', { ...BATCH, batch_by: `''` }],
  ['webhooks', 'webhooks_batch_by_length', { ...BATCH, batch_by: `repeat('x', 257)` }],
  ['webhooks', 'webhooks_batch_is_whole', { batch_max_items: '1' }],
  ['webhooks', 'webhooks_batch_is_whole', { batch_max_wait_ms: '1' }],
  ['webhooks', 'webhooks_batch_is_whole', { batch_by: `'a'` }],
  ['deliveries', 'deliveries_priority_range', { priority: '-1' }],
  ['deliveries', 'deliveries_priority_range', { priority: '10' }],
  ['deliveries', 'deliveries_batch_has_items', { batch_id: 'gen_random_uuid()' }],
  ['deliveries', 'deliveries_batch_has_items', { batch_items: '1' }],
  ['deliveries', 'deliveries_batch_has_items', { batch_id: 'gen_random_uuid()', batch_items: '0' }],
  ['deliveries', 'deliveries_batch_has_items', { batch_id: 'gen_random_uuid()', batch_items: '1001' }],
  ['webhooks', 'webhooks_tls_ca_length', { tls_ca: `''` }],
  ['webhook_credentials', 'webhook_credentials_kind_known', { kind: `'word'` }],
  ['webhook_credentials', 'webhook_credentials_sealed_length', { sealed: `'x'` }],
  ['webhook_credentials', 'webhook_credentials_view_is_object', { view: `'[]'` }],
  ['presets', 'presets_name_shape', { name: `'Acme'` }],
  ['event_types', 'event_types_name_shape', { name: `'order..created'` }],
  ['event_types', 'event_types_preset_shape', { preset: `'Acme'` }],
  ['event_type_deprecations', 'event_type_deprecations_preset_shape', { preset: `''` }],
  ['event_type_deprecations', 'event_type_deprecations_name_shape', { name: `'order..created'` }],
  ['replays', 'replays_status_known', { status: `'lost'` }],
  ['replays', 'replays_ended_has_time', { ended_at: 'now()' }],
  ['replays', 'replays_rate_positive', { rate_per_second: '0' }],
  ['replays', 'replays_last_status_known', { last_status: `'lost'` }],
  ['channels', 'channels_name_length', { name: `''` }],
  ['channels', 'channels_title_length', { title: `''` }],
  ['named_channels', 'named_channels_name_length', { name: `''` }],
  ['alerts', 'alerts_kind_known', { kind: `'gossip'` }],
  ['alerts', 'alerts_raised_by_delivery', { delivery_id: null }],
  ['alerts', 'alerts_about_webhook', { webhook_id: null }],
  ['alerts', 'alerts_occurrences_positive', { occurrences: '0' }],
  ['alerts', 'alerts_mail_attempts_not_negative', { mail_attempts: '-1' }],
  ['alerts', 'alerts_params_named', { params: `'[]'` }],
  ['alert_recipients', 'alert_recipients_language_known', { language: `'tlh'` }],
  ['alert_recipients', 'alert_recipients_email_length', { email: `'x'` }],
  ['alert_recipients', 'alert_recipients_some_kind', { kinds: `'{}'` }],
  ['users', 'users_email_shape', { email: `'Anna@shop.example'` }],
  ['users', 'users_email_shape', { email: `'anna'` }],
  ['users', 'users_email_shape', { email: `repeat('x', 250) || '@x.se'` }],
  ['users', 'users_name_length', { name: `''` }],
  ['user_credentials', 'user_credentials_password_is_hashed', { password: `'correct horse'` }],
  ['user_credentials', 'user_credentials_password_is_hashed', { password: null }],
  ['user_sessions', 'user_sessions_hash_is_sha256', { token_hash: `'x'` }],
  ['user_roles', 'user_roles_role_known', { role: `'king'` }],
  ['invitations', 'invitations_email_shape', { email: `'@'` }],
  ['invitations', 'invitations_role_known', { role: `'king'` }],
  ['invitations', 'invitations_hash_is_sha256', { token_hash: `'x'` }],
  ['invitations', 'invitations_expire_later', { expires_at: 'now()' }],
  ['invitations', 'invitations_end_once', { accepted_at: 'now()', revoked_at: 'now()' }],
  ['owner_link', 'owner_link_is_one', { is_one: 'false' }],
  ['owner_link', 'owner_link_hash_is_sha256', { token_hash: `'x'` }],
  ['portal_links', 'portal_links_role_known', { role: `'owner'` }],
  ['portal_links', 'portal_links_name_length', { name: `''` }],
  ['portal_links', 'portal_links_hash_is_sha256', { token_hash: `'x'` }],
  ['portal_links', 'portal_links_session_positive', { session_seconds: '0' }],
  ['portal_links', 'portal_links_expire_within_the_hour', { expires_at: `now() + interval '61 minutes'` }],
  ['portal_sessions', 'portal_sessions_hash_is_sha256', { token_hash: `'x'` }],
  ['portal_sessions', 'portal_sessions_expire_later', { expires_at: 'now()' }],
  [
    'attempt_statistics',
    'attempt_statistics_bucket_is_five_minutes',
    { bucket_at: `'2026-03-13T14:31:00Z'` },
  ],
  ['attempt_statistics', 'attempt_statistics_counts_not_negative', { failed: '-1' }],
  ['attempt_statistics', 'attempt_statistics_has_durations', { durations: `array[1, 2]` }],
  ['sign_in_attempts', 'sign_in_attempts_key_is_sha256', { key: `'x'` }],
  ['sign_in_attempts', 'sign_in_attempts_positive', { attempts: '0' }],
  ['audit_log', 'audit_log_actor_known', { actor_kind: `'ghost'` }],
  ['audit_log', 'audit_log_action_shape', { action: `'webhook'` }],
  ['lanes', 'lanes_range', { lane: '64' }],
  ['lanes', 'lanes_leased_until', { node_id: 'gen_random_uuid()' }],
];

function insert(table: string, row: Row): string {
  const columns = Object.keys(row);
  return `insert into waybill.${table} (${columns}) values (${columns.map((column) => row[column] ?? 'null')})`;
}

describe.each(DATABASE_KINDS)('the audit log on %s', (kind) => {
  it('is append-only, whoever tries', async () => {
    const { waybill } = await startTestWaybill(kind);
    const run = (statement: string) => waybill.transaction((tx) => tx.query(statement));
    await run(insert('audit_log', FINE.audit_log as Row));
    for (const statement of [
      `update waybill.audit_log set actor_name = 'somebody else'`,
      'delete from waybill.audit_log',
      'truncate waybill.audit_log',
    ]) {
      await expect(run(statement), statement).rejects.toThrow('append-only');
    }
    expect((await run('select from waybill.audit_log')).rows).toHaveLength(1);
  });
});

describe.each(DATABASE_KINDS)('the schema on %s', (kind) => {
  it('refuses every impossible row by the constraint that names it, and takes the possible ones', async () => {
    const { waybill } = await startTestWaybill(kind);
    await waybill.accounts.ensure('acme');
    const run = (statement: string) => waybill.transaction((tx) => tx.query(statement));
    await run('delete from waybill.lanes where lane = 63');
    for (const [table, constraint, change] of IMPOSSIBLE) {
      const refusal = await run(insert(table, { ...FINE[table], ...change })).then(
        () => 'taken',
        (error: { constraint?: string }) => error.constraint,
      );
      expect([constraint, change, refusal]).toEqual([constraint, change, constraint]);
    }
    for (const [table, row] of Object.entries(FINE)) await run(insert(table, row));

    const tables = Object.keys(FINE);
    const { rows } = await waybill.transaction((tx) =>
      tx.query<{ name: string }>(
        `select conname as name from pg_constraint
         where contype = 'c' and conrelid = any(select ('waybill.' || t)::regclass from unnest($1::text[]) t)`,
        [tables],
      ),
    );
    const tested = new Set(IMPOSSIBLE.map(([, constraint]) => constraint));
    expect(rows.map((row) => row.name).filter((name) => !tested.has(name))).toEqual([]);
  });
});
