import { describe, expect, it } from 'vitest';
import type { Database, Queryable, Row } from '../../src/db/database.ts';
import { findDeliveryTo } from '../../src/store/deliveries.ts';
import { readMissedEvents } from '../../src/store/missed-events.ts';
import { readReplayEvents } from '../../src/store/replay-events.ts';
import { insertReplayDeliveries, type LastStatus, type ReplayFilter } from '../../src/store/replays.ts';
import { DATABASE_KINDS } from '../support/database.ts';
import { openTestDatabase } from '../support/open-database.ts';

const EVENTS = 5_000;
const KEY = { accountId: 'acme', webhookId: '00000000-0000-7000-8000-000000000001' };
const EVENT = '00000000-0000-7000-8000-00000000000e';

/** Thousands of events this week that one webhook was sent, in tables that nothing analyses. Returns the week's name. */
async function fill(database: Database): Promise<string> {
  const { rows } = await database.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent in ('waybill.events'::regclass, 'waybill.deliveries'::regclass)`,
  );
  for (const { name } of rows) {
    await database.query(`alter table ${name} set (autovacuum_enabled = false)`);
  }
  await database.query(`insert into waybill.accounts (id) values ('acme')`);
  await database.query(
    `insert into waybill.webhooks (id, account_id, name, url, events, lane, profile, timeout_ms)
     values ($1::uuid, 'acme', 'w', 'https://x.example/', '{*}', 0, 'github', 1000)`,
    [KEY.webhookId],
  );
  await database.query(
    `insert into waybill.events (id, account_id, type, occurred_at, received_at, data)
     select waybill.uuid_at(now() + n * interval '1 ms'), 'acme', 'order.created', now(), now(), '1'
     from generate_series(1, $1::integer) n`,
    [EVENTS],
  );
  await database.query(
    `insert into waybill.deliveries
       (id, account_id, webhook_id, event_id, status, attempts, tries, settled_at, last_attempt_at)
     select id, account_id, $1::uuid, id, 'delivered', 1, 1, now(), now() from waybill.events`,
    [KEY.webhookId],
  );
  const { rows: filled } = await database.query<{ week: string }>(
    'select right(tableoid::regclass::text, 8) as week from waybill.events limit 1',
  );
  return filled[0]?.week ?? '';
}

/** Tells the plans of the statements instead of running them. */
function explaining(database: Database): { readonly db: Queryable; readonly plan: () => string } {
  const lines: string[] = [];
  const query = async <R extends Row>(text: string, values?: unknown[]): Promise<{ rows: R[] }> => {
    const { rows } = await database.query<{ 'QUERY PLAN': string }>(`explain (costs off) ${text}`, values);
    lines.push(...rows.map((row) => row['QUERY PLAN']));
    return { rows: [] };
  };
  return { db: { query }, plan: () => lines.join('\n') };
}

function filterOf(lastStatus: LastStatus | null): ReplayFilter {
  const all = { from: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' };
  return { ...all, types: [], channel: null, subject: null, lastStatus };
}

const PORTION = { cursor: null, limit: 500, maxBytes: 1_000, withData: false, withPending: false };

/** By which indexes the partition of a table is read that holds everything; of a scan through all of it, that. */
function readsOf(partition: string, plan: string): ReadonlySet<string> {
  const scans = plan.matchAll(
    new RegExp(`(Seq) Scan on ${partition}|Scan (?:using|on) ${partition}_(\\w+)`, 'g'),
  );
  return new Set([...scans].map(([, whole, index]) => index ?? whole ?? ''));
}

describe.each(DATABASE_KINDS)('in tables that were never analysed, on %s', (kind) => {
  it('an event is looked up by its own id, never among all that a webhook was sent', async () => {
    const database = await openTestDatabase(kind);
    const week = await fill(database);
    const [events, deliveries] = [`events_${week}`, `deliveries_${week}`];
    for (const lastStatus of [null, 'failed', 'missing'] as const) {
      const { db, plan } = explaining(database);
      await readReplayEvents(db, KEY, filterOf(lastStatus), PORTION);
      expect(readsOf(deliveries, plan()), plan()).toEqual(new Set(['event_id_idx']));
      expect(readsOf(events, plan()), plan()).toEqual(new Set(['pkey']));
    }

    const one = explaining(database);
    await findDeliveryTo(one.db, KEY.accountId, KEY.webhookId, EVENT);
    expect(readsOf(deliveries, one.plan()), one.plan()).toEqual(new Set(['event_id_idx']));

    const making = explaining(database);
    const replay = { ...KEY, id: EVENT, createdAt: new Date() };
    const delivery = { id: EVENT, eventId: EVENT, orderKey: null, uniqueKey: 'order.created order/1' };
    await insertReplayDeliveries(making.db, replay, [delivery], new Date().toISOString());
    // By the other one what waits with the same key.
    const byKey = new Set(['event_id_idx', 'webhook_id_unique_key_idx']);
    expect(readsOf(deliveries, making.plan()), making.plan()).toEqual(byKey);

    const missed = explaining(database);
    await readMissedEvents(missed.db, KEY, filterOf('missed'), PORTION);
    // The other one has nothing but what was cancelled as the webhook was disabled.
    const wanted = new Set(['event_id_idx', 'webhook_id_event_id_idx']);
    expect(readsOf(deliveries, missed.plan()), missed.plan()).toEqual(wanted);
    expect(readsOf(events, missed.plan()), missed.plan()).toEqual(new Set(['pkey']));
    expect(missed.plan()).not.toContain("Cond: (account_id = 'acme'::text)\n");
  });
});
