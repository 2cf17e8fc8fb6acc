import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiAnswer } from '../support/api-client.ts';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { SIGNATURE } from '../support/profiles.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const EVENTS = `${ACCOUNT}/events`;

const tracking = (status: string) => ({
  type: 'tracking_update',
  data: { carrier_slug: 'dhl', trackings: [{ id: 1, events: [{ status }] }] },
});
const GOOD = tracking('Delivered');
/** A status has 25 characters at most. */
const BAD = tracking('Delivered, as far as anybody can tell');
const UNKNOWN = { type: 'tracking.lost', data: { carrier_slug: 'x'.repeat(100) } };

const TOO_LONG = {
  path: 'data.trackings[0].events[0].status',
  rule: 'maxLength',
  message: 'must NOT have more than 25 characters',
  params: { limit: 25 },
};
const NOT_KNOWN = {
  path: 'type',
  rule: 'unknown_event_type',
  message: 'tracking.lost is not an event type of the catalog',
  params: { type: 'tracking.lost' },
};

type Settings = { preset?: string | null; validation?: string | null; unknownTypes?: string | null };

function actionsOf({ api }: Pick<TestWaybill, 'api'>) {
  return {
    set: async (settings: Settings) => {
      const { status, body } = await api.request('PUT', ACCOUNT, { preset: 'scurri', ...settings });
      expect(status).toBe(200);
      return body;
    },
    publish: (body: unknown, key?: string) =>
      api.post(EVENTS, body, key === undefined ? {} : { 'idempotency-key': key }),
    /** Newest first. */
    events: async () => (await api.get(EVENTS)).body.data,
  };
}

async function setUp(kind: DatabaseKind) {
  const running = await startTestWaybill(kind);
  return { ...running, ...actionsOf(running) };
}

const taken = (deliveries: number) => ({ id: expect.stringMatching(/^evt_/), deliveries });

function expectRefused(answer: ApiAnswer, code: string, errors: { path: string; code: string }[]): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 400, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.errors).toMatchObject(errors);
  expect(answer.body.errors).toHaveLength(errors.length);
}

