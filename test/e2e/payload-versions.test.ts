import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import type { ApiAnswer } from '../support/api-client.ts';
import { createTestClock } from '../support/clock.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { SIGNATURE } from '../support/profiles.ts';
import { type ReceivedRequest, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const WEBHOOKS = `${ACCOUNT}/webhooks`;

const PACKAGE = {
  tracking_number: 'JD014600003281234567',
  consignment_identifier: 'ab12345',
  consignment_number: 'JD014600003281234567',
  order_number: 'order-12345',
  id: 1234567890,
  carrier: 'DHL',
};
const HAPPENED = { description: 'It is there.', timestamp: '2025-10-01T14:30:00', carrier_code: 'EVD' };
/** With members that no version sends. */
const DATA = {
  trackings: [
    { ...PACKAGE, internal: true, events: [{ ...HAPPENED, status: 'dELIVERED', location: 'London' }] },
    { ...PACKAGE, id: 2, events: [] },
  ],
  carrier_slug: 'dhl',
  internal: { note: 'ours' },
};

/** What the usual version takes, and 2025.1 doesn't: it wants a carrier. */
const JUDGED_OTHERWISE = { trackings: [] };

/** As it is documented: the members of the envelope, then those of the payload, in this order. */
function bodyOf(eventId: string, version: string, status: string): string {
  return JSON.stringify({
    event_type: 'tracking_update',
    event_id: eventId,
    payload_version: version,
    carrier_slug: 'dhl',
    count: 2,
    trackings: [
      {
        ...PACKAGE,
        events: [
          {
            status,
            description: HAPPENED.description,
            timestamp: HAPPENED.timestamp,
            carrier_code: HAPPENED.carrier_code,
            location: 'London',
          },
        ],
      },
      { ...PACKAGE, id: 2, events: [] },
    ],
  });
}

async function setUp(kind: DatabaseKind, options: WaybillOptions = {}) {
  const { api } = await startTestWaybill(kind, options);
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  /** At a path of its own. */
  const create = (path: string, more: object = {}) =>
    api.post(WEBHOOKS, { url: receiver.url + path, events: ['*'], profile: 'scurri', ...more });
  const publish = async (type: string, data: unknown, more: object = {}): Promise<string> =>
    (await api.post(`${ACCOUNT}/events`, { type, data, ...more })).body.id;
  const bodiesTo = (path: string) =>
    receiver.requests.filter((request) => request.path === `/${path}`).map(({ body }) => body);
  return { api, receiver, create, publish, bodiesTo };
}

/** The status, and what each error is about. */
function refusal({ status, body }: ApiAnswer): unknown[] {
  const errors: { path: string; message: string }[] = body.errors ?? [];
  return [status, ...errors.map(({ path, message }) => `${path} ${message}`)];
}

describe.each(E2E_DATABASE_KINDS)('one event goes to each webhook in the version it pins on %s', (kind) => {
  it('and in the usual one to those that pin none', async () => {
    const { receiver, create, publish, bodiesTo } = await setUp(kind);
    await create('old', { payloadVersion: '2024.1' });
    await create('new', { payloadVersion: '2025.1' });
    const none = await create('none');
    expect(none.body).toMatchObject({ payloadVersion: null, effective: { payloadVersion: '2024.1' } });
    const id = await publish('tracking_update', DATA);
    await receiver.waitFor(3);
    expect(bodiesTo('old')).toEqual([bodyOf(id, '2024.1', 'Delivered')]);
    expect(bodiesTo('new')).toEqual([bodyOf(id, '2025.1', 'DELIVERED')]);
    expect(bodiesTo('none')).toEqual([bodyOf(id, '2024.1', 'Delivered')]);
  });

  it('and whoever has a template is judged by no version: its body is made of the data', async () => {
    const { api, create, publish } = await setUp(kind);
    expect((await api.request('PUT', ACCOUNT, { validation: 'reject', preset: 'scurri' })).status).toBe(200);
    const template = { mimeType: 'application/json', template: '{"fixed": 1}' };
    const { id } = (await create('own', { payloadVersion: '2025.1', payload: template })).body;
    expect(await publish('tracking_update', JUDGED_OTHERWISE)).toMatch(/^evt_/);
    expect((await api.patch(`${WEBHOOKS}/${id}`, { payload: null })).status).toBe(200);
    expect(await publish('tracking_update', JUDGED_OTHERWISE)).toBeUndefined();
  });

  it('and a pin that is changed holds for the next attempt of what is under way', async () => {
    const clock = createTestClock();
    const { api, receiver, create, publish, bodiesTo } = await setUp(kind, { clock });
    receiver.answer(500);
    const { id } = (await create('hook', { payloadVersion: '2024.1', retry: { schedule: [60, 60] } })).body;
    const eventId = await publish('tracking_update', DATA);
    const attempted = (count: number) =>
      eventually(async () => {
        const { body } = await api.get(`${ACCOUNT}/deliveries`);
        return body.data[0].attemptCount === count;
      });
    await attempted(1);
    const changed = await api.patch(`${WEBHOOKS}/${id}`, { payloadVersion: '2025.1' });
    expect(changed.body).toMatchObject({ payloadVersion: '2025.1', effective: { payloadVersion: '2025.1' } });
    clock.advance(60_000);
    await attempted(2);
    expect((await api.patch(`${WEBHOOKS}/${id}`, { payloadVersion: null })).body.payloadVersion).toBeNull();
    clock.advance(60_000);
    await attempted(3);
    expect(bodiesTo('hook')).toEqual([
      bodyOf(eventId, '2024.1', 'Delivered'),
      bodyOf(eventId, '2025.1', 'DELIVERED'),
      bodyOf(eventId, '2024.1', 'Delivered'),
    ]);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([eventId]),
    );
  });
});

