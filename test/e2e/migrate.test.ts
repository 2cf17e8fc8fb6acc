import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { expect, inject, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { listMigrations, migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { eventually } from '../support/eventually.ts';
import { databaseUrl } from '../support/global-setup.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const HOT_TABLES = ['attempts', 'deliveries', 'events'];
const WEEK_MS = 7 * 24 * 3600 * 1000;
const OWN_TYPES_MIGRATION =
  listMigrations().find(({ name }) => name.includes('event_types_of_presets'))?.number ?? 0;

interface EmptyDatabase {
  readonly name: string;
  readonly databaseUrl: string;
  readonly encryptionKey: string;
  /** As the superuser. */
  readonly admin: pg.Client;
}

/** A database nobody has migrated. Gone when the test has ended. */
async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const server = await connect(inject('postgresUrl'));
  await server.query(`create database ${name}`);
  onTestFinished(async () => {
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  });
  const url = databaseUrl(inject('postgresUrl'), name);
  const admin = await connect(url);
  onTestFinished(() => admin.end());
  return { name, databaseUrl: url, encryptionKey: randomBytes(32).toString('base64'), admin };
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

function open(connectionString: string): Database {
  const database = openPostgres({ connectionString, maxConnections: 2, onError: () => undefined });
  onTestFinished(() => database.close());
  return database;
}

/** A role of this test that may log in and nothing else, and the URL with which it does. */
async function createRole({ admin, databaseUrl: url }: EmptyDatabase) {
  const role = `role_${randomBytes(8).toString('hex')}`;
  await admin.query(`create role ${role} login`);
  onTestFinished(async () => {
    await admin.query(`drop owned by ${role} cascade`);
    await admin.query(`drop role ${role}`);
  });
  const asRole = new URL(url);
  asRole.username = role;
  return { role, url: asRole.href };
}

/** The migrations on record, in order; undefined where Waybill has never been. */
async function applied({ admin }: EmptyDatabase) {
  const there = await admin.query("select to_regclass('waybill.migrations') is not null as there");
  if (!there.rows[0].there) return undefined;
  return (await admin.query('select number, name from waybill.migrations order by number')).rows;
}

it('nodes that migrate an empty database at the same moment all succeed, and each migration is applied once', async () => {
  const empty = await createEmptyDatabase();
  const databases = Array.from({ length: 4 }, () => open(empty.databaseUrl));
  const results = await Promise.all(databases.map((database) => migrate(database)));
  expect(results.filter((one) => one.length > 0)).toEqual([listMigrations()]);
  expect(await applied(empty)).toEqual(listMigrations());
});

it('nodes that start on an empty database at the same moment all start, and share it', async () => {
  const empty = await createEmptyDatabase();
  const nodes = await Promise.all([1, 2, 3].map(() => startTestWaybill('postgres', empty)));
  expect(await applied(empty)).toEqual(listMigrations());
  for (const { api } of nodes) expect((await api.get('/readyz')).status).toBe(200);
});

it('migrating again finds nothing to do', async () => {
  const empty = await createEmptyDatabase();
  const database = open(empty.databaseUrl);
  expect(await migrate(database)).toEqual(listMigrations());
  expect(await migrate(database)).toEqual([]);
});

it('a migration that fails leaves nothing behind', async () => {
  const empty = await createEmptyDatabase();
  // In the way of the first migration.
  await empty.admin.query('create schema waybill; create table waybill.lanes (of_somebody_else text)');
  await expect(migrate(open(empty.databaseUrl))).rejects.toThrow('already exists');
  expect(await applied(empty)).toBeUndefined();
  const { rows } = await empty.admin.query("select tablename from pg_tables where schemaname = 'waybill'");
  expect(rows).toEqual([{ tablename: 'lanes' }]);
});

it('a database a newer version has migrated is refused, and left as it is', async () => {
  const empty = await createEmptyDatabase();
  await migrate(open(empty.databaseUrl));
  await empty.admin.query("insert into waybill.migrations (number, name) values (9999, '9999_tomorrow.sql')");
  const before = await applied(empty);
  const starting = startTestWaybill('postgres', empty);
  await expect(starting).rejects.toMatchObject({
    code: 'database_too_new',
    message: expect.stringContaining('9999'),
  });
  expect(await applied(empty)).toEqual(before);
  const keys = await empty.admin.query('select from waybill.api_keys');
  expect(keys.rows.length).toBe(0);
});

it('a node goes on when a newer version migrates the database beside it, and says so once', async () => {
  const lines: { msg: string; applied?: number; known?: number }[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const empty = await createEmptyDatabase();
  const { api } = await startTestWaybill('postgres', { ...empty, logger });
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const create = (name: string) =>
    api.post('/v1/accounts/acme/webhooks', { name, url: receiver.url, events: ['*'] });
  expect((await create('before')).status).toBe(201);
  // As a migration may be: what is new may be left out.
  await empty.admin.query(`
    alter table waybill.events add column tomorrow text;
    alter table waybill.deliveries add column tomorrow text not null default '';
    alter table waybill.webhooks add column tomorrow integer not null default 0;
    insert into waybill.migrations (number, name) values (9999, '9999_tomorrow.sql');
  `);
  const told = await eventually(() => lines.find(({ msg }) => msg.includes('newer version')));
  expect(told).toMatchObject({ applied: 9999, known: listMigrations().at(-1)?.number });
  expect((await create('after')).status).toBe(201);
  await api.post('/v1/accounts/acme/events', { type: 'order.created', data: 1 });
  await receiver.waitFor(2);
  await eventually(async () => {
    const { data } = (await api.get('/v1/accounts/acme/deliveries?status=delivered')).body;
    return data.length === 2;
  });
  expect((await api.get('/readyz')).status).toBe(200);
  expect(lines.filter(({ msg }) => msg.includes('newer version'))).toHaveLength(1);
});

/** Starts as this role and sees an event through. */
async function expectWorks(empty: EmptyDatabase, url: string): Promise<void> {
  const { api } = await startTestWaybill('postgres', { ...empty, databaseUrl: url });
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const webhook = { url: receiver.url, events: ['*'] };
  expect((await api.post('/v1/accounts/acme/webhooks', webhook)).status).toBe(201);
  const published = await api.post('/v1/accounts/acme/events', { type: 'order.created', data: {} });
  expect(published.status).toBe(202);
  await receiver.waitFor(1);
  await eventually(async () => {
    const { rows } = await empty.admin.query('select status from waybill.deliveries');
    expect(rows).toEqual([{ status: 'delivered' }]);
    return true;
  });
}

it('a role that owns the schema works without the right to create anything else in the database', async () => {
  const empty = await createEmptyDatabase();
  const { role, url } = await createRole(empty);
  await empty.admin.query(`grant create on database ${empty.name} to ${role}`);
  await migrate(open(url));
  await empty.admin.query(`revoke create on database ${empty.name} from ${role}`);
  const refused = open(url).query('create schema another');
  await expect(refused).rejects.toMatchObject({ code: '42501' });
  await expectWorks(empty, url);
});

it('a role that may only read and write rows works once a role with more rights has migrated', async () => {
  const empty = await createEmptyDatabase();
  const { role, url } = await createRole(empty);
  await migrate(open(empty.databaseUrl));
  await empty.admin.query(`grant usage on schema waybill to ${role};
    grant select, insert, update, delete on all tables in schema waybill to ${role}`);
  await expectWorks(empty, url);
});

it('there are partitions for this week and the four ahead, and rows land in them', async () => {
  const empty = await createEmptyDatabase();
  await expectWorks(empty, empty.databaseUrl);
  const { rows: times } = await empty.admin.query<{ now: Date }>(
    'select received_at as now from waybill.events',
  );
  const now = times[0]?.now ?? new Date(0);
  const weeks = [0, 1, 2, 3, 4].map((ahead) => nameOfWeek(now.getTime() + ahead * WEEK_MS));
  const { rows } = await empty.admin.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent in (select ('waybill.' || hot)::regclass from unnest($1::text[]) as hot) order by 1`,
    [HOT_TABLES],
  );
  const expected = HOT_TABLES.flatMap((hot) => [...weeks, 'default'].map((week) => `waybill.${hot}_${week}`));
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(expected));

  for (const hot of HOT_TABLES) {
    const where = await empty.admin.query(`select tableoid::regclass::text as name from waybill.${hot}`);
    expect(where.rows).toEqual([{ name: `waybill.${hot}_${weeks[0]}` }]);
  }
});

/** Weeks begin on Monday, in UTC. */
function nameOfWeek(time: number): string {
  const day = new Date(time);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10).replaceAll('-', '');
}

it('types of the platform that held for all presets hold for the instance and for those in use', async () => {
  const empty = await createEmptyDatabase();
  await migrate(open(empty.databaseUrl));
  // As the database was before: what came later taken back.
  await empty.admin.query(`
    drop table waybill.event_types, waybill.event_type_deprecations;
    create table waybill.event_types (
      name text primary key,
      document json not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    delete from waybill.migrations where number = ${OWN_TYPES_MIGRATION};
    insert into waybill.event_types (name, document) values ('a.b', '{"name": "a.b", "title": "Mine"}');
    insert into waybill.accounts (id, preset) values ('acme', 'scurri'), ('other', null);
    insert into waybill.webhooks (id, account_id, name, url, events, lane, profile, timeout_ms)
    values (gen_random_uuid(), 'acme', 'w', 'https://x.example/', '{*}', 0, 'github', 1000);
  `);
  expect((await migrate(open(empty.databaseUrl))).map(({ number }) => number)).toEqual([OWN_TYPES_MIGRATION]);
  const { rows } = await empty.admin.query(
    'select preset from waybill.event_types order by preset nulls first',
  );
  expect(rows.map(({ preset }) => preset)).toEqual([null, 'github', 'scurri']);
  const { api } = await startTestWaybill('postgres', empty);
  for (const query of ['', '?account=acme', '?preset=github']) {
    expect((await api.get(`/v1/event-types/a.b${query}`)).body.title, query).toBe('Mine');
  }
  expect((await api.get('/v1/event-types/a.b?preset=velourcity')).status).toBe(404);
});