describe.each(E2E_DATABASE_KINDS)('data that breaks its schema on %s', (kind) => {
  it('is taken without a word where the policy is off', async () => {
    const { set, publish, events } = await setUp(kind);
    await set({ validation: 'off', unknownTypes: 'off' });
    for (const event of [BAD, UNKNOWN]) {
      const { status, body } = await publish(event);
      expect([status, body]).toEqual([202, taken(0)]);
    }
    expect((await events()).map(({ warnings }: { warnings: object[] }) => warnings)).toEqual([[], []]);
  });

  it('is taken and warned of where the policy is warn, in the answer and on the event', async () => {
    const { api, set, publish, events } = await setUp(kind);
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    await set({ validation: 'warn', unknownTypes: 'off' });
    await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], profile: 'github' });
    const { status, body } = await publish(BAD);
    expect([status, body]).toEqual([202, { ...taken(1), warnings: [TOO_LONG] }]);
    expect((await api.get(`${EVENTS}/${body.id}`)).body).toMatchObject({
      data: BAD.data,
      warnings: [TOO_LONG],
    });
    expect(await events()).toMatchObject([{ id: body.id, warnings: [TOO_LONG] }]);
    // What is warned of is for the platform: webhooks get the event as it is.
    const [request] = await receiver.waitFor(1);
    expect(request?.body).toBe(JSON.stringify(BAD.data));
    expect((await publish(GOOD)).body).toEqual(taken(1));
    expect((await publish(UNKNOWN)).body).toEqual(taken(1));
  });

  it('is refused where the policy is reject, with each place and rule, and nothing is stored', async () => {
    const { api, set, publish, events } = await setUp(kind);
    await api.post(`${ACCOUNT}/webhooks`, { url: 'http://127.0.0.1:9999/', events: ['*'], status: 'paused' });
    await set({ validation: 'reject', unknownTypes: 'off' });
    const answer = await publish(BAD);
    expectRefused(answer, 'invalid_event_data', [{ path: TOO_LONG.path, code: 'maxLength' }]);
    expect(answer.body.detail).toBe(`${TOO_LONG.path}: ${TOO_LONG.message}`);
    const twice = { ...BAD, data: { ...BAD.data, carrier_slug: 7 } };
    expectRefused(await publish(twice), 'invalid_event_data', [
      { path: 'data.carrier_slug', code: 'type' },
      { path: TOO_LONG.path, code: 'maxLength' },
    ]);
    expect(await events()).toEqual([]);
    expect((await api.get(`${ACCOUNT}/deliveries`)).body.data).toEqual([]);
    expect((await publish(GOOD)).body).toEqual(taken(1));
    expect((await publish(UNKNOWN)).body).toEqual(taken(1));
  });

  it('takes the other events of its request down with it, and uses up no idempotency key', async () => {
    const { api, set, publish, events } = await setUp(kind);
    await api.post(`${ACCOUNT}/webhooks`, { url: 'http://127.0.0.1:9999/', events: ['*'], status: 'paused' });
    await set({ validation: 'reject' });
    const keyed = (event: object, idempotencyKey: string) => ({ ...event, idempotencyKey });
    const refused = await publish({ events: [keyed(GOOD, 'one'), keyed(BAD, 'two')] }, 'request');
    expectRefused(refused, 'invalid_event_data', [{ path: `events[1].${TOO_LONG.path}`, code: 'maxLength' }]);
    expect(await events()).toEqual([]);
    expect((await api.get(`${ACCOUNT}/deliveries`)).body.data).toEqual([]);

    // Mended, and in another order, under the same keys.
    const mended = await publish({ events: [keyed(tracking('Lost'), 'two'), keyed(GOOD, 'one')] }, 'request');
    expect([mended.status, mended.body]).toEqual([202, { events: [taken(1), taken(1)] }]);
    expect(await events()).toHaveLength(2);
    expect((await api.get(`${ACCOUNT}/deliveries`)).body.data).toHaveLength(2);
  });

  it('does not keep others that publish at the same moment from being taken', async () => {
    const { api, set, publish, events } = await setUp(kind);
    await set({ validation: 'reject' });
    await api.request('PUT', '/v1/accounts/lenient', { preset: 'scurri', validation: 'off' });
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => publish(GOOD)),
      ...Array.from({ length: 5 }, () => publish(BAD)),
      ...Array.from({ length: 5 }, () => api.post('/v1/accounts/lenient/events', BAD)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(
      [202, 400, 202].flatMap((status) => Array(5).fill(status)),
    );
    expect(await events()).toHaveLength(5);
    expect((await api.get('/v1/accounts/lenient/events')).body.data).toHaveLength(5);
  });

  it('is judged in the same way by the library, in a transaction and without one', async () => {
    const { api, waybill, set, events } = await setUp(kind);
    await set({ validation: 'reject' });
    await api.request('PUT', '/v1/accounts/lenient', { preset: 'scurri', validation: 'warn' });
    const refusal = {
      code: 'invalid_event_data',
      status: 400,
      errors: [{ path: TOO_LONG.path, code: 'maxLength', message: TOO_LONG.message }],
    };
    await expect(waybill.publish('acme', BAD)).rejects.toMatchObject(refusal);
    await waybill.transaction(async (tx) => {
      await expect(waybill.publish(tx, 'acme', BAD)).rejects.toMatchObject(refusal);
      const list = waybill.publish(tx, 'acme', [GOOD, { ...BAD, idempotencyKey: 'one' }]);
      await expect(list).rejects.toMatchObject({ errors: [{ path: `events[1].${TOO_LONG.path}` }] });
      // The transaction lives on.
      expect(await waybill.publish(tx, 'acme', { ...GOOD, idempotencyKey: 'one' })).toEqual(taken(0));
    });
    expect(await events()).toHaveLength(1);

    const warned = { ...taken(0), warnings: [TOO_LONG] };
    expect(await waybill.publish('lenient', BAD)).toEqual(warned);
    const [first, second] = await waybill.transaction((tx) => waybill.publish(tx, 'lenient', [BAD, GOOD]));
    expect([first, second]).toEqual([warned, taken(0)]);
    expect((await waybill.events.get('lenient', first?.id ?? '')).warnings).toEqual([TOO_LONG]);
  });
});

