import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import {
  createTestDatabase,
  type DatabaseKind,
  E2E_DATABASE_KINDS,
  type TestDatabase,
} from '../support/database.ts';
import { SIGNATURE } from '../support/profiles.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const CATALOGS = '/v1/catalogs';
const ACCOUNT = '/v1/accounts/acme';
const WEBHOOKS = `${ACCOUNT}/webhooks`;
const EVENTS = `${ACCOUNT}/events`;
const BUILT_IN = [
  'github',
  'nshift',
  'scrollengine',
  'scurri',
  'shopctrl',
  'shopify',
  'standard-webhooks',
  'standard-webhooks-v1a',
  'stripe',
  'velourcity',
];

/** A wire format that tells by its first member which one it is. */
function profileOf(mark: string) {
  return {
    body: [
      { name: mark, value: 'event.type' },
      { name: 'data', value: 'event.data' },
    ],
    headers: { 'X-Own': mark },
    signatures: [SIGNATURE],
  };
}

const ORDER = { type: 'object', properties: { id: { type: 'integer' } } };

function presetOf(more: object = {}) {
  return {
    name: 'own',
    title: 'Our own',
    description: 'What we send.',
    profile: profileOf('first'),
    eventTypes: [{ name: 'order.created', group: 'Orders', schema: ORDER, sample: { id: 1 } }],
    ...more,
  };
}

async function setUp(kind: DatabaseKind, database: TestDatabase = {}) {
  const { api, stop } = await startTestWaybill(kind, database);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const importing = (name: string, body?: unknown) => api.post(`${CATALOGS}/${name}/import`, body);
  const publish = () => api.post(EVENTS, { type: 'order.created', data: { id: 7 } });
  const createWebhook = (more: object = {}) =>
    api.post(WEBHOOKS, { url: receiver.url, events: ['*'], ...more });
  return { api, stop, receiver, importing, publish, createWebhook };
}

async function namesSeenBy(api: ApiClient, account: string): Promise<string[]> {
  const { body } = await api.get(`/v1/event-types?limit=100&account=${account}`);
  return body.data.map(({ name }: { name: string }) => name);
}

/** All there is to see of catalogs and of what depends on them. Two that are equal: nothing has happened in between. */
async function snapshot(api: ApiClient): Promise<string> {
  const paths = [CATALOGS, `${CATALOGS}/own`, '/v1/event-types?limit=100', '/v1/profiles', WEBHOOKS];
  const answers = [];
  for (const path of paths) answers.push((await api.get(path)).text);
  return answers.join('\n');
}

function expectProblem(answer: ApiAnswer, status: number, code: string, what = ''): void {
  expect({ status: answer.status, code: answer.body?.code }, what).toEqual({ status, code });
  expect(answer.headers.get('content-type'), what).toBe('application/problem+json');
}

describe('catalogs', () => {
  it('are listed by name, each with its versions and policies', async () => {
    const { api } = await setUp('postgres');
    const { status, body } = await api.get(CATALOGS);
    expect([status, body.nextCursor]).toEqual([200, null]);
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(BUILT_IN);
    expect(body.data[3]).toEqual({
      name: 'scurri',
      title: 'Scurri',
      description: expect.stringContaining('proofs of delivery'),
      builtIn: true,
      imported: false,
      instance: false,
      eventTypes: 2,
      payloadVersions: expect.arrayContaining(['2024.1', '2025.1']),
      payloadVersion: '2024.1',
      filters: [],
      policies: { validation: 'warn', unknownTypes: 'warn' },
    });
    expect(body.data[0]).toMatchObject({ eventTypes: 0, payloadVersions: [], payloadVersion: null });
  });

  it('one is read with its event types, imported or not; an unknown one is not there', async () => {
    const { api } = await setUp('postgres');
    const { status, body } = await api.get(`${CATALOGS}/velourcity`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'velourcity', builtIn: true, imported: false });
    expect(body.types).toHaveLength(body.eventTypes);
    const created = body.types.find(({ name }: { name: string }) => name === 'order.created');
    expect(created).toMatchObject({ preset: 'velourcity', group: 'Order Events', deprecated: false });
    // Its schema stands alone: what it refers to comes with it.
    expect(created.schema.$defs.Order).toMatchObject({ type: 'object' });
    for (const name of ['own', 'Velourcity', '__proto__', 'constructor', 'a%2Fb']) {
      expectProblem(await api.get(`${CATALOGS}/${name}`), 404, 'not_found', name);
    }
  });

  it('are read by the key of an account, but neither imported nor forgotten by it', async () => {
    const { api, importing } = await setUp('postgres');
    const key = (await api.post(`${ACCOUNT}/keys`)).body.key;
    await importing('own', presetOf());
    const before = await snapshot(api);
    const mine = api.withKey(key);
    expect((await mine.get(CATALOGS)).text).toBe((await api.get(CATALOGS)).text);
    expect((await mine.get(`${CATALOGS}/own`)).text).toBe((await api.get(`${CATALOGS}/own`)).text);
    expectProblem(await mine.post(`${CATALOGS}/scurri/import`), 404, 'not_found');
    expectProblem(await mine.post(`${CATALOGS}/own/import`, presetOf({ title: 'Theirs' })), 404, 'not_found');
    expectProblem(await mine.delete(`${CATALOGS}/own`), 404, 'not_found');
    expect(await snapshot(api)).toBe(before);
  });
});

