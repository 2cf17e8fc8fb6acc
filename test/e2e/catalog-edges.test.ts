import { expect, it, onTestFinished } from 'vitest';
import { createWaybill } from '../../src/waybill.ts';
import { createTestDatabase } from '../support/database.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';

async function setUp(options = {}) {
  const { api } = await startTestWaybill('postgres', options);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const publish = (type: string, data: unknown) => api.post(`${ACCOUNT}/events`, { type, data });
  const put = (path: string, body: unknown) => api.request('PUT', path, body);
  return { api, receiver, publish, put };
}

it('a preset imported on one node and given to an account holds at once for what another node publishes', async () => {
  const database = await createTestDatabase('postgres');
  const { api: a } = await startTestWaybill('postgres', database);
  const { api: b } = await startTestWaybill('postgres', database);
  const eventTypes = [{ name: 'order.created', schema: { type: 'object' } }];
  const policies = { validation: 'reject' };
  await a.post('/v1/catalogs/own/import', {
    name: 'own',
    title: 'O',
    description: 'O',
    policies,
    eventTypes,
  });
  await a.request('PUT', ACCOUNT, { preset: 'own' });
  expect((await b.post(`${ACCOUNT}/events`, { type: 'order.created', data: 'text' })).status).toBe(400);
});

it('a type of a preset that is deprecated is judged and shown in the version it was before', async () => {
  const { api, publish, put } = await setUp({ preset: 'scurri' });
  await put(ACCOUNT, { validation: 'reject' });
  // Fits 2024.1, the usual version, and not 2025.1, which requires most of it.
  const data = { trackings: [{ tracking_number: 'x', events: [{ location: 'London' }] }] };
  expect((await publish('tracking_update', data)).status).toBe(202);
  const { body } = await api.post('/v1/event-types/tracking_update/deprecate');
  expect.soft(body.version).toBe('2024.1');
  expect((await publish('tracking_update', data)).status).toBe(202);
});

it('an own type of a preset that is not imported holds at once for webhooks with its profile', async () => {
  const { api, receiver, publish, put } = await setUp();
  await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], profile: 'shopctrl' });
  const data = { ProductId: 1, ProductCode: 'a' };
  await publish('product.changed', data);
  await receiver.waitFor(1);
  await put('/v1/event-types/product.changed?preset=shopctrl', { title: 'Mine' });
  await publish('product.changed', data);
  const [, second] = await receiver.waitFor(2);
  // As after any later change of the webhook: the type says nothing of its payload, so the rules of the profile do.
  expect(JSON.parse(second?.body ?? '').entityData).toEqual({ OrderId: null, OrderCode: null });
});

it('an own type that loses its payload on one node loses it at once on all', async () => {
  const database = await createTestDatabase('postgres');
  const { api, receiver, publish, put } = await setUp(database);
  const more = { allowHttp: true, egressAllow: ['127.0.0.0/8'], logLevel: 'silent' } as const;
  const other = await createWaybill({ ...database, ...more });
  onTestFinished(() => other.stop());
  await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], profile: 'shopctrl' });
  await put('/v1/event-types/x.y?preset=shopctrl', { payload: ['id'] });
  await publish('x.y', { OrderId: 1, id: 2 });
  await receiver.waitFor(1);
  await other.eventTypes.put('x.y', { title: 'No payload of its own' }, { preset: 'shopctrl' });
  await publish('x.y', { OrderId: 1, id: 2 });
  const requests = await receiver.waitFor(2);
  expect(requests.map(({ body }) => JSON.parse(body).entityData)).toEqual([
    { id: 2 },
    { OrderId: 1, OrderCode: null },
  ]);
});

it.each([
  ['GET', '/v1/event-types?account=%00', 400],
  ['DELETE', '/v1/event-types/%00', 404],
  ['DELETE', '/v1/catalogs/%00', 404],
])('%s %s is no 500', async (method, path, status) => {
  const { api } = await setUp();
  expect((await api.request(method, path)).status).toBe(status);
});

it('an empty list is no preset, and not the same as no body', async () => {
  const { api } = await setUp();
  expect((await api.post('/v1/catalogs/scurri/import', [])).status).toBe(400);
  expect((await api.get('/v1/catalogs/scurri')).body.imported).toBe(false);
});

it('a schema that refers to itself without end is refused, or judged without breaking', async () => {
  const { api, publish, put } = await setUp();
  const eventTypes = [{ name: 'order.created', schema: { $ref: '#' } }];
  const own = { name: 'own', title: 'O', description: 'O', policies: { validation: 'reject' }, eventTypes };
  const { status } = await api.post('/v1/catalogs/own/import', own);
  expect.soft(status).toBe(400);
  await put(ACCOUNT, status === 200 ? { preset: 'own' } : {});
  expect((await publish('order.created', {})).status).toBeLessThan(500);
});

it('a wire format whose secrets its webhooks do not have is refused, or what it cannot sign ends with a reason', async () => {
  const { api, receiver, publish } = await setUp();
  const profile = (key: string) => {
    const signature = { header: 'X-S', algorithm: 'hmac-sha256', encoding: 'hex', key, secrets: 'all' };
    return { body: 'event.data', signatures: [{ ...signature, content: '{body}', each: '{signature}' }] };
  };
  const own = { name: 'own', title: 'O', description: 'O' };
  await api.post('/v1/catalogs/own/import', { ...own, profile: profile('text') });
  const webhook = { url: receiver.url, events: ['*'], profile: 'own', secret: 'a-secret-in-plain-text' };
  await api.post(`${ACCOUNT}/webhooks`, webhook);
  const { status } = await api.post('/v1/catalogs/own/import', { ...own, profile: profile('whsec') });
  await publish('order.created', 1);
  const delivery = async () => (await api.get(`${ACCOUNT}/deliveries`)).body.data[0];
  // Now it stays pending and due, with no attempt and nothing but a line in the log.
  const known = async () => status >= 400 || (await delivery()).lastFailureReason !== null;
  await expect.poll(known, { timeout: 5_000 }).toBe(true);
});

it('the preset of the instance is in use', async () => {
  const database = await createTestDatabase('postgres');
  const first = await startTestWaybill('postgres', database);
  await first.api.post('/v1/catalogs/own/import', { name: 'own', title: 'O', description: 'O' });
  await first.stop();
  const { api } = await startTestWaybill('postgres', { ...database, preset: 'own' });
  expect((await api.delete('/v1/catalogs/own')).status).toBe(409);
});

it('an import that takes a while leaves room for others', async () => {
  const { api } = await setUp();
  const field = { type: 'string', maxLength: 20, pattern: '^[A-Z]{2}-[0-9]+$' };
  const properties = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`field${index}`, field]));
  const eventTypes = Array.from({ length: 150 }, (_, index) => ({
    name: `type.t${index}`,
    schema: { properties },
  }));
  // It is checked to the end, and nothing is written then.
  const last = { name: 'last', schema: { type: 'object' }, sample: 5 };
  const own = { name: 'own', title: 'O', description: 'O', eventTypes: [...eventTypes, last] };
  let answered: number | undefined;
  const imported = api.post('/v1/catalogs/own/import', own).then((answer) => {
    answered = answer.status;
  });
  let served = 0;
  while (answered === undefined) {
    expect((await api.get('/healthz')).status).toBe(200);
    served += 1;
  }
  await imported;
  expect(answered).toBe(400);
  expect(served).toBeGreaterThan(12);
});