describe.each(E2E_DATABASE_KINDS)('an event of a type that is not in the catalog on %s', (kind) => {
  it('is taken, warned of or refused as the policy says, whatever its data is', async () => {
    const { set, publish, events } = await setUp(kind);
    await set({ validation: 'reject', unknownTypes: 'off' });
    expect((await publish(UNKNOWN)).body).toEqual(taken(0));

    await set({ validation: 'reject', unknownTypes: 'warn' });
    const { status, body } = await publish(UNKNOWN);
    expect([status, body]).toEqual([202, { ...taken(0), warnings: [NOT_KNOWN] }]);
    expect(await events()).toMatchObject([{ id: body.id, warnings: [NOT_KNOWN] }, { warnings: [] }]);

    await set({ validation: 'off', unknownTypes: 'reject' });
    expectRefused(await publish(UNKNOWN), 'unknown_event_type', [
      { path: 'type', code: 'unknown_event_type' },
    ]);
    expect((await publish(BAD)).body).toEqual(taken(0));
    expect(await events()).toHaveLength(3);
  });

  it('is refused beside one that breaks its schema with the places of both', async () => {
    const { set, publish, events } = await setUp(kind);
    await set({ validation: 'reject', unknownTypes: 'reject' });
    expectRefused(await publish({ events: [UNKNOWN, GOOD, BAD] }), 'invalid_event_data', [
      { path: 'events[0].type', code: 'unknown_event_type' },
      { path: `events[2].${TOO_LONG.path}`, code: 'maxLength' },
    ]);
    expectRefused(await publish({ events: [UNKNOWN, GOOD] }), 'unknown_event_type', [
      { path: 'events[0].type', code: 'unknown_event_type' },
    ]);
    expect(await events()).toEqual([]);
  });

  it('is known as soon as the platform makes the type, and unknown again when it deletes it', async () => {
    const { api, set, publish } = await setUp(kind);
    await set({ validation: 'reject', unknownTypes: 'reject' });
    expect((await publish(UNKNOWN)).status).toBe(400);
    await api.request('PUT', `/v1/event-types/${UNKNOWN.type}?preset=scurri`, {});
    expect((await publish(UNKNOWN)).status).toBe(202);
    await api.delete(`/v1/event-types/${UNKNOWN.type}?preset=scurri`);
    expect((await publish(UNKNOWN)).status).toBe(400);
  });
});

describe('what holds for an account', () => {
  const own = (policies: object) => ({
    name: 'own',
    title: 'Our own',
    description: 'What we send.',
    policies,
    eventTypes: [{ name: 'tracking_update', schema: { type: 'object', maxProperties: 1 } }],
  });
  const MANY = { path: 'data', rule: 'maxProperties' };

  it('is what its preset says, unless it says otherwise itself', async () => {
    const { api, set, publish } = await setUp('postgres');
    await api.post('/v1/catalogs/own/import', own({ validation: 'warn', unknownTypes: 'warn' }));
    const account = await set({ preset: 'own' });
    expect(account).toMatchObject({ validation: null, unknownTypes: null });
    expect(account.effective).toEqual({ preset: 'own', validation: 'warn', unknownTypes: 'warn' });
    expect((await publish(GOOD)).body.warnings).toMatchObject([MANY]);
    expect((await publish(UNKNOWN)).body.warnings).toEqual([NOT_KNOWN]);

    // What is patched leaves the rest as it is; what is put sets it anew.
    const lenient = await api.patch(ACCOUNT, { unknownTypes: 'off' });
    expect(lenient.body).toMatchObject({ preset: 'own', validation: null, unknownTypes: 'off' });
    expect(lenient.body.effective).toEqual({ preset: 'own', validation: 'warn', unknownTypes: 'off' });
    expect((await publish(UNKNOWN)).body).toEqual(taken(0));
    const unset = await api.request('PUT', ACCOUNT, {});
    expect(unset.body.effective).toEqual({ preset: null, validation: 'off', unknownTypes: 'off' });
    expect((await publish(GOOD)).body).toEqual(taken(0));
    await set({ preset: 'own' });
    const strict = await api.patch(ACCOUNT, { validation: 'reject' });
    expect(strict.body.effective).toEqual({ preset: 'own', validation: 'reject', unknownTypes: 'warn' });
    expectRefused(await publish(GOOD), 'invalid_event_data', [{ path: MANY.path, code: MANY.rule }]);
  });

  it('is changed by what is imported in the place of its preset, with the next event', async () => {
    const { api, set, publish } = await setUp('postgres');
    await api.post('/v1/catalogs/own/import', own({ validation: 'reject' }));
    await set({ preset: 'own' });
    expect((await publish(GOOD)).status).toBe(400);
    await api.post('/v1/catalogs/own/import', { ...own({ validation: 'reject' }), eventTypes: [] });
    expect((await publish(GOOD)).body).toEqual(taken(0));
    await api.post('/v1/catalogs/own/import', own({ validation: 'warn' }));
    expect((await publish(GOOD)).body.warnings).toMatchObject([MANY]);
  });

  it('is nothing but off, warn or reject, and no preset there is not', async () => {
    const { api } = await setUp('postgres');
    const wrong: [object, string][] = [
      [{ validation: 'strict' }, 'validation'],
      [{ unknownTypes: true }, 'unknownTypes'],
      [{ preset: 'nobody' }, 'preset'],
      [{ preset: 'No Body' }, 'preset'],
      [{ policy: 'warn' }, 'policy'],
    ];
    await api.request('PUT', ACCOUNT, { preset: 'scurri' });
    const before = (await api.get(ACCOUNT)).text;
    for (const [body, path] of wrong) {
      for (const answer of [await api.request('PUT', ACCOUNT, body), await api.patch(ACCOUNT, body)]) {
        expect([answer.status, answer.body.errors?.[0].path], JSON.stringify(body)).toEqual([400, path]);
      }
    }
    expect((await api.get(ACCOUNT)).text).toBe(before);
    expect((await api.patch('/v1/accounts/nobody', { validation: 'warn' })).status).toBe(404);
  });
});

