import { describe, expect, it } from 'vitest';
import { permissionOf } from '../../src/http/endpoint.ts';
import { endpoints } from '../../src/http/endpoints.ts';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNTS = '/v1/accounts';
const NOWHERE = 'http://127.0.0.1:9999/';

function expectProblem(answer: ApiAnswer, status: number, code: string, what = ''): void {
  expect({ status: answer.status, code: answer.body.code }, what).toEqual({ status, code });
  expect(answer.headers.get('content-type'), what).toBe('application/problem+json');
  expect(answer.body.status, what).toBe(status);
}

/**
 * A paused webhook, an event and its delivery, which has failed once and is pending, an alert, and a key of the account's
 * own; beside it a catalog.
 */
async function furnish(api: ApiClient, account: string) {
  const base = `${ACCOUNTS}/${account}`;
  const key = (await api.post(`${base}/keys`, { name: `key of ${account}` })).body;
  const webhook = await api.post(`${base}/webhooks`, { url: NOWHERE, events: ['*'] });
  const event = await api.post(`${base}/events`, { type: 'order.created', data: 1, channel: 'web' });
  const delivery = await attemptedDelivery(api, base);
  await api.post(`${base}/webhooks/${webhook.body.id}/pause`);
  await api.post('/v1/catalogs/scurri/import');
  const ids: Record<string, string> = {
    account,
    alert: await raiseAlert(api, base),
    preset: 'scurri',
    eventType: 'tracking_update',
    key: key.id,
    webhook: webhook.body.id,
    event: event.body.id,
    delivery: delivery.id,
    attempt: delivery.attempts[0].id,
    channel: 'web',
    recipient: (await api.post(`${base}/alert-recipients`, { email: 'ops@shop.example' })).body.id,
    replay: await makeReplay(api, base, webhook.body.id),
    ...(await makePeople(api, base)),
  };
  return { ids, key: key.key as string };
}

/** A user, whose session is in no path but its own user's, and an invitation. */
async function makePeople(api: ApiClient, base: string) {
  const email = `${base.split('/').at(-1)}@shop.example`;
  const { url } = (await api.post(`${base}/invitations`, { email, role: 'viewer' })).body;
  const accept = { token: url.split('#token=')[1], name: 'Bo', password: 'correct horse' };
  const user = (await api.post('/v1/invitation/accept', accept)).body.id;
  const open = await api.post(`${base}/invitations`, { email: `x${email}`, role: 'viewer' });
  return { user, invitation: open.body.id, session: `ses_${'0'.repeat(32)}` };
}

async function attemptedDelivery(api: ApiClient, base: string) {
  const [{ id }] = (await api.get(`${base}/deliveries`)).body.data;
  return eventually(async () => {
    const { body } = await api.get(`${base}/deliveries/${id}`);
    return body.attempts.length > 0 ? body : undefined;
  });
}

/** Of nothing: what it was made for waits already. */
async function makeReplay(api: ApiClient, base: string, webhook: string): Promise<string> {
  const { body } = await api.post(`${base}/webhooks/${webhook}/replay`, { from: '2020-01-01T00:00:00Z' });
  return body.id;
}

/** By a delivery that is given up at once, as nobody listens. */
async function raiseAlert(api: ApiClient, base: string): Promise<string> {
  const webhook = { url: NOWHERE, events: ['order.lost'], retry: { schedule: [] } };
  await api.post(`${base}/webhooks`, webhook);
  await api.post(`${base}/events`, { type: 'order.lost', data: 1 });
  const raised = await eventually(async () => (await api.get(`${base}/alerts`)).body.data[0]);
  return raised.id;
}