describe('a type that is not in the version a webhook pins', () => {
  const PROOF = { payload: [{ document_id: 'AB12C3', file_type: 'image/jpeg' }], internal: 1 };

  it('is sent in the newest it has to those that want it by a pattern', async () => {
    const { receiver, create, publish, bodiesTo } = await setUp('postgres');
    for (const [path, payloadVersion] of [['old', '2024.1'], ['new', '2025.1'], ['none']] as const) {
      expect((await create(path, { payloadVersion })).status).toBe(201);
    }
    const id = await publish('proof_of_delivery', PROOF);
    await receiver.waitFor(3);
    const body = `{"event_type":"proof_of_delivery","event_id":"${id}","payload_version":"2025.1","payload":[{"document_id":"AB12C3","file_type":"image/jpeg"}]}`;
    for (const path of ['old', 'new', 'none']) expect(bodiesTo(path), path).toEqual([body]);
  });

  it('cannot be named beside the pin, whichever of the two is set later', async () => {
    const { api, create } = await setUp('postgres');
    const named = { events: ['proof_of_delivery', 'tracking_update'] };
    const expected = [400, 'events[0] has payloads in 2025.1 only, not in 2024.1'];
    expect(refusal(await create('hook', { ...named, payloadVersion: '2024.1' }))).toEqual(expected);
    expect((await api.get(WEBHOOKS)).body.data).toEqual([]);

    const one = `${WEBHOOKS}/${(await create('hook', { payloadVersion: '2024.1' })).body.id}`;
    const before = (await api.get(one)).text;
    expect(refusal(await api.patch(one, named))).toEqual(expected);
    const second = { events: ['tracking_update', 'proof_of_delivery'] };
    expect(refusal(await api.patch(one, second))).toEqual([
      400,
      'events[1] has payloads in 2025.1 only, not in 2024.1',
    ]);
    expect((await api.get(one)).text).toBe(before);

    expect((await api.patch(one, { payloadVersion: '2025.1' })).status).toBe(200);
    expect((await api.patch(one, named)).status).toBe(200);
    expect(refusal(await api.patch(one, { payloadVersion: '2024.1' }))).toEqual(expected);
    expect((await api.patch(one, { ...named, payloadVersion: null })).status).toBe(200);
    // Types the catalog doesn't know have no versions to disagree with.
    expect((await api.patch(one, { events: ['order.created'], payloadVersion: '2024.1' })).status).toBe(200);
  });
});