describe('accounts with different presets in one instance', () => {
  it('are judged each by the schemas of its own, and those without one by none', async () => {
    const { api } = await setUp('postgres');
    await api.request('PUT', '/v1/accounts/a', { preset: 'scrollengine', validation: 'warn' });
    await api.request('PUT', '/v1/accounts/b', { preset: 'velourcity', validation: 'warn' });
    await api.request('PUT', '/v1/accounts/c', { validation: 'warn', unknownTypes: 'off' });
    const warnedOf = async (account: string, data: object) => {
      const { status, body } = await api.post(`/v1/accounts/${account}/events`, {
        type: 'order.created',
        data,
      });
      expect(status).toBe(202);
      return (body.warnings ?? []).map(({ path, rule }: { path: string; rule: string }) => `${path} ${rule}`);
    };
    const scrollengine = { order_id: '1' };
    const velourcity = { order: { id: 'ord_1', status: 'created' } };
    expect(await warnedOf('a', scrollengine)).toEqual([]);
    expect(await warnedOf('a', velourcity)).toEqual(['data.order_id required']);
    expect(await warnedOf('b', velourcity)).toEqual([]);
    expect(await warnedOf('b', scrollengine)).toEqual(['data.order required']);
    expect([await warnedOf('c', scrollengine), await warnedOf('c', velourcity)]).toEqual([[], []]);
    // An import makes its types known to those that have no preset.
    await api.post('/v1/catalogs/velourcity/import');
    expect(await warnedOf('c', velourcity)).toEqual([]);
    expect(await warnedOf('c', scrollengine)).toEqual(['data.order required']);
    expect(await warnedOf('a', scrollengine)).toEqual([]);
  });
});

describe('an event that names a version of its payload', () => {
  it('must name one there is, and is judged by that one', async () => {
    const { set, publish } = await setUp('postgres');
    await set({ validation: 'reject' });
    expectRefused(await publish({ ...GOOD, version: '2023.1' }), 'invalid_event_data', [
      { path: 'version', code: 'version' },
    ]);
    expect((await publish({ ...GOOD, version: '2024.1' })).status).toBe(202);
    // Most of it is required since then.
    const newer = await publish({ ...GOOD, version: '2025.1' });
    expect(newer.body.errors).toContainEqual({
      path: 'data.trackings[0].tracking_number',
      code: 'required',
      message: 'is missing (payload version 2025.1)',
      params: { payloadVersion: '2025.1' },
    });
    expect((await publish(GOOD)).status).toBe(202);
  });
});

