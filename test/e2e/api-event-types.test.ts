import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const TYPES = '/v1/event-types';
const ACCOUNT = '/v1/accounts/acme';

const OWN = {
  name: 'own',
  title: 'Our own',
  description: 'What we send.',
  eventTypes: [
    { name: 'parcel.found', group: 'Parcels', title: 'Parcel found' },
    { name: 'parcel.lost', group: 'Parcels', description: 'It was INSURED, one hopes.' },
    { name: 'order.created', group: 'Orders', title: 'A new order' },
    { name: 'heartbeat' },
  ],
};

/** With the catalog of `OWN` known to accounts without a preset. */
async function setUp(kind: DatabaseKind = 'postgres') {
  const { api } = await startTestWaybill(kind);
  expect((await api.post('/v1/catalogs/own/import', OWN)).status).toBe(200);
  const put = (name: string, body: unknown = {}) => api.request('PUT', `${TYPES}/${name}`, body);
  const keyOf = async (account: string) =>
    api.withKey((await api.post(`/v1/accounts/${account}/keys`)).body.key);
  return { api, put, keyOf };
}

async function namesIn(api: ApiClient, query = ''): Promise<string[]> {
  const { status, body } = await api.get(`${TYPES}?limit=100&${query}`);
  expect(status).toBe(200);
  expect(body.nextCursor).toBeNull();
  return body.data.map(({ name }: { name: string }) => name);
}

function expectProblem(answer: ApiAnswer, status: number, code: string, what = ''): void {
  expect({ status: answer.status, code: answer.body?.code }, what).toEqual({ status, code });
  expect(answer.headers.get('content-type'), what).toBe('application/problem+json');
}

