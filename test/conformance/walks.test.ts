import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Queryable } from '../../src/db/database.ts';
import { readDue } from '../../src/dispatch/read-due.ts';
import type { DuePosition } from '../../src/store/due-walk.ts';
import { createTestDatabase, DATABASE_KINDS } from '../support/database.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const ROOM = 10;

const order = (subject: string, data: unknown) => ({ type: 'order.changed', subject, data });

it('a walk over a backlog steps over nothing, whatever is settled while it goes', async () => {
  const database = await createTestDatabase('postgres');
  const { api } = await startTestWaybill('postgres', database);
  const client = new pg.Client({ connectionString: database.databaseUrl as string });
  await client.connect();
  onTestFinished(() => client.end());
  const webhook = { url: 'http://127.0.0.1:9999/', events: ['*'], ordering: 'subject', status: 'paused' };
  await api.post(`${ACCOUNT}/webhooks`, webhook);
  const others = Array.from({ length: 15 }, (_, index) => `other/${index}`);
  const subjects = [...Array.from({ length: 2 * ROOM }, () => 'one'), ...others];
  await api.post(`${ACCOUNT}/events`, { events: subjects.map((subject) => order(subject, 1)) });

  const settleFirst = `update waybill.deliveries set status = 'delivered', due_at = null, settled_at = now(), attempts = 1, last_attempt_at = now()
    where id = (select id from waybill.deliveries where status = 'pending' and order_key = 'one' order by id limit 1)`;
  // After each statement, and so between any two of one walk.
  const db: Queryable = {
    query: async (text, values) => {
      const answer = await client.query(text, values);
      await client.query(settleFirst);
      return answer as never;
    },
  };
  const { rows } = await client.query('select id from waybill.webhooks');
  const asked = { webhookId: rows[0].id, priority: 5, limit: ROOM, maxBytes: 1e6, whole: false };
  const now = new Date(Date.now() + 1_000).toISOString();
  const found = new Set<string | null>();
  let after: DuePosition | undefined;
  do {
    const due = (await readDue(db, [{ ...asked, after, holds: () => false }], now)).get(asked.webhookId);
    for (const { orderKey } of due?.rows ?? []) found.add(orderKey);
    after = due?.end;
  } while (after);
  expect([...found].filter((subject) => subject !== 'one')).toEqual(others);
});

describe.each(DATABASE_KINDS)(
  'of a backlog on %s in which all but the oldest was told to go first',
  (kind) => {
    it.each([
      ['by itself', {}],
      ['in batches', { batch: { maxItems: 2, maxWaitMs: 0 } }],
    ])('the oldest has its turn too, %s, also where there is no room for all', async (_how, settings) => {
      const { api } = await startTestWaybill(kind, { dispatch: { maxQueuedPerWebhook: ROOM } });
      const receiver = await startReceiver();
      onTestFinished(() => receiver.close());
      const webhook = { url: receiver.url, events: ['*'], rateLimit: { inFlight: 1 }, status: 'paused' };
      const { id } = (await api.post(`${ACCOUNT}/webhooks`, { ...webhook, ...settings })).body;
      const events = Array.from({ length: 60 }, (_, index) => order(`order/${index}`, index));
      await api.post(`${ACCOUNT}/events`, { events });
      const waiting = (await api.get(`${ACCOUNT}/queue/deliveries?limit=100`)).body.data;
      expect(waiting).toHaveLength(events.length);
      for (const one of waiting.slice(1)) await api.patch(`${ACCOUNT}/deliveries/${one.id}`, { priority: 9 });
      await api.post(`${ACCOUNT}/webhooks/${id}/resume`);
      const requests = await receiver.waitFor('batch' in settings ? 30 : 60, 20_000);
      const bodies = requests.map(({ body }) => [JSON.parse(body)].flat());
      const turn = bodies.findIndex((events) => events.some(({ data }) => data === 0));
      expect(turn).toBeGreaterThan(0);
      expect(turn).toBeLessThanOrEqual(15);
    });
  },
);
