import { describe, expect, it, onTestFinished } from 'vitest';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { SIGNATURE } from '../support/profiles.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const WEBHOOKS = '/v1/accounts/acme/webhooks';
const VERSIONED = { name: 'a.b', versions: { v1: {}, v2: {} } };

function presetOf(profile: object = {}, more: object = {}) {
  const whole = { body: 'event.data', signatures: [SIGNATURE], ...profile };
  return { name: 'own', title: 'Own', description: 'Own.', profile: whole, eventTypes: [VERSIONED], ...more };
}

async function setUp(kind: DatabaseKind = 'postgres') {
  const { api, waybill } = await startTestWaybill(kind);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const importing = (preset: object) => api.post('/v1/catalogs/own/import', preset);
  expect((await importing(presetOf())).status).toBe(200);
  const create = async (more: object = {}) =>
    (await api.post(WEBHOOKS, { url: receiver.url, events: ['*'], profile: 'own', ...more })).body;
  const sql = (text: string, values: unknown[] = []) => waybill.transaction((tx) => tx.query(text, values));
  return { api, receiver, importing, create, sql };
}

describe.each(E2E_DATABASE_KINDS)('an import on %s is refused, and names the webhook, if', (kind) => {
  it.each<[string, object, object, RegExp]>([
    ['its URL is http and must be https now', {}, presetOf({ httpsOnly: true }), /url must be https/],
    [
      'it sets a header that the profile sets now',
      { headers: { 'x-mine': '1' } },
      presetOf({ headers: { 'X-Mine': '2' } }),
      /headers\.x-mine is set by the profile itself/,
    ],
    [
      'it authenticates by a header that the profile sets now',
      { auth: { type: 'header', name: 'X-Key', value: 'k' } },
      presetOf({ headers: { 'X-Key': '2' } }),
      /auth\.name x-key is set by the profile itself/,
    ],
    [
      'it pins a version that is gone',
      { payloadVersion: 'v1' },
      presetOf({}, { eventTypes: [{ name: 'a.b', versions: { v2: {} } }] }),
      /payloadVersion must be one of v2/,
    ],
    [
      'its secret is of another kind',
      {},
      presetOf({ signatures: [{ ...SIGNATURE, key: 'whsk', algorithm: 'ed25519' }] }),
      /secret can't sign as own would now/,
    ],
  ])('%s', async (_what, webhook, preset, detail) => {
    const { api, importing, create } = await setUp(kind);
    const { id } = await create(webhook);
    const before = (await api.get('/v1/catalogs/own')).text;
    const { status, body } = await importing(preset);
    expect([status, body.code]).toEqual([409, 'preset_in_use']);
    expect(body.detail).toMatch(detail);
    expect(body.detail).toContain(`accounts/acme/webhooks/${id}`);
    expect(body.errors).toHaveLength(1);
    expect((await api.get('/v1/catalogs/own')).text).toBe(before);
    await api.delete(`${WEBHOOKS}/${id}`);
    expect((await importing(preset)).status).toBe(200);
  });
});

it('many webhooks that do not fit are counted, and a few of them named', async () => {
  const { importing, create } = await setUp();
  for (let made = 0; made < 5; made += 1) await create();
  const { body } = await importing(presetOf({ httpsOnly: true }));
  expect(body.detail).toMatch(
    /^5 webhooks do not fit what would change: .*; and 2 more\. Change them first\.$/,
  );
  expect(body.detail.match(/wh_/g)).toHaveLength(3);
  expect(body.errors).toHaveLength(5);
});

it('a webhook that is at odds with its profile already does not stand in the way', async () => {
  const { importing, create, sql } = await setUp();
  await create();
  await sql(`update waybill.webhooks set headers = '{"X-S": "1"}', payload_version = 'v0'`);
  expect((await importing(presetOf({ headers: { 'X-Other': '1' } }))).status).toBe(200);
});

it('a type of the platform cannot lose a version that webhooks pin, by PUT or by DELETE', async () => {
  const { api, create } = await setUp();
  const path = '/v1/event-types/c.d?preset=own';
  await api.request('PUT', path, { versions: { w1: {} } });
  const { id } = await create({ payloadVersion: 'w1' });
  for (const answer of [await api.request('PUT', path, { versions: { w2: {} } }), await api.delete(path)]) {
    expect([answer.status, answer.body.code]).toEqual([409, 'preset_in_use']);
    expect(answer.body.detail).toContain(id);
  }
  await api.patch(`${WEBHOOKS}/${id}`, { payloadVersion: null });
  expect((await api.delete(path)).status).toBe(204);
});