/** All there is to see of an account and of catalogs. Two that are equal: nothing has happened in between. */
async function snapshot(api: ApiClient, account: string): Promise<string> {
  const base = `${ACCOUNTS}/${account}`;
  const parts = [
    'keys',
    'webhooks',
    'events',
    'deliveries',
    'alerts',
    'channels',
    'replays',
    'users',
    'invitations',
    'alert-recipients',
  ].map((part) => `${base}/${part}`);
  const paths = [base, ...parts, '/v1/catalogs', '/v1/event-types'];
  const answers = [];
  for (const path of paths) answers.push((await api.get(path)).text);
  return answers.join('\n');
}

function fill(path: string, ids: Record<string, string>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`furnish() makes no ${name}, which ${path} asks for`);
    return id;
  });
}

/** A body each endpoint would take, so that nothing but the key decides. */
function bodyFor(operationId: string): unknown {
  const bodies: Record<string, unknown> = {
    publishEvents: { type: 'order.created', data: 1 },
    createWebhook: { url: NOWHERE, events: ['*'] },
    updateWebhook: { name: 'mine now' },
    updateDelivery: { priority: 9 },
    putAccount: { name: 'mine now' },
    replayWebhook: { from: '2020-01-01T00:00:00Z', dryRun: true },
    explainDraft: { webhook: { url: NOWHERE, events: ['*'] } },
    previewDraft: { webhook: { url: NOWHERE, events: ['*'] } },
    putChannel: { title: 'mine now' },
    createInvitation: { email: 'eve@shop.example', role: 'admin' },
    addAlertRecipient: { email: 'eve@shop.example' },
    addPlatformAlertRecipient: { email: 'eve@shop.example' },
    createPlatformInvitation: { email: 'eve@shop.example', role: 'admin' },
    changeUserRole: { role: 'admin' },
    changePlatformUserRole: { role: 'admin' },
  };
  return bodies[operationId] ?? {};
}

async function call(api: ApiClient, endpoint: (typeof endpoints)[number], ids: Record<string, string>) {
  const body = endpoint.method === 'get' ? undefined : bodyFor(endpoint.operationId);
  return api.request(endpoint.method.toUpperCase(), fill(endpoint.path, ids), body);
}

/** Who may sign in is no business of a key of an account: that has its own test. */
function asksPeople(endpoint: (typeof endpoints)[number]): boolean {
  return permissionOf(endpoint) === 'people';
}

const guarded = endpoints.filter((endpoint) => endpoint.access !== 'open');

