import { pino } from 'pino';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { Maintenance } from '../../src/maintenance.ts';
import { findWornTables } from '../../src/store/worn-tables.ts';
import { createTestClock } from '../support/clock.ts';
import type { DatabaseKind } from '../support/database.ts';
import { openTestDatabase } from '../support/open-database.ts';

const TEN_MINUTES_MS = 600_000;

async function open(kind: DatabaseKind): Promise<Database> {
  const database = await openTestDatabase(kind);
  // The server's own autovacuum may come by, or not: it is told not to.
  await database.query(`alter table waybill.events_default set (autovacuum_enabled = false)`);
  await database.query(`insert into waybill.accounts (id) values ('acme')`);
  return database;
}

/** Events of long ago, for which there is no partition. */
async function publish(database: Database, from: number, until: number): Promise<void> {
  await database.query(
    `insert into waybill.events (id, account_id, type, occurred_at, received_at, data)
     select waybill.uuid_at('2020-01-01'::timestamptz + n * interval '1 ms'), 'acme', 'order.created', now(), now(), '1'
     from generate_series($1::integer, $2::integer) n`,
    [from, until],
  );
  await countNow(database);
}

/** What was written is counted with a delay else, perhaps after it was analysed. */
async function countNow(database: Database): Promise<void> {
  await database.query('select pg_stat_force_next_flush()');
}

/** How many events the planner has been told there are; -1: nothing. */
async function knownEvents(database: Database): Promise<number | undefined> {
  const { rows } = await database.query<{ known: number }>(
    `select reltuples::integer as known from pg_class where oid = 'waybill.events_default'::regclass`,
  );
  return rows[0]?.known;
}

async function tenMinutesOfMaintenance(database: Database): Promise<void> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const warned: unknown[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => warned.push(line) });
  const maintenance = new Maintenance(database, createTestClock(), log);
  await maintenance.start();
  vi.advanceTimersByTime(TEN_MINUTES_MS);
  vi.useRealTimers();
  await vi.waitUntil(
    async () => (await findWornTables(database)).length === 0 || database.kind === 'postgres',
  );
  await maintenance.stop();
  expect(warned).toEqual([]);
}

it('the embedded database is analysed and vacuumed every ten minutes, where it has changed', async () => {
  const database = await open('embedded');
  await publish(database, 1, 5_000);
  expect(await knownEvents(database)).toBe(-1);
  expect(await findWornTables(database)).toContain('waybill.events_default');
  await tenMinutesOfMaintenance(database);
  expect(await knownEvents(database)).toBe(5_000);

  await publish(database, 5_001, 5_100);
  expect(await findWornTables(database)).toEqual([]);
  await publish(database, 5_101, 12_000);
  await database.query(
    'delete from waybill.events where id < (select id from waybill.events offset 2000 limit 1)',
  );
  await countNow(database);
  expect(await findWornTables(database)).toEqual(['waybill.events_default']);
  await tenMinutesOfMaintenance(database);
  expect(await knownEvents(database)).toBe(10_000);
  const { rows } = await database.query<{ vacuumed: boolean }>(
    `select relallvisible = relpages as vacuumed from pg_class where oid = 'waybill.events_default'::regclass`,
  );
  expect(rows).toEqual([{ vacuumed: true }]);
});

it('a server is left to its own autovacuum', async () => {
  const database = await open('postgres');
  await publish(database, 1, 5_000);
  await tenMinutesOfMaintenance(database);
  expect(await knownEvents(database)).toBe(-1);
});