describe.each(E2E_DATABASE_KINDS)('importing a catalog on %s', (kind) => {
  it.each([
    ['no body', undefined],
    ['{}', {}],
  ])(
    'with %s makes the event types of one that comes along known to accounts without a preset',
    async (_, body) => {
      const { api, importing } = await setUp(kind);
      await api.request('PUT', '/v1/accounts/driving', { preset: 'scrollengine' });
      const drivers = await namesSeenBy(api, 'driving');
      expect(drivers).toContain('driver.assigned');
      expect(await namesSeenBy(api, 'acme')).toEqual([]);

      const answer = await importing('velourcity', body);
      const { types, ...velourcity } = (await api.get(`${CATALOGS}/velourcity`)).body;
      expect([answer.status, answer.body]).toEqual([
        200,
        { preset: 'velourcity', eventTypes: types.length, profile: true },
      ]);
      expect(velourcity).toMatchObject({ builtIn: true, imported: true, instance: false });
      const names = types.map(({ name }: { name: string }) => name).sort();
      expect(await namesSeenBy(api, 'acme')).toEqual(names);
      expect(names).not.toEqual(drivers);
      expect(await namesSeenBy(api, 'driving')).toEqual(drivers);
      expect((await importing('velourcity', body)).text).toBe(answer.text);

      // It is the import that is forgotten, and not the preset.
      expect((await api.delete(`${CATALOGS}/velourcity`)).status).toBe(204);
      expect(await namesSeenBy(api, 'acme')).toEqual([]);
      expect((await api.get(`${CATALOGS}/velourcity`)).body.imported).toBe(false);
      expectProblem(await api.delete(`${CATALOGS}/velourcity`), 404, 'not_found');
    },
  );

  it("takes the platform's own as JSON, with its event types and its wire format", async () => {
    const { api, receiver, importing, publish, createWebhook } = await setUp(kind);
    expectProblem(await importing('own'), 404, 'not_found');
    expectProblem(await createWebhook({ profile: 'own' }), 400, 'validation_failed');
    const { status, body } = await importing('own', presetOf());
    expect([status, body]).toEqual([200, { preset: 'own', eventTypes: 1, profile: true }]);
    const { types, ...own } = (await api.get(`${CATALOGS}/own`)).body;
    expect(own).toMatchObject({ title: 'Our own', builtIn: false, imported: true, instance: false });
    expect(types).toMatchObject([{ name: 'order.created', preset: 'own', schema: ORDER, sample: { id: 1 } }]);
    expect(await namesSeenBy(api, 'acme')).toEqual(['order.created']);

    expect((await createWebhook({ profile: 'own' })).status).toBe(201);
    await publish();
    const [request] = await receiver.waitFor(1);
    expect(request?.body).toBe('{"first":"order.created","data":{"id":7}}');
    expect(request?.headers['x-own']).toBe('first');
    expect((await importing('own')).body).toEqual(body);
  });

  it('again gives webhooks that are there the new wire format with the next event', async () => {
    const { receiver, importing, publish, createWebhook } = await setUp(kind);
    await importing('own', presetOf());
    // Without a profile of its own it has that of another, and changes with it.
    await importing('sharing', presetOf({ name: 'sharing', profile: 'own', eventTypes: [] }));
    await createWebhook({ profile: 'own', url: `${receiver.url}own` });
    await createWebhook({ profile: 'sharing', url: `${receiver.url}sharing` });
    await createWebhook({ url: `${receiver.url}plain` });
    await publish();
    await receiver.waitFor(3);
    const second = {
      body: [{ name: 'second', value: 'event.data.id' }],
      headers: {},
      signatures: [SIGNATURE],
    };
    expect((await importing('own', presetOf({ profile: second }))).status).toBe(200);
    await publish();
    const requests = await receiver.waitFor(6);
    const bodiesTo = (path: string) => requests.filter((one) => one.path === path).map(({ body }) => body);
    const forms = ['{"first":"order.created","data":{"id":7}}', '{"second":7}'];
    expect(bodiesTo('/own')).toEqual(forms);
    expect(bodiesTo('/sharing')).toEqual(forms);
    expect(bodiesTo('/plain').map((body) => Object.keys(JSON.parse(body)))).toEqual(
      Array(2).fill(['type', 'timestamp', 'data']),
    );
    const last = requests.filter(({ path }) => path === '/own').at(-1);
    expect(last?.headers['x-own']).toBeUndefined();
  });

  it('again replaces its event types: those that are left out are gone', async () => {
    const { api, importing } = await setUp(kind);
    await importing('own', presetOf());
    const eventTypes = [{ name: 'parcel.lost', title: 'Parcel lost' }];
    expect((await importing('own', presetOf({ eventTypes }))).body.eventTypes).toBe(1);
    expect(await namesSeenBy(api, 'acme')).toEqual(['parcel.lost']);
  });
});