describe('a repeat under an idempotency key', () => {
  it.each([
    ['of the request', {}, 'key'],
    ['of the event', { idempotencyKey: 'key' }, undefined],
  ])('%s gets its first answer, whatever the catalog says by now', async (_what, more, key) => {
    const { api, set, publish, events } = await setUp('postgres');
    await set({ validation: 'reject' });
    const first = await publish({ ...GOOD, ...more }, key);
    expect(first.status).toBe(202);
    const schema = { type: 'object', properties: { trackings: { maxItems: 0 } } };
    await api.request('PUT', '/v1/event-types/tracking_update?preset=scurri', { schema });
    expectRefused(await publish(GOOD), 'invalid_event_data', [{ path: 'data.trackings', code: 'maxItems' }]);
    const repeated = await publish({ ...GOOD, ...more }, key);
    expect([repeated.status, repeated.text]).toEqual([202, first.text]);
    expect(await events()).toHaveLength(1);
  });

  it('gets the warnings of its first answer too', async () => {
    const { api, set, publish, events } = await setUp('postgres');
    await set({ validation: 'warn' });
    const first = await publish(BAD, 'key');
    expect(first.body.warnings).toEqual([TOO_LONG]);
    await api.patch(ACCOUNT, { validation: 'off' });
    expect((await publish(BAD, 'key')).text).toBe(first.text);
    await api.patch(ACCOUNT, { validation: 'reject' });
    expect((await publish(BAD, 'key')).text).toBe(first.text);
    expect(await events()).toHaveLength(1);
  });
});

it('a test event is sent whatever the policies say: nobody has published it', async () => {
  const { api, set } = await setUp('postgres');
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  await set({ validation: 'reject', unknownTypes: 'reject' });
  const webhook = { url: receiver.url, events: ['order.*'], profile: 'standard-webhooks' };
  const { id } = (await api.post(`${ACCOUNT}/webhooks`, webhook)).body;
  expect((await api.post(`${ACCOUNT}/webhooks/${id}/test`)).status).toBe(202);
  const [request] = await receiver.waitFor(1);
  expect(JSON.parse(request?.body ?? '').type).toBe('webhook.test');
});

describe('a policy that is changed', () => {
  async function startNodes(count: number) {
    const database = await createTestDatabase('postgres');
    const nodes = [];
    for (let node = 0; node < count; node += 1) {
      nodes.push(actionsOf(await startTestWaybill('postgres', database)));
    }
    return nodes as [ReturnType<typeof actionsOf>, ReturnType<typeof actionsOf>];
  }

  it.each([
    ['on this node', 1],
    ['on another node', 2],
  ])('%s holds for the next event that is published', async (_where, count) => {
    const nodes = await startNodes(count);
    const [changer, publisher = changer] = nodes;
    const steps: [string, number, boolean][] = [
      ['off', 202, false],
      ['warn', 202, true],
      ['off', 202, false],
      ['reject', 400, false],
    ];
    const seen = [];
    for (const [validation] of steps) {
      await changer.set({ validation, unknownTypes: 'off' });
      const { status, body } = await publisher.publish(BAD);
      seen.push([validation, status, body.warnings !== undefined]);
    }
    expect(seen).toEqual(steps);
  });

  it.each([
    ['on this node', 1],
    ['on another node', 2],
  ])('%s by giving the account another preset holds for the next event too', async (_where, count) => {
    const [changer, publisher = changer] = await startNodes(count);
    const policies = { validation: 'reject', unknownTypes: 'reject' };
    await changer.set({ preset: 'scurri', ...policies });
    expect((await publisher.publish(GOOD)).status).toBe(202);
    await changer.set({ preset: 'velourcity', ...policies });
    expectRefused(await publisher.publish(GOOD), 'unknown_event_type', [
      { path: 'type', code: 'unknown_event_type' },
    ]);
  });
});