describe('the list of event types', () => {
  it('is empty until a catalog is imported or a type is made', async () => {
    const { api } = await startTestWaybill('postgres');
    expect(await namesIn(api)).toEqual([]);
    await api.request('PUT', `${TYPES}/order.created`, {});
    expect(await namesIn(api)).toEqual(['order.created']);
  });

  it('is sorted by name, and holds those of one group if asked', async () => {
    const { api, put } = await setUp();
    await put('parcel.dropped', { group: 'Parcels' });
    expect(await namesIn(api)).toEqual([
      'heartbeat',
      'order.created',
      'parcel.dropped',
      'parcel.found',
      'parcel.lost',
    ]);
    expect(await namesIn(api, 'group=Parcels')).toEqual(['parcel.dropped', 'parcel.found', 'parcel.lost']);
    expect(await namesIn(api, 'group=parcels')).toEqual([]);
  });

  it('is searched by name, title and description, in any letter case', async () => {
    const { api } = await setUp();
    expect(await namesIn(api, 'search=PARCEL')).toEqual(['parcel.found', 'parcel.lost']);
    expect(await namesIn(api, 'search=a%20new')).toEqual(['order.created']);
    expect(await namesIn(api, 'search=insured')).toEqual(['parcel.lost']);
    expect(await namesIn(api, 'search=nothing')).toEqual([]);
    expect(await namesIn(api, 'search=parcel&group=Orders')).toEqual([]);
    expect(await namesIn(api, 'search=.*')).toEqual([]);
  });

  it('is that of one preset if asked, imported or not', async () => {
    const { api, put } = await setUp();
    await put('order.created', { title: 'Mine' });
    await put('parcel.found?preset=own', { title: 'Found' });
    const scurri = await api.get(`${TYPES}?preset=scurri`);
    expect(scurri.body.data.map((one: { name: string; preset: string }) => [one.name, one.preset])).toEqual([
      ['proof_of_delivery', 'scurri'],
      ['tracking_update', 'scurri'],
    ]);
    // As it is in force: what belongs to no preset has nothing to do with it.
    const { data } = (await api.get(`${TYPES}?preset=own&search=o`)).body;
    expect(data.map((one: Record<string, string>) => `${one.name} ${one.own} ${one.title}`)).toEqual([
      'order.created false A new order',
      'parcel.found true Found',
      'parcel.lost false null',
    ]);
    expectProblem(await api.get(`${TYPES}?preset=nobody`), 404, 'not_found');
  });

  it('is paged without gap or repeat', async () => {
    const { api } = await setUp();
    const pages: string[][] = [];
    for (let cursor = ''; ; ) {
      const { status, body } = await api.get(
        `${TYPES}?preset=velourcity&limit=4${cursor && `&cursor=${cursor}`}`,
      );
      expect(status).toBe(200);
      pages.push(body.data.map(({ name }: { name: string }) => name));
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    const all = await namesIn(api, 'preset=velourcity');
    expect(pages.flat()).toEqual(all);
    expect(pages.slice(0, -1).every((page) => page.length === 4)).toBe(true);
    expect(pages.length).toBe(Math.ceil(all.length / 4));
    expect(pages.length).toBeGreaterThan(1);
    for (const cursor of ['x', 'YQ==', Buffer.from('a b').toString('base64url')]) {
      expectProblem(await api.get(`${TYPES}?cursor=${cursor}`), 400, 'invalid_cursor', cursor);
    }
  });

  it('is what an account sees: that of its preset, else those imported, the newest first, and before them the own that name none', async () => {
    const { api, put } = await setUp();
    await api.post('/v1/catalogs/newer/import', {
      ...OWN,
      name: 'newer',
      eventTypes: [{ name: 'order.created', title: 'The newer' }, { name: 'zebra' }],
    });
    await put('parcel.lost', { title: 'Mine' });
    await put('tracking_update', { title: 'Mine as well' });
    await api.request('PUT', '/v1/accounts/tracked', { preset: 'scurri' });
    const seenBy = async (account: string) => {
      const { data } = (await api.get(`${TYPES}?account=${account}`)).body;
      return data.map(({ name, preset, title }: Record<string, string>) => `${name} ${preset} ${title}`);
    };
    const common = [
      'heartbeat own null',
      'order.created newer The newer',
      'parcel.found own Parcel found',
      'parcel.lost null Mine',
      'tracking_update null Mine as well',
      'zebra newer null',
    ];
    expect(await seenBy('acme')).toEqual(common);
    // Nobody has named this one yet: it would see what any new account does.
    expect(await seenBy('unborn')).toEqual(common);
    expect(await seenBy('tracked')).toEqual([
      'proof_of_delivery scurri Proof of Delivery',
      'tracking_update scurri Tracking Update',
    ]);
    expectProblem(await api.get('/v1/accounts/unborn'), 404, 'not_found');
  });
});

describe('the key of an account', () => {
  it('sees the catalog as that account does, and no other account’s', async () => {
    const { api, keyOf } = await setUp();
    await api.request('PUT', '/v1/accounts/tracked', { preset: 'scurri' });
    const tracked = await keyOf('tracked');
    const acme = await keyOf('acme');
    expect(await namesIn(tracked)).toEqual(['proof_of_delivery', 'tracking_update']);
    expect(await namesIn(tracked, 'account=tracked')).toEqual(['proof_of_delivery', 'tracking_update']);
    expect(await namesIn(acme)).toEqual(['heartbeat', 'order.created', 'parcel.found', 'parcel.lost']);
    expect((await tracked.get(`${TYPES}/tracking_update`)).status).toBe(200);
    expectProblem(await acme.get(`${TYPES}/tracking_update`), 404, 'not_found');
    for (const account of ['tracked', 'nobody']) {
      for (const path of [TYPES, `${TYPES}/tracking_update`, `${TYPES}/heartbeat`]) {
        const answer = await acme.get(`${path}?account=${account}`);
        expectProblem(answer, 404, 'not_found', `${path} of ${account}`);
        expect(answer.text).toBe((await acme.get(`${TYPES}?account=nobody`)).text);
      }
    }
  });

  it('cannot make, deprecate or delete a type', async () => {
    const { api, put, keyOf } = await setUp();
    await put('order.created', { title: 'Mine' });
    const key = await keyOf('acme');
    const before = (await api.get(TYPES)).text;
    expectProblem(await key.request('PUT', `${TYPES}/order.created`, { title: 'Theirs' }), 404, 'not_found');
    expectProblem(await key.post(`${TYPES}/order.created/deprecate`), 404, 'not_found');
    expectProblem(await key.delete(`${TYPES}/order.created`), 404, 'not_found');
    expect((await api.get(TYPES)).text).toBe(before);
  });
});

describe('an event type', () => {
  it('of a preset is read with its schema, sample, payload and versions', async () => {
    const { api } = await setUp();
    const { status, body } = await api.get(`${TYPES}/tracking_update?preset=scurri`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'tracking_update',
      preset: 'scurri',
      group: 'Tracking',
      title: 'Tracking Update',
      deprecated: false,
      schema: { type: 'object', $defs: { Status: { maxLength: 25 } } },
      sample: { carrier_slug: 'dhl' },
      payload: null,
      version: '2024.1',
    });
    const versions = body.versions.map(({ version }: { version: string }) => version);
    expect(versions).toEqual(['2024.1', '2025.1']);
    expect(body.versions[0].schema.required).toEqual(['count']);
    expect(body.versions[0].payload.fields[0]).toBe('carrier_slug');
    const only = (await api.get(`${TYPES}/heartbeat`)).body;
    expect(only).toEqual({
      name: 'heartbeat',
      preset: 'own',
      own: false,
      group: null,
      title: null,
      description: null,
      deprecated: false,
      schema: null,
      sample: null,
      payload: null,
      versions: [],
      version: null,
    });
  });

  it('that is in no preset in use is not there, unless its preset is named', async () => {
    const { api } = await setUp();
    expectProblem(await api.get(`${TYPES}/tracking_update`), 404, 'not_found');
    expectProblem(await api.get(`${TYPES}/heartbeat?preset=scurri`), 404, 'not_found');
    expectProblem(await api.get(`${TYPES}/heartbeat?preset=nobody`), 404, 'not_found');
    for (const name of ['nothing', '__proto__', 'constructor', 'a%20b']) {
      expectProblem(await api.get(`${TYPES}/${name}`), 404, 'not_found', name);
    }
  });

  it.each(E2E_DATABASE_KINDS)("of the platform's own is made and replaced as a whole on %s", async (kind) => {
    const { api, put } = await setUp(kind);
    const full = {
      group: 'Returns',
      title: 'Return booked',
      description: 'Somebody wants to send it back.',
      schema: { type: 'object', properties: { id: { type: 'integer' }, why: { type: 'string' } } },
      sample: { id: 1, why: 'too big' },
      payload: ['id', { name: 'reason', from: 'why', as: 'upperCase' }],
    };
    const made = await put('return.booked', full);
    expect([made.status, made.body]).toEqual([
      200,
      {
        name: 'return.booked',
        preset: null,
        own: true,
        ...full,
        deprecated: false,
        versions: [],
        version: null,
      },
    ]);
    expect((await api.get(`${TYPES}/return.booked`)).body).toEqual(made.body);
    const replaced = await put('return.booked', { title: 'Return' });
    expect(replaced.body).toMatchObject({ title: 'Return', group: null, schema: null, payload: null });
    expect((await api.get(`${TYPES}/return.booked`)).body).toEqual(replaced.body);
  });

  it("of the platform's own is taken before that of a preset, which shows again when it is deleted", async () => {
    const { api, put } = await setUp();
    const before = (await api.get(`${TYPES}/order.created`)).body;
    expect(before).toMatchObject({ preset: 'own', title: 'A new order' });
    expect((await put('order.created', { title: 'Mine' })).status).toBe(200);
    expect((await api.get(`${TYPES}/order.created`)).body).toMatchObject({ preset: null, title: 'Mine' });
    const deleted = await api.delete(`${TYPES}/order.created`);
    expect([deleted.status, deleted.text]).toEqual([204, '']);
    expect((await api.get(`${TYPES}/order.created`)).body).toEqual(before);
    // That of a preset is part of its catalog: alone it can't be deleted.
    expectProblem(await api.delete(`${TYPES}/order.created`), 404, 'not_found');
    expectProblem(await api.delete(`${TYPES}/nothing`), 404, 'not_found');
  });

  it('is deprecated and taken back into use; that of a preset stays what it is, with a mark', async () => {
    const { api, put } = await setUp();
    await put('return.booked', { title: 'Return', schema: { type: 'object' }, sample: {} });
    const deprecate = (name: string, body?: object) => api.post(`${TYPES}/${name}/deprecate`, body);
    const own = (await api.get(`${TYPES}/return.booked`)).body;
    expect((await deprecate('return.booked')).body).toEqual({ ...own, deprecated: true });
    expect((await api.get(`${TYPES}/return.booked`)).body.deprecated).toBe(true);
    expect((await deprecate('return.booked', { deprecated: false })).body).toEqual(own);

    await api.post('/v1/catalogs/velourcity/import');
    const theirs = (await api.get(`${TYPES}/order.picked_up`)).body;
    expect(theirs.schema.$defs.Order).toBeDefined();
    const { status, body } = await deprecate('order.picked_up');
    expect([status, body]).toEqual([200, { ...theirs, deprecated: true }]);
    expect((await api.get(`${TYPES}/order.picked_up?preset=velourcity`)).body).toEqual(body);
    expectProblem(await api.delete(`${TYPES}/order.picked_up`), 404, 'not_found');
    expect((await deprecate('order.picked_up', { deprecated: false })).body).toEqual(theirs);
    expect((await api.get(`${TYPES}/order.picked_up`)).body).toEqual(theirs);

    expectProblem(await deprecate('nothing'), 404, 'not_found');
    expectProblem(await deprecate('tracking_update'), 404, 'not_found');
    expectProblem(await deprecate('return.booked', { deprecated: 'yes' }), 400, 'validation_failed');
    expect((await api.get(`${TYPES}/return.booked`)).body).toEqual(own);
  });

  it('that is deprecated is sent as before', async () => {
    const { api } = await setUp();
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    await api.post('/v1/catalogs/shopctrl/import');
    await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], profile: 'shopctrl' });
    const publish = () =>
      api.post(`${ACCOUNT}/events`, { type: 'product.changed', data: { ProductId: 1, x: 2 } });
    await publish();
    await receiver.waitFor(1);
    expect((await api.post(`${TYPES}/product.changed/deprecate`)).status).toBe(200);
    await publish();
    const [before, after] = await receiver.waitFor(2);
    expect(JSON.parse(after?.body ?? '').entityData).toMatchObject({ ProductId: 1, ProductCode: null });
    expect(after?.body).toBe(before?.body);
  });

  it.each(E2E_DATABASE_KINDS)(
    'with another payload changes what webhooks get with the next event, and gives it back when deleted, on %s',
    async (kind) => {
      const { api, put } = await setUp(kind);
      const receiver = await startReceiver();
      onTestFinished(() => receiver.close());
      await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], profile: 'shopctrl' });
      const event = { type: 'return.booked', data: { OrderId: 1, id: 2, why: 'big' } };
      const publish = () => api.post(`${ACCOUNT}/events`, event);
      await publish();
      await receiver.waitFor(1);
      await put('return.booked?preset=shopctrl', { payload: ['id'] });
      await publish();
      await receiver.waitFor(2);
      await put('return.booked?preset=shopctrl', { payload: { absent: 'omit', fields: ['why', 'nothing'] } });
      await publish();
      await receiver.waitFor(3);
      await api.delete(`${TYPES}/return.booked?preset=shopctrl`);
      await publish();
      const requests = await receiver.waitFor(4);
      expect(requests.map(({ body }) => JSON.parse(body).entityData)).toEqual([
        { OrderId: 1, OrderCode: null },
        { id: 2 },
        { why: 'big' },
        { OrderId: 1, OrderCode: null },
      ]);
    },
  );

  it('gives the test event of a webhook its data', async () => {
    const { api, put } = await setUp();
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    await put('return.booked', { sample: { id: 1, why: 'too big' } });
    const { id } = (await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['return.booked'] }))
      .body;
    expect((await api.post(`${ACCOUNT}/webhooks/${id}/test`)).status).toBe(202);
    const [request] = await receiver.waitFor(1);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      type: 'return.booked',
      data: { id: 1, why: 'too big' },
    });
  });
});

