import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWaybill, type Queryable } from '../../src/index.ts';
import { verify } from '../../src/verify.ts';
import { createApiClient } from '../support/api-client.ts';
import { createTestDatabase, E2E_DATABASE_KINDS, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { serveEnvironment, startProcess, startServe, type WaybillProcess } from '../support/process.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { PLATFORM_KEY, startTestWaybill } from '../support/waybill.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const WEBHOOKS = '/v1/accounts/acme/webhooks';
const EVENTS = '/v1/accounts/acme/events';
const order = (more: object = {}) => ({ type: 'order.created', data: { id: 1 }, ...more });
const newKey = (): string => randomBytes(32).toString('base64');

async function openReceiver(answer: Parameters<typeof startReceiver>[0] = 200): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return receiver;
}

/** Asks the database itself, while no Waybill has it open if it is an embedded one. */
async function ask<T>(database: TestDatabase, work: (db: Queryable) => Promise<T>): Promise<T> {
  if (database.databaseUrl === undefined) {
    const pglite = await PGlite.create({ dataDir: join(database.dataDir ?? '', 'pgdata') });
    return work(pglite).finally(() => pglite.close());
  }
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  return work(client).finally(() => client.end());
}

/** Every row of every table of Waybill, as text; binary columns show as hexadecimal. */
async function dump(database: TestDatabase): Promise<string> {
  return ask(database, async (db) => {
    const { rows: tables } = await db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname = 'waybill' order by 1`,
    );
    const lines: string[] = [];
    for (const { name } of tables) {
      const { rows } = await db.query<{ row: string }>(`select t::text as row from ${name} t order by 1`);
      lines.push(...rows.map(({ row }) => `${name}: ${row}`));
    }
    return lines.join('\n');
  });
}

/** A text as it would stand in a dump: plain, in base64, or in the hexadecimal of a binary column. */
const shapesOf = (text: string): string[] => [
  text,
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
  Buffer.from(text).toString('hex'),
];

function expectNowhere(haystack: string, secrets: Readonly<Record<string, string>>): void {
  const found = Object.entries(secrets).filter(([, text]) => haystack.includes(text));
  expect(found).toEqual([]);
}

describe('a data directory', () => {
  it('in use by another living process is refused, naming that process, which keeps working', async () => {
    const database = await createTestDatabase('embedded');
    const first = await startServe(database);
    await expect(createWaybill(database)).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: expect.stringContaining(`process ${first.pid}.`),
    });
    const second = startProcess([MAIN, 'serve'], serveEnvironment(database));
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`in use by process ${first.pid}.`);
    expect(second.output()).not.toContain('    at ');

    const receiver = await openReceiver();
    await first.api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    expect((await first.api.post(EVENTS, order())).status).toBe(202);
    await receiver.waitFor(1);
  });

  it('in use by this process is refused too, and free once that one has stopped', async () => {
    const database = await createTestDatabase('embedded');
    const first = await createWaybill({ ...database, logLevel: 'silent' });
    await expect(createWaybill(database)).rejects.toMatchObject({ code: 'data_dir_in_use' });
    await first.stop();
    const second = await createWaybill({ ...database, logLevel: 'silent' });
    await second.stop();
  });

  it('of a process that was killed is taken over', async () => {
    const database = await createTestDatabase('embedded');
    const killed = await startServe(database);
    await killed.kill();
    const lock = join(database.dataDir ?? '', 'waybill.lock');
    expect(JSON.parse(readFileSync(lock, 'utf8')).pid).toBe(killed.pid);
    const next = await startServe(database);
    expect(JSON.parse(readFileSync(lock, 'utf8')).pid).toBe(next.pid);
    expect((await next.api.post(EVENTS, order())).status).toBe(202);
    next.signal('SIGTERM');
    expect(await next.ended).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  it('whose lock names this very process number, but another start of it, is taken over', async () => {
    const database = await createTestDatabase('embedded');
    const lock = join(database.dataDir ?? '', 'waybill.lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, started: '1' }));
    const waybill = await createWaybill({ ...database, logLevel: 'silent' });
    await waybill.stop();
  });
});

describe.each(E2E_DATABASE_KINDS)('encryption keys on %s', (kind) => {
  it('a wrong key is refused and changes nothing; the right one goes on, and "NEW,OLD" rotates it', async () => {
    const database = await createTestDatabase(kind);
    const old = database.encryptionKey ?? '';
    const receiver = await openReceiver();
    const first = await startTestWaybill(kind, database);
    const { secret } = (await first.api.post(WEBHOOKS, { url: receiver.url, events: ['*'] })).body;
    await first.stop();

    const before = await dump(database);
    const wrong = startTestWaybill(kind, { ...database, encryptionKey: newKey() });
    await expect(wrong).rejects.toMatchObject({ code: 'encryption_key_unknown' });
    expect(await dump(database)).toBe(before);

    const fresh = newKey();
    const rotated = await startTestWaybill(kind, { ...database, encryptionKey: `${fresh},${old}` });
    const made = (await rotated.api.post(WEBHOOKS, { url: `${receiver.url}new`, events: ['*'] })).body;
    await rotated.api.post(EVENTS, order());
    for (const { path, body, headers } of await receiver.waitFor(2)) {
      await verify(body, headers, path === '/new' ? made.secret : secret);
    }
    await rotated.stop();

    // What was made since is sealed with the new key.
    const back = startTestWaybill(kind, { ...database, encryptionKey: old });
    await expect(back).rejects.toMatchObject({ code: 'encryption_key_unknown' });
  });
});

it('PostgreSQL without an encryption key is misconfigured, and that is said before the database is looked for', async () => {
  const nowhere = 'postgres://waybill:pw-marker@127.0.0.1:1/waybill';
  const starting = createWaybill({ databaseUrl: nowhere, environment: {}, logLevel: 'silent' });
  await expect(starting).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('WAYBILL_ENCRYPTION_KEY'),
  });
  const served = startProcess([MAIN, 'serve'], { DATABASE_URL: nowhere, WAYBILL_PORT: '0' });
  expect(await served.ended).toBe(1);
  expect(served.output()).toContain('WAYBILL_ENCRYPTION_KEY');
  expect(served.output()).not.toContain('pw-marker');
});

it('PostgreSQL without an encryption key is misconfigured, and left as it was', async () => {
  const { databaseUrl } = await createTestDatabase('postgres');
  const database = { databaseUrl };
  await ask(database, (db) => db.query('drop schema waybill cascade'));
  const starting = createWaybill({ ...database, environment: {}, logLevel: 'silent' });
  await expect(starting).rejects.toMatchObject({ code: 'misconfigured' });
  const schemas = await ask(database, (db) => db.query("select to_regnamespace('waybill') as waybill"));
  expect(schemas.rows).toEqual([{ waybill: null }]);
});

it.each(E2E_DATABASE_KINDS)(
  'on %s the platform key is made and shown once, and stored hashed',
  async (kind) => {
    const database = await createTestDatabase(kind);
    const noKey = { WAYBILL_API_KEY: '' };
    const first = await startServe(database, noKey);
    const [key = ''] = /wbk_[\w-]{43}/.exec(first.output()) ?? [];
    expect(key).not.toBe('');
    expect((await createApiClient(first.url, key).get('/v1/accounts/acme/events')).status).toBe(200);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);

    const second = await startServe(database, noKey);
    expect(second.output()).not.toContain('wbk_');
    expect((await createApiClient(second.url, key).get('/v1/accounts/acme/events')).status).toBe(200);
    second.signal('SIGTERM');
    expect(await second.ended).toBe(0);

    const tables = await dump(database);
    expect(tables.match(/first platform key/g)?.length).toBe(1);
    for (const shape of shapesOf(key)) expect(tables).not.toContain(shape);
    for (const shape of shapesOf(key.slice('wbk_'.length))) expect(tables).not.toContain(shape);
  },
);

it.each(E2E_DATABASE_KINDS)('on %s the secrets of webhooks are stored encrypted', async (kind) => {
  const database = await createTestDatabase(kind);
  const { api, stop } = await startTestWaybill(kind, database);
  const receiver = await openReceiver();
  const created = (await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] })).body;
  const rotated = (await api.post(`${WEBHOOKS}/${created.id}/secret/rotate`, {})).body;
  await api.post(EVENTS, order());
  await receiver.waitFor(1);
  const secrets = [created.secret, rotated.secret] as string[];
  expect(new Set(secrets).size).toBe(2);
  await stop();

  const tables = await dump(database);
  expect(tables).toContain(receiver.url);
  expect(tables).not.toContain('whsec_');
  for (const secret of secrets) {
    const base64 = secret.slice('whsec_'.length);
    const bytes = Buffer.from(base64, 'base64');
    for (const shape of [...shapesOf(base64), bytes.toString('hex')]) expect(tables).not.toContain(shape);
  }
});

describe('the log', () => {
  it('at debug has exactly one line an attempt, and never a secret, a credential or a payload', async () => {
    const database = await createTestDatabase('postgres');
    const withPassword = new URL(database.databaseUrl ?? '');
    withPassword.password = 'pw-marker';
    const waybill = await startServe(
      { ...database, databaseUrl: withPassword.href },
      { WAYBILL_LOG_LEVEL: 'debug' },
    );
    const secrets = await runEverything(waybill);
    await breakConnections(database);
    await eventually(() => waybill.output().includes('a connection to the database was lost'));
    await eventually(async () => (await waybill.api.get('/readyz')).status === 200);
    const refused = await waybill.api.withKey('wrong-key-marker').post(EVENTS, order());
    expect(refused.status).toBe(401);
    waybill.signal('SIGTERM');
    expect(await waybill.ended).toBe(0);

    const lines = logLines(waybill).filter(({ msg }) => msg === 'attempt');
    const attempts = await ask(database, (db) => db.query('select from waybill.attempts'));
    expect(attempts.rows.length).toBe(4);
    expect(lines.length).toBe(4);
    expect(lines.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 500, 500]);
    expect(lines.every(({ level }) => level === 20)).toBe(true);
    expectNowhere(waybill.output(), {
      ...secrets,
      'password of the database': 'pw-marker',
      'platform key': PLATFORM_KEY,
      'wrong key': 'wrong-key-marker',
      'encryption key': database.encryptionKey ?? '',
    });
  });

  it('at info says nothing of attempts', async () => {
    const waybill = await startServe(await createTestDatabase('postgres'));
    await runEverything(waybill);
    waybill.signal('SIGTERM');
    expect(await waybill.ended).toBe(0);
    expect(logLines(waybill).map(({ msg }) => msg)).toEqual(['dispatching', 'stopped']);
  });

  it("of the program's own logger holds no payload either, whatever the database complains of", async () => {
    const database = await createTestDatabase('postgres');
    let log = '';
    const logger = pino({ level: 'trace' }, { write: (line: string) => (log += line) });
    const { api } = await startTestWaybill('postgres', { ...database, logger });
    await api.post(EVENTS, order());
    await ask(database, (db) =>
      db.query("alter table waybill.events add constraint odd check (data not like '%marker%') not valid"),
    );
    const refused = await api.post(EVENTS, order({ data: { note: 'payload-marker' } }));
    expect(refused.status).toBe(500);
    expect(refused.text).not.toContain('marker');
    expect(log).toContain('a request failed');
    expect(log).not.toContain('payload-marker');
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a line of the log has whatever fields it has.
function logLines(waybill: WaybillProcess): any[] {
  const lines = waybill.output().split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
}

/**
 * A success, and a delivery that fails twice for good, with secrets in every place that can hold one. Returns
 * them, once all is settled.
 */
async function runEverything({ api }: WaybillProcess): Promise<Record<string, string>> {
  const receiver = await openReceiver(({ path }, _response, index) => ({
    status: path.startsWith('/fails') ? 500 : 200,
    headers: { 'x-answer': 'answer-header-marker' },
    body: `answer-body-marker ${index}`,
  }));
  const headers = { 'x-token': 'header-marker' };
  const works = { url: `${receiver.url}works/url-marker?token=query-marker`, events: ['*'], headers };
  const fails = { url: `${receiver.url}fails`, events: ['order.*'], retry: { schedule: [1] } };
  const { secret } = (await api.post(WEBHOOKS, works)).body;
  const { secret: other } = (await api.post(WEBHOOKS, fails)).body;
  const { key } = (await api.post('/v1/accounts/acme/keys', { name: 'till' })).body;
  expect([secret, other, key].every((one) => typeof one === 'string')).toBe(true);
  const account = api.withKey(key);
  expect((await account.post(EVENTS, order({ data: 'payload-marker' }))).status).toBe(202);
  expect((await account.post(EVENTS, { type: 'route.started', data: 'payload-marker' })).status).toBe(202);
  expect((await account.post(EVENTS, { type: 'payload-marker!', data: 'payload-marker' })).status).toBe(400);
  await eventually(async () => {
    const { data } = (await api.get('/v1/accounts/acme/deliveries')).body;
    const statuses = data.map((one: { status: string }) => one.status).sort();
    expect(statuses).toEqual(['delivered', 'delivered', 'failed']);
    return true;
  });
  return {
    secret: secret.slice('whsec_'.length),
    'other secret': other.slice('whsec_'.length),
    'prefix of secrets': 'whsec_',
    'account key': key,
    payload: 'payload-marker',
    'path of the URL': 'url-marker',
    'query of the URL': 'query-marker',
    'header of the webhook': 'header-marker',
    'body of the answer': 'answer-body-marker',
    'header of the answer': 'answer-header-marker',
    signature: 'v1,',
  };
}

async function breakConnections(database: TestDatabase): Promise<void> {
  await ask(database, (db) =>
    db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name like 'waybill%'`,
    ),
  );
}