describe.each(E2E_DATABASE_KINDS)('a payload is judged in each version that is sent of it on %s', (kind) => {
  const LONG = 'a status of many words';
  const TYPE = {
    versions: {
      '2024.1': { payload: ['status'], schema: { properties: { status: { maxLength: 5 } } } },
      '2025.1': { payload: ['status'], schema: { properties: { status: { type: 'string' } } } },
      '2026.1': { payload: ['status'] },
    },
  };
  const BROKEN = {
    path: 'data.status',
    rule: 'maxLength',
    message: 'must NOT have more than 5 characters (payload version 2024.1)',
    params: { limit: 5, payloadVersion: '2024.1' },
  };

  /** A wire format that sends what a payload makes of the data. */
  const PROFILE = { body: [{ name: 'state', value: 'event.payload' }], signatures: [SIGNATURE] };
  const about = (name: string) => ({ name, title: name, description: name });

  it('but in none where the data itself is sent', async () => {
    const { api, set, publish } = await setUp(kind);
    await api.request('PUT', '/v1/event-types/state.changed', TYPE);
    await set({ preset: null, validation: 'reject', unknownTypes: 'off' });
    const webhook = { url: 'https://127.0.0.1/', events: ['*'], payloadVersion: '2024.1' };
    expect((await api.post(`${ACCOUNT}/webhooks`, webhook)).status).toBe(201);
    const event = { type: 'state.changed', data: { status: LONG } };
    expect((await publish(event)).status).toBe(202);
    // What an event says of itself is judged, whoever gets it.
    expect((await publish({ ...event, version: '2024.1' })).status).toBe(400);
  });

  it('those that webhooks pin, of the account and for the type', async () => {
    const { api, set, publish } = await setUp(kind);
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    await api.post('/v1/catalogs/ours/import', { ...about('ours'), profile: PROFILE });
    await api.request('PUT', '/v1/event-types/state.changed?preset=ours', TYPE);
    await set({ preset: 'ours', validation: 'warn', unknownTypes: 'off' });
    const event = { type: 'state.changed', data: { status: LONG } };
    const warnings = async () => (await publish(event)).body.warnings;
    expect(await warnings()).toBeUndefined();
    const pinning = (events: string[], payloadVersion: string) =>
      api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events, payloadVersion });
    expect((await pinning(['state.*'], '2025.1')).status).toBe(201);
    expect(await warnings()).toBeUndefined();
    const { body: pinned } = await pinning(['state.*'], '2024.1');
    expect(await warnings()).toEqual([BROKEN]);
    await set({ preset: 'ours', validation: 'reject', unknownTypes: 'off' });
    const refused = await publish(event);
    expectRefused(refused, 'invalid_event_data', [{ path: BROKEN.path, code: BROKEN.rule }]);
    await api.request('PATCH', `${ACCOUNT}/webhooks/${pinned.id}`, { payloadVersion: null });
    expect((await publish(event)).status).toBe(202);
  });

  it('those of webhooks with the profile of another preset, as that one has them', async () => {
    const { api, set, publish } = await setUp(kind);
    const ofOthers = { ...TYPE, name: 'state.changed', payload: undefined };
    const mine = { name: 'state.changed', versions: { '2024.1': { payload: ['status'] } } };
    await api.post('/v1/catalogs/mine/import', { ...about('mine'), profile: PROFILE, eventTypes: [mine] });
    await api.post('/v1/catalogs/theirs/import', {
      ...about('theirs'),
      profile: PROFILE,
      eventTypes: [ofOthers],
    });
    await set({ preset: 'mine', validation: 'warn' });
    const event = { type: 'state.changed', data: { status: LONG } };
    const webhook = { url: 'https://127.0.0.1/', events: ['*'], profile: 'theirs' };
    const { body: made } = await api.post(`${ACCOUNT}/webhooks`, webhook);
    // It has the usual version of its own preset, the newest.
    expect((await publish(event)).body.warnings).toBeUndefined();
    await api.patch(`${ACCOUNT}/webhooks/${made.id}`, { payloadVersion: '2024.1' });
    const message = 'must NOT have more than 5 characters (payload version 2024.1 of theirs)';
    expect((await publish(event)).body.warnings).toEqual([
      { ...BROKEN, message, params: { ...BROKEN.params, preset: 'theirs' } },
    ]);
    await api.patch(`${ACCOUNT}/webhooks/${made.id}`, { profile: 'mine' });
    expect((await publish(event)).body.warnings).toBeUndefined();
  });
});
