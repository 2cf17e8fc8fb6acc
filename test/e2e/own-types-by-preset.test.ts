import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const TYPES = '/v1/event-types';
const STRICT = { type: 'object', required: ['never_there'] };
const presetOf = (name: string) => ({
  name,
  title: name,
  description: name,
  profile: 'shopctrl',
  policies: { validation: 'reject' },
  eventTypes: [{ name: 'order.created', payload: ['id'] }],
});

/** Two presets that know one type, an account and a webhook for each, and one for none. */
async function setUp(kind: DatabaseKind, options = {}) {
  const { api } = await startTestWaybill(kind, options);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  for (const name of ['left', 'right']) {
    expect((await api.post(`/v1/catalogs/${name}/import`, presetOf(name))).status).toBe(200);
    await api.request('PUT', `/v1/accounts/${name}`, { preset: name });
    await api.post(`/v1/accounts/${name}/webhooks`, { url: `${receiver.url}${name}`, events: ['*'] });
  }
  const publish = (account: string) =>
    api.post(`/v1/accounts/${account}/events`, { type: 'order.created', data: { id: 1, code: 'x' } });
  const seenBy = async (account: string) => (await api.get(`${TYPES}/order.created?account=${account}`)).body;
  const put = (query: string, body: object) => api.request('PUT', `${TYPES}/order.created${query}`, body);
  return { api, receiver, publish, seenBy, put };
}

describe.each(E2E_DATABASE_KINDS)('a type that several presets know, on %s', (kind) => {
  it('is deprecated in the one that is named, and in no other', async () => {
    const { api, seenBy } = await setUp(kind);
    const right = await seenBy('right');
    const answer = await api.post(`${TYPES}/order.created/deprecate?preset=left`);
    expect([answer.status, answer.body.preset, answer.body.own, answer.body.deprecated]).toEqual([
      200,
      'left',
      false,
      true,
    ]);
    expect((await seenBy('left')).deprecated).toBe(true);
    expect(await seenBy('right')).toEqual(right);
    // It stays the preset's own: an import changes it, and it stays marked.
    const titled = { ...presetOf('left'), eventTypes: [{ name: 'order.created', title: 'New' }] };
    await api.post('/v1/catalogs/left/import', titled);
    expect(await seenBy('left')).toMatchObject({ title: 'New', deprecated: true, own: false });
    expect((await api.post(`${TYPES}/order.created/deprecate?preset=nobody`)).status).toBe(404);
  });

  it('is replaced in the one that is named: no other sends or judges anything else', async () => {
    const { api, receiver, publish, seenBy, put } = await setUp(kind);
    const own = await put('?preset=left', { payload: ['code'] });
    expect(own.body).toMatchObject({ preset: 'left', own: true, payload: ['code'] });
    await publish('left');
    await publish('right');
    const requests = await receiver.waitFor(2);
    const dataTo = (path: string) =>
      JSON.parse(requests.find((one) => one.path === path)?.body ?? '').entityData;
    expect([dataTo('/left'), dataTo('/right')]).toEqual([{ code: 'x' }, { id: 1 }]);

    await put('?preset=left', { schema: STRICT });
    expect([(await publish('left')).status, (await publish('right')).status]).toEqual([400, 202]);
    expect((await api.delete(`${TYPES}/order.created?preset=right`)).status).toBe(404);
    expect((await api.delete(`${TYPES}/order.created?preset=left`)).status).toBe(204);
    expect(await seenBy('left')).toMatchObject({ preset: 'left', own: false, payload: ['id'] });
    expect((await publish('left')).status).toBe(202);
    expect((await put('?preset=nobody', {})).status).toBe(404);
  });

  it('is made for accounts without a preset where none is named, and for the webhooks they get', async () => {
    const { api, receiver, publish, seenBy, put } = await setUp(kind);
    const before = [await seenBy('left'), await seenBy('right')];
    await api.request('PUT', '/v1/accounts/plain', { validation: 'reject' });
    for (const profile of ['standard-webhooks', 'left']) {
      await api.post('/v1/accounts/plain/webhooks', { url: receiver.url + profile, events: ['*'], profile });
    }
    expect((await put('', { title: 'Mine', payload: ['code'] })).body).toMatchObject({
      preset: null,
      own: true,
    });
    expect([await seenBy('left'), await seenBy('right')]).toEqual(before);
    expect(await seenBy('plain')).toMatchObject({ title: 'Mine', own: true });
    await publish('plain');
    const requests = await receiver.waitFor(2);
    // What is sent is for the preset of the webhook's profile to say.
    const sent = requests.find((one) => one.path === '/left')?.body ?? '';
    expect(JSON.parse(sent).entityData).toEqual({ id: 1 });
    await put('', { schema: STRICT });
    expect([(await publish('plain')).status, (await publish('left')).status]).toEqual([400, 202]);
  });
});

it('a type that names no preset is of that of the instance, and goes along when that becomes another', async () => {
  const database = await createTestDatabase('postgres');
  const first = await startTestWaybill('postgres', { ...database, preset: 'velourcity' });
  const put = (query: string, title: string) =>
    first.api.request('PUT', `${TYPES}/order.created${query}`, { title });
  const title = async () => (await first.api.get(`${TYPES}/order.created?preset=velourcity`)).body.title;
  await put('', 'One');
  expect(await title()).toBe('One');
  // There is one of a name, however its preset was named.
  await put('?preset=velourcity', 'Two');
  expect(await title()).toBe('Two');
  await put('', 'Three');
  expect(await title()).toBe('Three');
  expect((await first.api.delete(`${TYPES}/order.created?preset=velourcity`)).status).toBe(204);
  expect(await title()).not.toBe('Three');
  await put('', 'Four');
  await first.stop();

  const { api } = await startTestWaybill('postgres', { ...database, preset: 'scrollengine' });
  const seen = async (preset: string) => (await api.get(`${TYPES}/order.created?preset=${preset}`)).body;
  expect(await seen('scrollengine')).toMatchObject({ title: 'Four', preset: null, own: true });
  expect(await seen('velourcity')).toMatchObject({ preset: 'velourcity', own: false });
});

it('what was added to a preset of the platform is forgotten with it', async () => {
  const { api } = await startTestWaybill('postgres');
  await api.post('/v1/catalogs/left/import', presetOf('left'));
  await api.request('PUT', `${TYPES}/x.y?preset=left`, {});
  await api.post(`${TYPES}/order.created/deprecate?preset=left`);
  expect((await api.get('/v1/catalogs/left')).body.eventTypes).toBe(2);
  expect((await api.delete('/v1/catalogs/left')).status).toBe(204);
  await api.post('/v1/catalogs/left/import', presetOf('left'));
  const { types } = (await api.get('/v1/catalogs/left')).body;
  expect(types).toMatchObject([{ name: 'order.created', deprecated: false }]);
});

it('the test event of a webhook that wants all is one of its preset, whatever types belong to others', async () => {
  const { api } = await startTestWaybill('postgres');
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  await api.request('PUT', `${TYPES}/aaa.first`, { sample: { mine: true } });
  const webhook = { url: receiver.url, events: ['*'], profile: 'scrollengine' };
  const { id } = (await api.post('/v1/accounts/acme/webhooks', webhook)).body;
  await api.post(`/v1/accounts/acme/webhooks/${id}/test`);
  const [request] = await receiver.waitFor(1);
  const types = (await api.get('/v1/catalogs/scrollengine')).body.types.map(
    ({ name }: { name: string }) => name,
  );
  expect(types).toContain(JSON.parse(request?.body ?? '').event);
});