describe('a version that is pinned', () => {
  it('must be one its profile has', async () => {
    const { api, create } = await setUp('postgres');
    for (const payloadVersion of ['2023.1', '2024', '__proto__x', 'latest']) {
      const answer = await create('hook', { payloadVersion });
      expect([answer.status, answer.body.errors[0].path], payloadVersion).toEqual([400, 'payloadVersion']);
    }
    expect((await create('hook', { payloadVersion: '2023.1' })).body.errors[0].message).toMatch(
      /^must be one of (2024\.1, 2025\.1|2025\.1, 2024\.1)$/,
    );
    for (const payloadVersion of ['', ' ', '2024.1 ', 2024.1, 'x'.repeat(65), ['2024.1']]) {
      const answer = await create('hook', { payloadVersion });
      expect([answer.status, answer.body.errors[0].path], `${payloadVersion}`).toEqual([
        400,
        'payloadVersion',
      ]);
    }
    expect(refusal(await create('hook', { profile: 'github', payloadVersion: '2024.1' }))).toEqual([
      400,
      'payloadVersion there are no payload versions',
    ]);
    expect((await api.get(WEBHOOKS)).body.data).toEqual([]);
  });

  it('keeps a webhook from changing to a profile that does not have it', async () => {
    const { api, create } = await setUp('postgres');
    const one = `${WEBHOOKS}/${(await create('hook', { payloadVersion: '2025.1' })).body.id}`;
    expect(refusal(await api.patch(one, { profile: 'github' }))).toEqual([
      400,
      'payloadVersion there are no payload versions',
    ]);
    expect((await api.get(one)).body).toMatchObject({ profile: 'scurri', payloadVersion: '2025.1' });
    expect((await api.patch(one, { profile: 'github', payloadVersion: null })).status).toBe(200);
  });

  it('is that of the webhook, and not the one an event was published in', async () => {
    const { receiver, create, publish, bodiesTo } = await setUp('postgres');
    await create('none');
    await create('new', { payloadVersion: '2025.1' });
    const id = await publish('tracking_update', DATA, { version: '2024.1' });
    const other = await publish('tracking_update', DATA, { version: '2025.1' });
    await receiver.waitFor(4);
    expect(bodiesTo('none').sort()).toEqual(
      [bodyOf(id, '2024.1', 'Delivered'), bodyOf(other, '2024.1', 'Delivered')].sort(),
    );
    expect(bodiesTo('new').sort()).toEqual(
      [bodyOf(id, '2025.1', 'DELIVERED'), bodyOf(other, '2025.1', 'DELIVERED')].sort(),
    );
  });

  it('cannot be taken away by an import before the webhook pins another', async () => {
    const { api, receiver, create, publish, bodiesTo } = await setUp('postgres');
    const preset = (versions: object) => ({
      name: 'own',
      title: 'Our own',
      description: 'What we send.',
      payloadVersion: 'v2',
      profile: {
        body: [
          { name: 'version', value: 'payload.version' },
          { name: 'data', value: 'event.payload' },
        ],
        signatures: [SIGNATURE],
      },
      eventTypes: [{ name: 'order.created', versions }],
    });
    const [v1, v2] = [{ payload: ['id'] }, { payload: ['code'] }];
    await api.post('/v1/catalogs/own/import', preset({ v1, v2 }));
    const webhook = (await create('hook', { profile: 'own', payloadVersion: 'v1' })).body;
    await publish('order.created', { id: 1, code: 'a' });
    await receiver.waitFor(1);
    const refused = await api.post('/v1/catalogs/own/import', preset({ v2 }));
    expect([refused.status, refused.body.code]).toEqual([409, 'preset_in_use']);
    expect(refused.body.detail).toContain(`${webhook.id}: payloadVersion must be one of v2`);
    await publish('order.created', { id: 1, code: 'a' });
    await receiver.waitFor(2);
    await api.patch(`${WEBHOOKS}/${webhook.id}`, { payloadVersion: null });
    expect((await api.post('/v1/catalogs/own/import', preset({ v2 }))).status).toBe(200);
    await publish('order.created', { id: 1, code: 'a' });
    await receiver.waitFor(3);
    expect(bodiesTo('hook')).toEqual([
      '{"version":"v1","data":{"id":1}}',
      '{"version":"v1","data":{"id":1}}',
      '{"version":"v2","data":{"code":"a"}}',
    ]);
  });
});