type Refusal = [what: string, body: unknown, status: number, code: string, path: string, reason: RegExp];

/** With one wrong thing each. */
const flawed = (what: string, more: object, path: string, reason: RegExp): Refusal => [
  what,
  presetOf({ title: 'Must not be seen', ...more }),
  400,
  'preset_invalid',
  path,
  reason,
];

const profileWith = (more: object) => ({ profile: { ...profileOf('refused'), ...more } });
const typeWith = (more: object) => ({ eventTypes: [{ name: 'order.created', schema: ORDER, ...more }] });
/** JSON can hold a member called `__proto__`, a literal can't. */
function withProto(preset: object, place: string): string {
  return JSON.stringify(preset).replace(place, `"__proto__":{"polluted":true},${place}`);
}

const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

const REFUSED: Refusal[] = [
  flawed(
    'a schema that is none',
    typeWith({ schema: { type: 'strin' } }),
    'eventTypes[0].schema',
    /is not a JSON Schema: /,
  ),
  flawed(
    'a schema with an unknown keyword',
    typeWith({ schema: { requires: ['id'] } }),
    'eventTypes[0].schema',
    /is not a JSON Schema: .*requires/,
  ),
  flawed(
    'a schema that refers to what is not there',
    typeWith({ schema: { $ref: '#/$defs/Nothing' } }),
    'eventTypes[0].schema',
    /is not a JSON Schema: .*Nothing/,
  ),
  flawed(
    'a schema that refers to a URL',
    typeWith({ schema: { $ref: 'https://example.com/a.json' } }),
    'eventTypes[0].schema',
    /is not a JSON Schema: .*example\.com/,
  ),
  flawed(
    'a broken schema that nothing refers to',
    { $defs: { Unused: { type: 'nope' } } },
    '$defs.Unused',
    /is not a JSON Schema: /,
  ),
  flawed(
    'two types of one name',
    { eventTypes: [{ name: 'a.b' }, { name: 'a.c' }, { name: 'a.b' }] },
    'eventTypes[2].name',
    /^a\.b is there already, as eventTypes\[0\]$/,
  ),
  flawed(
    'a sample that does not fit',
    typeWith({ sample: { id: 'x' } }),
    'eventTypes[0].sample.id',
    /^must be integer \[type\]$/,
  ),
  flawed(
    'a sample whose payload does not fit its version',
    typeWith({
      sample: { id: 1 },
      versions: { v1: { schema: { type: 'object', required: ['code'] }, payload: ['id'] } },
    }),
    'eventTypes[0].sample.code',
    /^is missing \(payload version v1\)/,
  ),
  flawed(
    'a payload of a field the schema lacks',
    typeWith({ payload: ['id', 'code'] }),
    'eventTypes[0].payload[1]',
    /^code is not in the schema of the data$/,
  ),
  flawed(
    'a type that is no name',
    typeWith({ name: 'order created' }),
    'eventTypes[0].name',
    /^must be words/,
  ),
  flawed(
    'too many types',
    { eventTypes: Array.from({ length: 2001 }, (_, n) => ({ name: `a.n${n}` })) },
    'eventTypes',
    /2000/,
  ),
  flawed(
    'an unknown field referred to',
    profileWith({ body: [{ name: 'a', value: 'event.nothing' }] }),
    'profile.body[0].value',
    /^event\.nothing is not a field that can be referred to$/,
  ),
  flawed(
    'an unknown field in a header',
    profileWith({ headers: { 'X-A': '{event.nothing}' } }),
    'profile.headers.X-A',
    /event\.nothing.* can't be referred to here$/,
  ),
  flawed(
    'a line break in a header',
    profileWith({ headers: { 'X-A': 'a\r\nX-B: b' } }),
    'profile.headers.X-A',
    /^must be visible ASCII in one line$/,
  ),
  flawed(
    'a header that frames the request',
    profileWith({ headers: { 'Content-Length': '1' } }),
    'profile.headers.Content-Length',
    /^is reserved/,
  ),
  flawed(
    'a header that is set twice',
    profileWith({ headers: { 'X-A': '1', 'x-a': '2' } }),
    'profile.headers.x-a',
    /^x-a is set twice$/,
  ),
  flawed(
    'an envelope that is not JSON',
    profileWith({ body: '<event/>' }),
    'profile.body',
    /^is not a JSON envelope/,
  ),
  flawed(
    'a member that is there twice',
    profileWith({
      body: [
        { name: 'a', value: 'event.id' },
        { name: 'a', value: 'event.type' },
      ],
    }),
    'profile.body[1].name',
    /^a is there twice$/,
  ),
  flawed(
    'a member the format does not know',
    profileWith({ retries: 3 }),
    'profile.retries',
    /^is not a known field$/,
  ),
  flawed(
    'secrets of two kinds',
    profileWith({
      signatures: [SIGNATURE, { ...SIGNATURE, header: 'X-2', algorithm: 'ed25519', key: 'whsk' }],
    }),
    'profile',
    /whsk keys and with shared secrets/,
  ),
  flawed(
    'the profile of a preset there is not',
    { profile: 'nobody' },
    'profile',
    /^there is no profile nobody$/,
  ),
  flawed('its own name for a profile', { profile: 'own' }, 'profile', /^there is no profile own$/),
  flawed('a claim to be the default', { default: true }, 'default', /^is for the one that comes along$/),
  flawed(
    'a version none of its types has',
    { payloadVersion: 'v9', ...typeWith({ versions: { v1: {} } }) },
    'payloadVersion',
    /^must be one of v1$/,
  ),
  flawed('no title', { title: undefined }, 'title', /^is missing$/),
  flawed('an unknown member', { policy: 'reject' }, 'policy', /^is not a known field$/),
  flawed(
    'a policy there is not',
    { policies: { validation: 'strict' } },
    'policies.validation',
    /"off" or "warn" or "reject"/,
  ),
  [
    'another name than in the path',
    presetOf({ name: 'other' }),
    400,
    'validation_failed',
    'name',
    /^must be own, as in the path$/,
  ],
  [
    'a member __proto__',
    withProto(presetOf(), '"title"'),
    400,
    'preset_invalid',
    '__proto__',
    /^is not a known field$/,
  ],
  [
    'a member __proto__ deep in a schema',
    withProto(presetOf(), '"id"'),
    400,
    'preset_invalid',
    'eventTypes[0].schema.properties.__proto__',
    /^is not a known field$/,
  ],
  ['null', 'null', 400, 'preset_invalid', 'own', /^must be object, not null$/],
  ['a text', '"own"', 400, 'preset_invalid', 'own', /^must be object, not string$/],
  ['a list of presets', [presetOf()], 400, 'preset_invalid', 'own', /^must be object, not array$/],
];