describe.each(E2E_DATABASE_KINDS)('accounts on %s', (kind) => {
  it('lists are paged by id, without gap or repeat', async () => {
    const { api } = await startTestWaybill(kind);
    const ids = ['Zoo', 'a', 'a.b', 'a_b', 'b-1', 'x'.repeat(64), '0'];
    for (const id of ids) expect((await api.request('PUT', `${ACCOUNTS}/${id}`, {})).status).toBe(200);
    const pages: string[][] = [];
    for (let cursor = ''; ; ) {
      const { status, body } = await api.get(`${ACCOUNTS}?limit=3${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      pages.push(body.data.map((account: { id: string }) => account.id));
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat().sort()).toEqual(ids.sort());
  });
});

describe('accounts', () => {
  it('one is made with a name, and renamed; naming it does not change when it was made', async () => {
    const { api } = await startTestWaybill('postgres');
    const put = (body?: unknown) => api.request('PUT', `${ACCOUNTS}/acme`, body);
    const made = await put({ name: 'Acme Ltd' });
    expect(made.status).toBe(200);
    expect(made.body).toEqual({
      id: 'acme',
      name: 'Acme Ltd',
      preset: null,
      validation: null,
      unknownTypes: null,
      limits: { eventsPerDay: null },
      usage: { eventsToday: null },
      effective: { preset: null, validation: 'off', unknownTypes: 'off' },
      createdAt: expect.stringMatching(/Z$/),
    });
    expect((await put({ name: 'Åcme' })).body).toEqual({ ...made.body, name: 'Åcme' });
    expect((await api.get(`${ACCOUNTS}/acme`)).body.name).toBe('Åcme');
    expect((await put({ name: null })).body.name).toBeNull();
    expect((await put()).status).toBe(200);
    expect((await api.get(ACCOUNTS)).body.data).toHaveLength(1);
  });

  it('ids that cannot be one are refused, wherever they are named, and make nothing', async () => {
    const { api } = await startTestWaybill('postgres');
    const wrong = [
      '-a',
      '.a',
      '_a',
      'a b',
      'å',
      'a/b',
      'a\0',
      'x'.repeat(65),
      '{account}',
      '__proto__',
      'a\n',
    ];
    for (const id of wrong) {
      const path = `${ACCOUNTS}/${encodeURIComponent(id)}`;
      const answers = [
        await api.get(path),
        await api.request('PUT', path, {}),
        await api.post(`${path}/events`, { type: 'a', data: 1 }),
        await api.get(`${path}/webhooks`),
        await api.post(`${path}/keys`, {}),
      ];
      for (const answer of answers) expectProblem(answer, 400, 'validation_failed', id);
    }
    expect((await api.get(ACCOUNTS)).body.data).toEqual([]);
  });

  it('names that JavaScript gives a meaning to are accounts like any other', async () => {
    const { api } = await startTestWaybill('postgres');
    for (const id of ['constructor', 'toString', 'hasOwnProperty', 'null', '0']) {
      expectProblem(await api.get(`${ACCOUNTS}/${id}`), 404, 'not_found', id);
      expect((await api.post(`${ACCOUNTS}/${id}/events`, { type: 'constructor', data: 1 })).status).toBe(202);
      expect((await api.get(`${ACCOUNTS}/${id}/events`)).body.data).toHaveLength(1);
    }
  });
});

describe('keys', () => {
  it('one is shown once, listed by its end, and stops working when it is revoked', async () => {
    const { api } = await startTestWaybill('postgres');
    const keys = `${ACCOUNTS}/acme/keys`;
    const made = await api.post(keys, { name: 'CI' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{32}$/),
      key: expect.stringMatching(/^wbk_[\w-]{43}$/),
    });
    const { id, key } = made.body;
    const other = (await api.post(keys)).body;
    const listed = await api.get(keys);
    expect(listed.body).toEqual({
      data: [
        { id, name: 'CI', hint: key.slice(-4), createdAt: expect.stringMatching(/Z$/) },
        { id: other.id, name: 'account key', hint: other.key.slice(-4), createdAt: expect.any(String) },
      ],
      nextCursor: null,
    });
    expect(listed.text).not.toContain(key);

    const mine = api.withKey(key);
    expect((await mine.get(`${ACCOUNTS}/acme/events`)).status).toBe(200);
    const revoked = await api.delete(`${keys}/${id}`);
    expect([revoked.status, revoked.text]).toEqual([204, '']);
    expectProblem(await mine.get(`${ACCOUNTS}/acme/events`), 401, 'unauthorized');
    expectProblem(await api.delete(`${keys}/${id}`), 404, 'not_found');
    expect((await api.withKey(other.key).get(`${ACCOUNTS}/acme/events`)).status).toBe(200);
    expect((await api.get(keys)).body.data).toHaveLength(1);
  });

  it('one that belongs to another account, or is none, cannot be revoked', async () => {
    const { api } = await startTestWaybill('postgres');
    const { id, key } = (await api.post(`${ACCOUNTS}/acme/keys`)).body;
    const wrong = [
      `${ACCOUNTS}/other/keys/${id}`,
      `${ACCOUNTS}/acme/keys/key_${'0'.repeat(32)}`,
      `${ACCOUNTS}/acme/keys/${id.replace('key', 'evt')}`,
      `${ACCOUNTS}/acme/keys/x`,
    ];
    for (const path of wrong) expectProblem(await api.delete(path), 404, 'not_found', path);
    expect((await api.withKey(key).get(`${ACCOUNTS}/acme`)).status).toBe(200);
  });

  it('the first key of an account makes the account', async () => {
    const { api } = await startTestWaybill('postgres');
    expect((await api.post(`${ACCOUNTS}/fresh/keys`)).status).toBe(201);
    expect((await api.get(`${ACCOUNTS}/fresh`)).status).toBe(200);
  });
});

describe('who may call what', () => {
  it('no endpoint but the open ones answers without a key that works', async () => {
    const { api, url } = await startTestWaybill('postgres');
    const { ids, key } = await furnish(api, 'acme');
    const revoked = (await api.post(`${ACCOUNTS}/acme/keys`)).body;
    await api.delete(`${ACCOUNTS}/acme/keys/${revoked.id}`);
    const before = await snapshot(api, 'acme');
    const headers: Record<string, string>[] = [
      {},
      { authorization: '' },
      { authorization: 'Bearer' },
      { authorization: 'Bearer wbk_wrong' },
      { authorization: `Bearer ${revoked.key}` },
      { authorization: `Bearer ${key}x` },
      { authorization: `Bearer ${key} ${key}` },
      { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
      { authorization: key },
      { authorization: `Bearer ${'x'.repeat(300)}` },
      { 'x-api-key': key },
    ];
    for (const endpoint of guarded) {
      const method = endpoint.method.toUpperCase();
      for (const header of headers) {
        const response = await fetch(url + fill(endpoint.path, ids), { method, headers: header });
        const what = `${method} ${endpoint.path} with ${JSON.stringify(header)}`;
        expect(response.status, what).toBe(401);
        expect(response.headers.get('content-type'), what).toBe('application/problem+json');
        expect(response.headers.get('www-authenticate'), what).toBe('Bearer');
        expect(await response.json(), what).toMatchObject({ status: 401, code: 'unauthorized' });
      }
    }
    expect(await snapshot(api, 'acme')).toBe(before);
  });

  it('a key in the query is no key', async () => {
    const { api, url } = await startTestWaybill('postgres');
    const { key } = await furnish(api, 'acme');
    for (const name of ['key', 'apiKey', 'api_key', 'access_token', 'token']) {
      expect((await fetch(`${url}${ACCOUNTS}/acme?${name}=${key}`)).status, name).toBe(401);
    }
  });

  it('the scheme is read in any case', async () => {
    const { url, api } = await startTestWaybill('postgres');
    const { key } = await furnish(api, 'acme');
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const headers = { authorization: `${scheme} ${key}` };
      expect((await fetch(`${url}${ACCOUNTS}/acme`, { headers })).status, scheme).toBe(200);
    }
  });

  it('to the key of an account, every endpoint of another account is not there', async () => {
    const { api } = await startTestWaybill('postgres');
    const mine = await furnish(api, 'acme');
    const theirs = await furnish(api, 'other');
    const [beforeMine, beforeTheirs] = [await snapshot(api, 'acme'), await snapshot(api, 'other')];
    const stranger = api.withKey(mine.key);
    const tried = guarded.filter((endpoint) => endpoint.path.includes('{account}'));
    expect(tried.length).toBeGreaterThan(15);
    for (const endpoint of tried) {
      const what = `${endpoint.method} ${endpoint.path}`;
      const answer = await call(stranger, endpoint, theirs.ids);
      expectProblem(answer, 404, 'not_found', what);
      // And as if it weren't there: an account that doesn't exist looks the same.
      const nobody = await call(stranger, endpoint, { ...theirs.ids, account: 'nobody' });
      expect(nobody.text, what).toBe(answer.text);
    }
    expect(await snapshot(api, 'other')).toBe(beforeTheirs);
    expect(await snapshot(api, 'acme')).toBe(beforeMine);
    expectProblem(await api.get(`${ACCOUNTS}/nobody`), 404, 'not_found');
  });

  it('ids of another account are not there either, under the own account', async () => {
    const { api } = await startTestWaybill('postgres');
    const mine = await furnish(api, 'acme');
    const theirs = await furnish(api, 'other');
    const before = await snapshot(api, 'other');
    const own = api.withKey(mine.key);
    const tried = endpoints.filter(
      // A channel is called by its name, which any account may use.
      (endpoint) => endpoint.access === 'account' && /\{(?!account|channel)/.test(endpoint.path),
    );
    expect(tried.length).toBeGreaterThan(10);
    for (const endpoint of tried) {
      for (const caller of asksPeople(endpoint) ? [api] : [own, api]) {
        const answer = await call(caller, endpoint, { ...theirs.ids, account: 'acme' });
        expectProblem(answer, 404, 'not_found', `${endpoint.method} ${endpoint.path}`);
      }
    }
    // As a filter such an id is known to be none of ours: nothing is found.
    for (const query of [`webhookId=${theirs.ids.webhook}`, `eventId=${theirs.ids.event}`]) {
      expect((await own.get(`${ACCOUNTS}/acme/deliveries?${query}`)).body.data).toEqual([]);
    }
    expect(await snapshot(api, 'other')).toBe(before);
  });

  it('what is the platform’s alone is not there for the key of an account, be it its own', async () => {
    const { api } = await startTestWaybill('postgres');
    const { ids, key } = await furnish(api, 'acme');
    const before = await snapshot(api, 'acme');
    const platformOnly = endpoints.filter((endpoint) => endpoint.access === 'platform');
    expect(platformOnly.map((endpoint) => endpoint.operationId)).toEqual(
      expect.arrayContaining([
        'listAccounts',
        'putAccount',
        'updateAccount',
        'createApiKey',
        'listApiKeys',
        'revokeApiKey',
        'importCatalog',
        'deleteCatalog',
        'putEventType',
        'deleteEventType',
        'deprecateEventType',
      ]),
    );
    for (const endpoint of platformOnly) {
      const answer = await call(api.withKey(key), endpoint, ids);
      expectProblem(answer, 404, 'not_found', `${endpoint.method} ${endpoint.path}`);
    }
    expect(await snapshot(api, 'acme')).toBe(before);
  });

  it('what is for any key answers that of any account as it does the platform’s', async () => {
    const { api } = await startTestWaybill('postgres');
    const { ids, key } = await furnish(api, 'acme');
    const forAnyKey = endpoints.filter(
      // Who asks is told of themselves, and closes what is theirs.
      ({ access, operationId }) => access === 'key' && !['getMe', 'closePortal'].includes(operationId),
    );
    expect(forAnyKey.map((endpoint) => endpoint.operationId)).toEqual(
      expect.arrayContaining(['listCatalogs', 'getCatalog', 'listEventTypes', 'getEventType']),
    );
    for (const endpoint of forAnyKey) {
      const what = `${endpoint.method} ${endpoint.path}`;
      const [platform, own] = [await call(api, endpoint, ids), await call(api.withKey(key), endpoint, ids)];
      expect([platform.status, own.status], what).toEqual([200, 200]);
      expect(own.text, what).toBe(platform.text);
    }
  });

  it('the key of an account may do all else within it, as the platform’s may everywhere', async () => {
    const { api } = await startTestWaybill('postgres');
    const own = endpoints.filter((endpoint) => endpoint.access === 'account');
    // What deletes comes last, so that the others have something to work on.
    const order = own.toSorted((a, b) => Number(a.method === 'delete') - Number(b.method === 'delete'));
    const first = await furnish(api, 'acme');
    const second = await furnish(api, 'other');
    for (const [caller, { ids }] of [
      [api.withKey(first.key), first],
      [api, second],
    ] as const) {
      for (const endpoint of order) {
        if (asksPeople(endpoint) && caller !== api) continue;
        const { status, text } = await call(caller, endpoint, ids);
        const what = `${endpoint.method} ${endpoint.path} ${text}`;
        expect(Object.keys({ ...endpoint.responses, ...endpoint.problems }), what).toContain(String(status));
        expect([404, 401], what).not.toContain(status);
      }
    }
  });
});