/** The public key as Node takes it: the 32 bytes behind `whpk_`. */
function keyObject(publicKey: string) {
  const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** Which signatures of the request each key verifies, as the order they stand in. */
function verifiedBy(publicKeys: readonly string[], { headers, body }: ReceivedRequest): number[][] {
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const signatures = String(headers['webhook-signature']).split(' ');
  return publicKeys.map((key) =>
    signatures.flatMap((signature, index) => {
      const [version, base64 = ''] = signature.split(',');
      const fits = version === 'v1a' && verify(null, content, keyObject(key), Buffer.from(base64, 'base64'));
      return fits ? [index] : [];
    }),
  );
}

const WHSK = /^whsk_[A-Za-z0-9+/]{86}==$/;
const WHPK = /^whpk_[A-Za-z0-9+/]{43}=$/;

describe.each(E2E_DATABASE_KINDS)('a webhook that signs with a private key on %s', (kind) => {
  it('shows its public key, which verifies what it sends', async () => {
    const { api, receiver, create, publish } = await setUp(kind);
    const { status, body } = await create('hook', { profile: 'standard-webhooks-v1a' });
    expect(status).toBe(201);
    expect(body.secret).toMatch(WHSK);
    expect(body.publicKeys).toEqual([expect.stringMatching(WHPK)]);
    const shown = await api.get(`${WEBHOOKS}/${body.id}`);
    expect(shown.body.publicKeys).toEqual(body.publicKeys);
    expect(shown.text).not.toContain('whsk_');
    const list = await api.get(WEBHOOKS);
    expect(list.body.data[0].publicKeys).toEqual(body.publicKeys);
    expect(list.text).not.toContain('whsk_');

    await publish('order.created', { total: 1.1 });
    const [request] = await receiver.waitFor(1);
    if (!request) throw new Error('nothing came');
    expect(verifiedBy(body.publicKeys, request)).toEqual([[0]]);
    expect(verifiedBy(body.publicKeys, { ...request, body: `${request.body} ` })).toEqual([[]]);
    const other = (await create('other', { profile: 'standard-webhooks-v1a' })).body;
    expect(verifiedBy(other.publicKeys, request)).toEqual([[]]);
  });

  it('signs with both keys while a rotation overlaps, the new one first', async () => {
    const clock = createTestClock();
    const { api, receiver, create, publish } = await setUp(kind, { clock });
    const { id, publicKeys } = (await create('hook', { profile: 'standard-webhooks-v1a' })).body;
    const rotated = await api.post(`${WEBHOOKS}/${id}/secret/rotate`, { overlapSeconds: 3600 });
    expect(rotated.body.secret).toMatch(WHSK);
    const keys = async () => (await api.get(`${WEBHOOKS}/${id}`)).body.publicKeys;
    const [current, previous] = await keys();
    expect(previous).toBe(publicKeys[0]);
    expect(current).not.toBe(previous);
    await publish('order.created', 1);
    const [first] = await receiver.waitFor(1);
    expect(first && verifiedBy([current, previous], first)).toEqual([[0], [1]]);

    clock.advance(3600_000 + 1);
    expect(await keys()).toEqual([current]);
    await publish('order.created', 2);
    const [, second] = await receiver.waitFor(2);
    expect(second && verifiedBy([current, previous], second)).toEqual([[0], []]);
    expect(second?.headers['webhook-signature']).not.toContain(' ');
  });
});

describe('the secret of a webhook that signs with a private key', () => {
  it('may be given as a seed, alone or with its public key behind it', async () => {
    const { create } = await setUp('postgres');
    const { secret, publicKeys } = (await create('made', { profile: 'standard-webhooks-v1a' })).body;
    const seed = Buffer.from(secret.slice('whsk_'.length), 'base64').subarray(0, 32);
    for (const given of [secret, `whsk_${seed.toString('base64')}`]) {
      const { status, body } = await create('given', { profile: 'standard-webhooks-v1a', secret: given });
      expect([status, body.publicKeys]).toEqual([201, publicKeys]);
    }
  });

  it('is no shared secret, and a shared secret is none, also when either is rotated or the profile changed', async () => {
    const { api, create } = await setUp('postgres');
    const profile = 'standard-webhooks-v1a';
    const shared = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const mixed = `whsk_${Buffer.alloc(64, 7).toString('base64')}`;
    for (const secret of [shared, 'a-shared-secret-in-plain-text', mixed, 'whsk_c2hvcnQ=']) {
      const [status, error] = refusal(await create('hook', { profile, secret }));
      expect([status, error], secret).toEqual([400, expect.stringMatching(/^secret must be whsk_/)]);
    }
    const asymmetric = (await create('hook', { profile })).body;
    const symmetric = (await create('hook', { profile: 'standard-webhooks' })).body;
    expect(symmetric.publicKeys).toEqual([]);
    expect(symmetric.secret).toMatch(/^whsec_/);
    const rotate = (id: string, secret: string) => api.post(`${WEBHOOKS}/${id}/secret/rotate`, { secret });
    expect(refusal(await rotate(asymmetric.id, shared))[1]).toMatch(/^secret must be whsk_/);
    expect(refusal(await rotate(symmetric.id, asymmetric.secret))[1]).toMatch(/^secret must be whsec_/);
    const turned = await api.patch(`${WEBHOOKS}/${symmetric.id}`, { profile });
    expect(refusal(turned)[1]).toMatch(/^secret must be whsk_/);
    const back = await api.patch(`${WEBHOOKS}/${asymmetric.id}`, { profile: 'standard-webhooks' });
    expect(refusal(back)[1]).toMatch(/^secret must be whsec_/);
    const after = (await api.get(`${WEBHOOKS}/${asymmetric.id}`)).body;
    expect(after).toMatchObject({ profile, publicKeys: asymmetric.publicKeys });
  });
});