it('an import or a PUT of what is there already changes nothing', async () => {
  const { api, importing, create, sql } = await setUp();
  const { id } = await create();
  await api.request('PUT', '/v1/event-types/c.d?preset=own', { payload: ['x'] });
  const state = async () => {
    const { rows } = await sql(
      `select (select version from waybill.catalog_state) as version, imported_at::text, w.revision
       from waybill.presets p, waybill.webhooks w where w.profile = p.name`,
    );
    return rows;
  };
  const before = await state();
  expect((await importing(presetOf())).body).toEqual({ preset: 'own', eventTypes: 1, profile: true });
  await api.request('PUT', '/v1/event-types/c.d?preset=own', { payload: ['x'] });
  expect(await state()).toEqual(before);
  await importing(presetOf({}, { title: 'Other' }));
  expect(await state()).not.toEqual(before);
  expect((await api.get(`${WEBHOOKS}/${id}`)).body.effective.profile).toBe('Other');
});

it('a PUT that names versions in another order makes the last one the newest', async () => {
  const { api } = await setUp();
  const [a, b] = [{ payload: ['x'] }, { payload: ['y'] }];
  const put = (versions: object) => api.request('PUT', '/v1/event-types/c.d?preset=own', { versions });
  const newest = async () => (await api.get('/v1/event-types/c.d?preset=own')).body.version;
  expect((await put({ a, b })).status).toBe(200);
  expect(await newest()).toBe('b');
  expect((await put({ b, a })).status).toBe(200);
  expect(await newest()).toBe('a');
});

describe('a webhook that cannot be sent to', () => {
  it.each<[string, string, object, string, RegExp]>([
    [
      'because its profile wants https now',
      "update waybill.webhooks set profile = 'nshift'",
      { profile: 'standard-webhooks' },
      'url_scheme',
      /the profile nshift wants https, and its URL is not/,
    ],
    [
      'because its profile is gone',
      "update waybill.webhooks set profile = 'nobody'",
      {},
      'profile_missing',
      /there is no profile nobody/,
    ],
    [
      'because its secret is of another kind than its profile signs with',
      "update waybill.webhooks set profile = 'standard-webhooks'",
      { secret: 'a-secret-in-plain-text' },
      'not_prepared',
      /its request could not be made/,
    ],
    [
      'because its secret cannot be opened',
      'update waybill.webhook_secrets set sealed = sha256(sealed)',
      {},
      'webhook_unusable',
      /its secret or its credentials can't be opened/,
    ],
  ])('%s fails with a reason, and nothing is sent', async (_what, change, webhook, code, reason) => {
    const { api, receiver, create, sql } = await setUp();
    await create({ status: 'paused', retry: { schedule: [] }, ...webhook });
    await sql(change);
    const [{ id }] = (await api.get(WEBHOOKS)).body.data;
    expect((await api.post(`${WEBHOOKS}/${id}/resume`)).status).toBe(200);
    await api.post('/v1/accounts/acme/events', { type: 'a.b', data: {} });
    const delivery = await eventually(async () => {
      const [one] = (await api.get('/v1/accounts/acme/deliveries')).body.data;
      return one?.status === 'failed' && one;
    });
    const { attempts } = (await api.get(`/v1/accounts/acme/deliveries/${delivery.id}`)).body;
    expect(attempts).toMatchObject([{ failureCode: code, failureReason: expect.stringMatching(reason) }]);
    expect(receiver.requests).toHaveLength(0);
    expect((await api.get('/v1/accounts/acme/alerts')).body.data).toHaveLength(1);
  });

  it('because its header is set by the profile too, in other letters, is sent to with that of the profile', async () => {
    const { api, receiver, importing, create, sql } = await setUp();
    await importing(presetOf({ headers: { 'X-Mine': 'profile' } }));
    await create();
    await sql(`update waybill.webhooks set headers = '{"x-mine": "webhook", "X-Other": "1"}'`);
    await api.post('/v1/accounts/acme/events', { type: 'a.b', data: {} });
    const [request] = await receiver.waitFor(1);
    expect([request?.headers['x-mine'], request?.headers['x-other']]).toEqual(['profile', '1']);
  });
});