describe('an event type is refused, and nothing changed, if it', () => {
  const schema = { type: 'object', properties: { id: { type: 'integer' } } };

  it.each<[string, string, unknown, string, RegExp]>([
    [
      'a schema that is none',
      'order.created',
      { schema: { type: 'strin' } },
      'schema',
      /^is not a JSON Schema: /,
    ],
    [
      'a sample that does not fit',
      'order.created',
      { schema, sample: { id: 'x' } },
      'sample.id',
      /^must be integer/,
    ],
    [
      'a payload of what the data lacks',
      'order.created',
      { schema, payload: ['id', 'code'] },
      'payload[1]',
      /^code is not/,
    ],
    [
      'a version with a broken schema',
      'order.created',
      { schema, versions: { v1: { schema: { type: 7 } } } },
      'versions.v1.schema',
      /^is not a JSON Schema: /,
    ],
    [
      'a version that is no name',
      'order.created',
      { versions: { 'v 1': {} } },
      'versions["v 1"]',
      /^must be letters/,
    ],
    [
      'a payload beside versions',
      'order.created',
      { payload: ['id'], versions: { v1: {} } },
      '',
      /^has a payload beside versions/,
    ],
    [
      'another name',
      'order.created',
      { name: 'order.updated' },
      'name',
      /^must be order.created, as in the path$/,
    ],
    ['an unknown member', 'order.created', { kind: 'order' }, 'kind', /^is not a known field$/],
    ['a title that is no text', 'order.created', { title: 1 }, 'title', /^must be string, not number$/],
    ['a name that is none', 'order%20created', {}, 'name', /^must be words/],
    ['a name that is too long', 'a'.repeat(129), {}, 'name', /128/],
    [
      'a member __proto__',
      'order.created',
      '{"schema":{"__proto__":{}}}',
      'schema.__proto__',
      /^is not a known field$/,
    ],
    ['a list', 'order.created', [], '', /^must be object, not array$/],
  ])('has %s', async (_what, name, body, path, reason) => {
    const { api, put } = await setUp();
    await put('order.created', { title: 'Mine' });
    const before = (await api.get(TYPES)).text;
    const answer = await put(name, body);
    expectProblem(answer, 400, 'validation_failed');
    expect(answer.body.errors[0].path).toBe(path);
    expect(answer.body.errors[0].message).toMatch(reason);
    expect(answer.body.detail).toContain(answer.body.errors[0].message);
    expect((await api.get(TYPES)).text).toBe(before);
  });
});

it('a type that is larger than a whole preset may be is refused, and says so', async () => {
  const { api } = await startTestWaybill('postgres');
  const description = 'x'.repeat(2 * 1024 * 1024);
  const { status, body } = await api.request('PUT', '/v1/event-types/order.large', { description });
  expect([status, body.code]).toEqual([400, 'validation_failed']);
  expect(body.detail).toContain('[document_too_large]');
  expect((await api.get('/v1/event-types/order.large')).status).toBe(404);
});