describe.each(E2E_DATABASE_KINDS)('a catalog that is refused on %s', (kind) => {
  it('leaves everything as it was: it is taken as a whole or not at all', async () => {
    const database = await createTestDatabase(kind);
    const { api, stop, receiver, importing, publish, createWebhook } = await setUp(kind, database);
    await importing('own', presetOf());
    await createWebhook({ profile: 'own' });
    const before = await snapshot(api);
    for (const [what, body, status, code, path, reason] of REFUSED) {
      const answer = await importing('own', body);
      expect.soft([answer.status, answer.body.code], what).toEqual([status, code]);
      const [first] = answer.body.errors;
      expect.soft(first.path, what).toBe(path);
      expect.soft(first.message, what).toMatch(reason);
      // A person reads it, a program the list of errors: the first says the same in both.
      expect.soft(answer.body.detail, what).toContain(first.message);
    }
    expect(await snapshot(api)).toBe(before);
    await publish();
    const [request] = await receiver.waitFor(1);
    expect(request?.body).toBe('{"first":"order.created","data":{"id":7}}');
    // Nor does it come to light with the next start.
    await stop();
    const again = await setUp(kind, database);
    expect(await snapshot(again.api)).toBe(before);
  });
});

describe('a catalog is refused, and nothing changed, if it', () => {
  it('has the name of one that comes along, with or without the same contents', async () => {
    const { api, importing } = await setUp('postgres');
    const before = await snapshot(api);
    for (const more of [{}, { title: 'Scrollengine', eventTypes: [] }]) {
      const answer = await importing('scrollengine', presetOf({ name: 'scrollengine', ...more }));
      expectProblem(answer, 409, 'preset_built_in');
    }
    expect(await snapshot(api)).toBe(before);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['text that is not JSON', '{"name":"own",', 'malformed_json'],
    ['YAML', 'name: own', 'malformed_json'],
    ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'malformed_json'],
    ['65 levels', JSON.stringify(presetOf({ $defs: deep(64) })), 'json_too_deep'],
  ])('is %s', async (_what, body, code) => {
    const { api, importing } = await setUp('postgres');
    const before = await snapshot(api);
    expectProblem(await importing('own', body), 400, code);
    expect(await snapshot(api)).toBe(before);
  });

  it('is huge: longer than 2 Mi characters, or than any request may be', async () => {
    const { api } = await startTestWaybill('postgres', { limits: { maxRequestBytes: 10 * 1024 * 1024 } });
    const before = await snapshot(api);
    const sized = (mebibytes: number) =>
      `${JSON.stringify(presetOf())}${' '.repeat(mebibytes * 1024 * 1024)}`;
    const long = await api.post(`${CATALOGS}/own/import`, sized(2));
    expectProblem(long, 400, 'preset_invalid');
    expect(long.body.errors).toEqual([
      { path: 'own', code: 'invalid', message: 'is longer than 2097152 characters' },
    ]);
    expectProblem(await api.post(`${CATALOGS}/own/import`, sized(10)), 413, 'request_too_large');
    expect(await snapshot(api)).toBe(before);
  });

  it('is wrong in many places, of which a hundred are told', async () => {
    const { importing } = await setUp('postgres');
    const eventTypes = Array.from({ length: 150 }, (_, n) => ({ name: `a.n${n}`, schema: { type: 'x' } }));
    const { body } = await importing('own', presetOf({ eventTypes }));
    expect(body.detail).toMatch(/^own: eventTypes\[0\]\.schema: .* \(and 149 more\)$/);
    expect(body.errors).toHaveLength(100);
    expect(body.errors[99].path).toBe('eventTypes[99].schema');
  });
});

