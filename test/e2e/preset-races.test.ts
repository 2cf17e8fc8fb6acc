import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { SIGNATURE } from '../support/profiles.ts';
import { startTestWaybill } from '../support/waybill.ts';

const CATALOGS = '/v1/catalogs';
const ACCOUNT = '/v1/accounts/acme';
const WEBHOOKS = `${ACCOUNT}/webhooks`;
const HTTP = { url: 'http://127.0.0.1:9999/', events: ['*'], profile: 'own' };
const HTTPS = { ...HTTP, url: 'https://127.0.0.1:9999/' };

function presetOf(profile: object | string | undefined, name = 'own') {
  const whole =
    typeof profile === 'object' ? { body: 'event.data', signatures: [SIGNATURE], ...profile } : profile;
  return { name, title: name, description: name, profile: whole };
}

/** Two nodes on one database, and a connection of the test's own that can hold either of them up. */
async function setUp() {
  const database = await createTestDatabase('postgres');
  const { api: a } = await startTestWaybill('postgres', database);
  const { api: b } = await startTestWaybill('postgres', database);
  const client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  expect((await a.post(`${CATALOGS}/own/import`, presetOf({}))).status).toBe(200);
  expect((await a.request('PUT', ACCOUNT, {})).status).toBe(200);
  const watch = new pg.Client({ connectionString: database.databaseUrl });
  await watch.connect();
  onTestFinished(() => watch.end());
  const waiting = (count: number) =>
    eventually(async () => {
      const { rows } = await watch.query(
        `select count(*)::integer as count from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0].count >= count;
    });
  /** Runs one, held up by this lock, then the other, until both wait; then lets go. */
  const meeting = async <T>(
    lock: string,
    one: () => Promise<T>,
    other: () => Promise<T>,
  ): Promise<[T, T]> => {
    await client.query('begin');
    await client.query(lock);
    const first = one();
    await waiting(1);
    const second = other();
    await waiting(2);
    await client.query('commit');
    return Promise.all([first, second]);
  };
  return { a, b, meeting };
}

const LOCK_ACCOUNT = "select from waybill.accounts where id = 'acme' for update";
const LOCK_WEBHOOKS = 'select from waybill.webhooks for update';
const LOCK_CATALOG = 'select from waybill.catalog_state for update';

describe('of two that meet on two nodes', () => {
  it('a webhook that is being made with a preset keeps it from being deleted', async () => {
    const { a, b, meeting } = await setUp();
    const [made, deleted] = await meeting(
      LOCK_ACCOUNT,
      () => a.post(WEBHOOKS, HTTP),
      () => b.delete(`${CATALOGS}/own`),
    );
    expect([made.status, deleted.status, deleted.body.code]).toEqual([201, 409, 'preset_in_use']);
    expect((await a.get(`${WEBHOOKS}/${made.body.id}`)).body.effective).not.toBeNull();
  });

  it('an account that is given a preset keeps it from being deleted, on PUT and on PATCH', async () => {
    for (const method of ['PUT', 'PATCH'] as const) {
      const { a, b, meeting } = await setUp();
      const [given, deleted] = await meeting(
        LOCK_ACCOUNT,
        () => a.request(method, ACCOUNT, { preset: 'own' }),
        () => b.delete(`${CATALOGS}/own`),
      );
      expect([given.status, deleted.status], method).toEqual([200, 409]);
      expect((await b.get(`${CATALOGS}/own`)).status).toBe(200);
    }
  });

  it('a webhook that is made while its profile is changed is judged by the new one', async () => {
    const { a, b, meeting } = await setUp();
    await a.post(WEBHOOKS, HTTPS);
    const [imported, made] = await meeting(
      LOCK_WEBHOOKS,
      () => a.post(`${CATALOGS}/own/import`, presetOf({ httpsOnly: true })),
      () => b.post(WEBHOOKS, HTTP),
    );
    expect([imported.status, made.status, made.body.errors?.[0]?.code]).toEqual([200, 400, 'url_scheme']);
  });

  it('a webhook that changes while its profile does is judged by the new one', async () => {
    const { a, b, meeting } = await setUp();
    const { id } = (await a.post(WEBHOOKS, HTTPS)).body;
    await a.post(WEBHOOKS, HTTPS);
    // Not the webhook that changes, which both would want first.
    const lock = `select from waybill.webhooks where id = (select max(id::text)::uuid from waybill.webhooks) for update`;
    const [imported, changed] = await meeting(
      lock,
      () => a.post(`${CATALOGS}/own/import`, presetOf({ headers: { 'X-Own': '1' } })),
      () => b.patch(`${WEBHOOKS}/${id}`, { headers: { 'x-own': '2' } }),
    );
    expect([imported.status, changed.status]).toEqual([200, 400]);
  });

  it('a webhook that is made while its profile asks for another kind of secret gets one of that kind', async () => {
    const { a, b, meeting } = await setUp();
    const signatures = [{ ...SIGNATURE, key: 'whsk', algorithm: 'ed25519' }];
    await a.post(`${CATALOGS}/sharing/import`, presetOf('own', 'sharing'));
    const [imported, made] = await meeting(
      // Locks of its rows are given, and nothing is written into it.
      'lock table waybill.presets in share mode',
      () => a.post(`${CATALOGS}/own/import`, presetOf({ signatures })),
      () => b.post(WEBHOOKS, { ...HTTP, profile: 'sharing' }),
    );
    expect([imported.status, made.status]).toEqual([200, 201]);
    expect(made.body.secret).toMatch(/^whsk_/);
  });

  it('an import that shares a profile, and one that takes it away, do not both succeed', async () => {
    const { a, b, meeting } = await setUp();
    const statuses = await meeting(
      LOCK_CATALOG,
      () => a.post(`${CATALOGS}/sharing/import`, presetOf('own', 'sharing')),
      () => b.post(`${CATALOGS}/own/import`, presetOf(undefined)),
    );
    expect(statuses.map(({ status }) => status).sort()).not.toEqual([200, 200]);
    const { data } = (await a.get('/v1/profiles')).body;
    const shared = (await a.get(`${CATALOGS}/sharing`)).status === 200;
    expect(data.some(({ name }: { name: string }) => name === 'sharing')).toBe(shared);
  });

  it.each(['own', 'velourcity'])(
    'a version that is pinned meanwhile can not be taken away, in %s',
    async (profile) => {
      const { a, b, meeting } = await setUp();
      const path = `/v1/event-types/box.packed?preset=${profile}`;
      const versions = (...names: string[]) => ({
        versions: Object.fromEntries(names.map((name) => [name, { payload: ['id'] }])),
      });
      expect((await a.request('PUT', path, versions('1', '2'))).status).toBe(200);
      const webhook = { ...HTTPS, profile, events: ['box.*'] };
      const { id } = (await a.post(WEBHOOKS, webhook)).body;
      const [made, put] = await meeting(
        LOCK_ACCOUNT,
        () => a.post(WEBHOOKS, { ...webhook, payloadVersion: '2' }),
        () => b.request('PUT', path, versions('1')),
      );
      expect([made.status, put.status, put.body.code]).toEqual([201, 409, 'preset_in_use']);
      await a.delete(`${WEBHOOKS}/${made.body.id}`);
      const [pinned, deleted] = await meeting(
        LOCK_WEBHOOKS,
        () => a.patch(`${WEBHOOKS}/${id}`, { payloadVersion: '1' }),
        () => b.delete(path),
      );
      expect([pinned.status, deleted.status, deleted.body.code]).toEqual([200, 409, 'preset_in_use']);
    },
  );

  it('an event type that changes while a version of it is pinned takes it away first', async () => {
    const { a, b, meeting } = await setUp();
    const path = '/v1/event-types/box.packed?preset=velourcity';
    const versions = { 1: { payload: ['id'] }, 2: { payload: ['id'] } };
    await a.request('PUT', path, { versions });
    const webhook = { ...HTTPS, profile: 'velourcity', events: ['box.*'] };
    const { id } = (await a.post(WEBHOOKS, webhook)).body;
    const [put, pinned] = await meeting(
      LOCK_WEBHOOKS,
      () => a.request('PUT', path, { versions: { 1: { payload: ['id'] } } }),
      () => b.patch(`${WEBHOOKS}/${id}`, { payloadVersion: '2' }),
    );
    expect([put.status, pinned.status, pinned.body.errors?.[0]?.path]).toEqual([200, 400, 'payloadVersion']);
  });

  it('two deprecations of different types are both kept', async () => {
    const { a, b, meeting } = await setUp();
    await a.post(`${CATALOGS}/velourcity/import`);
    const path = (name: string) => `/v1/event-types/${name}/deprecate`;
    await meeting(
      LOCK_CATALOG,
      () => a.post(path('order.picked_up')),
      () => b.post(path('order.created')),
    );
    // What the other node has done is listed within seconds.
    for (const name of ['order.picked_up', 'order.created']) {
      const deprecated = async () =>
        (await a.get(`/v1/event-types/${name}?preset=velourcity`)).body.deprecated;
      await expect.poll(deprecated, { timeout: 10_000 }).toBe(true);
    }
  });
});
