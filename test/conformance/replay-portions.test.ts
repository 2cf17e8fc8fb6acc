import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { readPortion } from '../../src/replay/selection.ts';
import type { LastStatus } from '../../src/store/replays.ts';
import { findWebhook, type WebhookRow } from '../../src/store/webhooks.ts';
import { DATABASE_KINDS, type DatabaseKind } from '../support/database.ts';
import { openTestDatabase } from '../support/open-database.ts';

const WEBHOOK = '00000000-0000-7000-8000-000000000001';
const LARGE_BYTES = 3 * 1024 * 1024;
const ALL = { from: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z' };

/** A webhook that was disabled before seven large events came. */
async function start(kind: DatabaseKind): Promise<{ database: Database; webhook: WebhookRow }> {
  const database = await openTestDatabase(kind);
  await database.query(`insert into waybill.accounts (id) values ('acme')`);
  await database.query(
    `insert into waybill.webhooks
       (id, account_id, name, url, events, lane, profile, timeout_ms, status, disabled_at, disabled_reason,
        missed_since, missed_spans)
     values ($1::uuid, 'acme', 'w', 'https://x.example/', '{*}', 0, 'github', 1000, 'disabled', now(), 'request',
       '2021-01-01', tstzmultirange(tstzrange('2021-01-01', null)))`,
    [WEBHOOK],
  );
  await database.query(
    `insert into waybill.events (id, account_id, type, occurred_at, received_at, data)
     select waybill.uuid_at('2022-01-01'::timestamptz + n * interval '1 ms'), 'acme', 'order.created', now(), now(),
       format('{"n":%s,"pad":"%s"}', n, repeat('x', $1::integer))
     from generate_series(1, 7) n`,
    [LARGE_BYTES],
  );
  return { database, webhook: (await findWebhook(database, 'acme', WEBHOOK)) as WebhookRow };
}

async function portionsOf(
  database: Database,
  webhook: WebhookRow,
  lastStatus: LastStatus | null,
  limit: number,
): Promise<number[]> {
  const filter = { ...ALL, types: [], channel: null, subject: null, lastStatus };
  const sizes: number[] = [];
  let cursor: string | null = null;
  do {
    const portion = await readPortion(database, webhook, filter, cursor, limit, Date.now());
    sizes.push(portion.events.length);
    cursor = portion.cursor;
  } while (cursor !== null);
  return sizes;
}

describe.each(DATABASE_KINDS)('a portion of events on %s', (kind) => {
  it('ends after 8 MiB of data, and the next one goes on from there', async () => {
    const { database, webhook } = await start(kind);
    const condition = { mode: 'continue', all: [{ field: 'pad', operator: 'isNotEmpty' }] };
    const judging = { ...webhook, condition };
    expect(await portionsOf(database, judging, null, 100)).toEqual([3, 3, 1]);
    expect(await portionsOf(database, judging, 'missed', 100)).toEqual([3, 3, 1]);
    expect(await portionsOf(database, judging, 'missing', 2)).toEqual([2, 2, 2, 1]);
    // Where nothing judges the data it isn't read.
    expect(await portionsOf(database, webhook, null, 100)).toEqual([7]);
    expect(await portionsOf(database, webhook, 'missed', 100)).toEqual([7]);
  });
});