describe('a catalog in the place of another is refused as long as', () => {
  const signed = (key: string) => ({ ...profileOf('signed'), signatures: [{ ...SIGNATURE, key }] });

  async function expectInUse(api: ApiClient, body: object, detail: RegExp): Promise<void> {
    const before = await snapshot(api);
    const answer = await api.post(`${CATALOGS}/own/import`, body);
    expectProblem(answer, 409, 'preset_in_use');
    expect(answer.body.detail).toMatch(detail);
    expect(await snapshot(api)).toBe(before);
  }

  it.each([
    ['that have it', 'own'],
    ['of one that shares it', 'sharing'],
  ])('there are webhooks %s whose secrets cannot sign in its way', async (_what, profile) => {
    const { api, receiver, importing, publish, createWebhook } = await setUp('postgres');
    await importing('own', presetOf({ profile: signed('text') }));
    await importing('sharing', presetOf({ name: 'sharing', profile: 'own', eventTypes: [] }));
    const { id } = (await createWebhook({ profile, secret: 'a-shared-secret-in-plain-text' })).body;
    const other = presetOf({ profile: signed('whsec') });
    await expectInUse(
      api,
      other,
      /^1 webhook does not fit what would change: accounts\/acme\/webhooks\/wh_.*: secret can't sign as/,
    );
    await publish();
    const [request] = await receiver.waitFor(1);
    expect(request?.headers['x-signature']).toMatch(/^[0-9a-f]{64}$/);
    expect((await api.delete(`${WEBHOOKS}/${id}`)).status).toBe(204);
    expect((await importing('own', other)).status).toBe(200);
    // Any secret will do as text.
    await createWebhook({ profile: 'own' });
    expect((await importing('own', presetOf({ profile: signed('text') }))).status).toBe(200);
    await publish();
    await receiver.waitFor(2);
  });

  it('others share the wire format that it would take away', async () => {
    const { api, importing } = await setUp('postgres');
    await importing('own', presetOf());
    await importing('sharing', presetOf({ name: 'sharing', profile: 'own', eventTypes: [] }));
    for (const profile of [undefined, 'scrollengine']) {
      await expectInUse(api, presetOf({ profile }), /^sharing share the profile of own, which would be gone/);
    }
    expect((await api.delete(`${CATALOGS}/sharing`)).status).toBe(204);
    expect((await importing('own', presetOf({ profile: 'scrollengine' }))).status).toBe(200);
  });
});

describe('deleting a catalog', () => {
  it('waits until no webhook, account or preset uses it', async () => {
    const { api, importing, createWebhook } = await setUp('postgres');
    await importing('own', presetOf());
    const sharing = presetOf({ name: 'sharing', profile: 'own', eventTypes: [] });
    await importing('sharing', sharing);
    const webhook = (await createWebhook({ profile: 'own' })).body;
    await api.request('PUT', '/v1/accounts/other', { preset: 'own' });
    const refused = async (detail: RegExp) => {
      const before = await snapshot(api);
      const answer = await api.delete(`${CATALOGS}/own`);
      expectProblem(answer, 409, 'preset_in_use');
      expect(answer.body.detail).toMatch(detail);
      expect(await snapshot(api)).toBe(before);
    };
    await refused(/^1 webhooks, 1 accounts and 1 presets use own/);
    expect((await api.patch('/v1/accounts/other', { preset: null })).status).toBe(200);
    await refused(/^1 webhooks, 0 accounts and 1 presets/);
    expect((await api.delete(`${CATALOGS}/sharing`)).status).toBe(204);
    await refused(/^1 webhooks, 0 accounts and 0 presets/);
    expect((await api.delete(`${WEBHOOKS}/${webhook.id}`)).status).toBe(204);
    await importing('sharing', sharing);
    await refused(/^0 webhooks, 0 accounts and 1 presets/);
    expect((await api.delete(`${CATALOGS}/sharing`)).status).toBe(204);
    await api.request('PUT', '/v1/accounts/other', { preset: 'own' });
    await refused(/^0 webhooks, 1 accounts and 0 presets/);
    await api.request('PUT', '/v1/accounts/other', {});
    expect((await api.delete(`${CATALOGS}/own`)).status).toBe(204);

    expectProblem(await api.get(`${CATALOGS}/own`), 404, 'not_found');
    expectProblem(await api.delete(`${CATALOGS}/own`), 404, 'not_found');
    expectProblem(await importing('own'), 404, 'not_found');
    expectProblem(await createWebhook({ profile: 'own' }), 400, 'validation_failed');
    expectProblem(await api.patch('/v1/accounts/other', { preset: 'own' }), 400, 'validation_failed');
    expect(await namesSeenBy(api, 'acme')).toEqual([]);
    expect((await importing('own', presetOf())).status).toBe(200);
  });

  it('is not possible for one that comes along and has not been imported', async () => {
    const { api, createWebhook } = await setUp('postgres');
    await createWebhook({ profile: 'velourcity' });
    expectProblem(await api.delete(`${CATALOGS}/velourcity`), 404, 'not_found');
    expect((await api.get(CATALOGS)).body.data).toHaveLength(BUILT_IN.length);
  });
});

describe('two nodes on one database', () => {
  const COUNT = 20;
  // What isn't told of by NOTIFY isn't found within a test.
  const dispatch = { leaseMs: 3_000, pollIntervalMs: 60_000 };

  async function startBoth(receiver: Receiver) {
    const database = await createTestDatabase('postgres');
    const a = await startTestWaybill('postgres', { ...database, dispatch });
    const b = await startTestWaybill('postgres', { ...database, dispatch });
    const lanesPerNode = () =>
      a.waybill.transaction(async (tx) => {
        const { rows } = await tx.query<{ lanes: number }>(
          'select count(*)::integer as lanes from waybill.lanes where node_id is not null group by node_id',
        );
        return rows.map(({ lanes }) => lanes);
      });
    await expect.poll(lanesPerNode, { timeout: 10_000 }).toEqual([32, 32]);
    await a.api.post(`${CATALOGS}/own/import`, presetOf());
    for (let number = 0; number < COUNT; number += 1) {
      const webhook = { url: `${receiver.url}${number}`, events: ['*'], profile: 'own' };
      expect((await b.api.post(WEBHOOKS, webhook)).status).toBe(201);
    }
    return { a: a.api, b: b.api };
  }

  it('send what one of them publishes in the wire format it has imported just before, whoever owns the lane', async () => {
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const { a, b } = await startBoth(receiver);
    const event = { type: 'order.created', data: { id: 7 } };
    // Both nodes send to their webhooks once, so that they hold them in memory as they were.
    await a.post(EVENTS, event);
    await receiver.waitFor(COUNT);
    expect((await a.post(`${CATALOGS}/own/import`, presetOf({ profile: profileOf('second') }))).status).toBe(
      200,
    );
    // What one node tells another arrives in its order: of the import first, and then of what is due.
    await a.post(EVENTS, event);
    await receiver.waitFor(2 * COUNT);
    expect((await b.post(`${CATALOGS}/own/import`, presetOf({ profile: profileOf('third') }))).status).toBe(
      200,
    );
    await b.post(EVENTS, event);
    const requests = await receiver.waitFor(3 * COUNT);
    const marks = requests.map(({ body }) => Object.keys(JSON.parse(body))[0]);
    expect(marks).toEqual(['first', 'second', 'third'].flatMap((mark) => Array(COUNT).fill(mark)));
    expect(new Set(requests.map(({ path, body }) => path + body)).size).toBe(3 * COUNT);
  });

  it('know each other’s imports and deletions when a webhook is made with them, and list them within seconds', async () => {
    const database = await createTestDatabase('postgres');
    const { api: a } = await startTestWaybill('postgres', database);
    const { api: b } = await startTestWaybill('postgres', database);
    const webhook = { url: 'http://127.0.0.1:9999/', events: ['*'], profile: 'own' };
    await a.post(`${CATALOGS}/own/import`, presetOf());
    const made = await b.post(WEBHOOKS, webhook);
    expect(made.status).toBe(201);
    expectProblem(await a.delete(`${CATALOGS}/own`), 409, 'preset_in_use');
    await b.delete(`${WEBHOOKS}/${made.body.id}`);
    expect((await a.delete(`${CATALOGS}/own`)).status).toBe(204);
    expectProblem(await b.post(WEBHOOKS, webhook), 400, 'validation_failed');
    await a.post(`${CATALOGS}/own/import`, presetOf({ title: 'Once more' }));
    const title = async () => (await b.get(`${CATALOGS}/own`)).body.title;
    await expect.poll(title, { timeout: 10_000 }).toBe('Once more');
  });
});

interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string };
  readonly webhooks: Record<
    string,
    { post: { requestBody: { content: Record<string, { example: unknown }> } } }
  >;
}

interface AsyncApi {
  readonly asyncapi: string;
  readonly channels: { readonly webhook: { readonly messages: Record<string, unknown> } };
}

describe('what a catalog sends is described to anybody', () => {
  const ROUTES = ['/openapi/webhooks.json', '/asyncapi/webhooks.json'];

  /** Both descriptions, as they are had without a key. */
  async function descriptionsOf(url: string, query = '') {
    const [openapi, asyncapi] = await Promise.all(ROUTES.map((route) => fetch(`${url}${route}${query}`)));
    expect([openapi?.status, asyncapi?.status], query).toEqual([200, 200]);
    const open = (await openapi?.json()) as OpenApi;
    const messages = (await asyncapi?.json()) as AsyncApi;
    expect([open.openapi, messages.asyncapi]).toEqual(['3.1.0', '3.0.0']);
    const types = Object.keys(open.webhooks).sort();
    expect(Object.keys(messages.channels.webhook.messages).sort()).toEqual(types);
    const exampleOf = (type: string) =>
      open.webhooks[type]?.post.requestBody.content['application/json']?.example;
    return { open, types, exampleOf };
  }

  it('by its preset, imported or not', async () => {
    const { url, api } = await startTestWaybill('postgres');
    await api.post(`${CATALOGS}/own/import`, presetOf());
    for (const name of [...BUILT_IN, 'own']) {
      const preset = (await api.get(`${CATALOGS}/${name}`)).body;
      const { open, types } = await descriptionsOf(url, `?preset=${name}`);
      expect(open.info.title, name).toContain(preset.title);
      expect(types, name).toEqual(preset.types.map((type: { name: string }) => type.name).sort());
    }
    const own = await descriptionsOf(url, '?preset=own');
    expect(own.exampleOf('order.created')).toEqual({ first: 'order.created', data: { id: 1 } });
  });

  it('by a version of its payloads, else by the usual one', async () => {
    const { url } = await startTestWaybill('postgres');
    const described = async (query: string) => {
      const { exampleOf } = await descriptionsOf(url, query);
      const { payload_version, trackings } = exampleOf('tracking_update') as {
        payload_version: string;
        trackings: { events: { status: string }[] }[];
      };
      return [payload_version, trackings[0]?.events[0]?.status];
    };
    expect(await described('?preset=scurri')).toEqual(['2024.1', 'Delivered']);
    expect(await described('?preset=scurri&version=2024.1')).toEqual(['2024.1', 'Delivered']);
    expect(await described('?preset=scurri&version=2025.1')).toEqual(['2025.1', 'DELIVERED']);
  });

  it('without a preset: all that accounts without one send, in the default wire format', async () => {
    const { url, api } = await startTestWaybill('postgres');
    expect((await descriptionsOf(url)).types).toEqual([]);
    await api.post(`${CATALOGS}/own/import`, presetOf());
    await api.post(`${CATALOGS}/scurri/import`);
    await api.request('PUT', '/v1/event-types/parcel.lost', { sample: { id: 2 } });
    const { types, exampleOf } = await descriptionsOf(url);
    expect(types).toEqual(['order.created', 'parcel.lost', 'proof_of_delivery', 'tracking_update']);
    for (const [type, data] of [
      ['order.created', { id: 1 }],
      ['parcel.lost', { id: 2 }],
    ] as const) {
      expect(exampleOf(type)).toEqual({ type, timestamp: expect.any(String), data });
    }
  });

  it.each([
    ['preset=nobody', 404, 'not_found', undefined],
    ['preset=__proto__', 404, 'not_found', undefined],
    ['preset=scurri&version=2023.1', 400, 'validation_failed', 'version'],
    ['preset=velourcity&version=2024.1', 400, 'validation_failed', 'version'],
    ['version=2024.1', 400, 'validation_failed', 'version'],
    ['preset=scurri&preset=stripe', 400, 'validation_failed', undefined],
    ['presets=scurri', 400, 'validation_failed', 'presets'],
  ])('but not ?%s, which is a %d', async (query, status, code, path) => {
    const { url } = await startTestWaybill('postgres');
    for (const route of ROUTES) {
      const response = await fetch(`${url}${route}?${query}`);
      const body = (await response.json()) as { code: string; errors?: { path: string }[] };
      expect([response.status, body.code, body.errors?.[0]?.path], route).toEqual([status, code, path]);
    }
  });
});
