import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import type { ApiClient } from '../support/api-client.ts';
import { createTestClock, type TestClock } from '../support/clock.ts';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { SIGNATURE } from '../support/profiles.ts';
import { type Answer, type Receiver, startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const WEBHOOKS = `${ACCOUNT}/webhooks`;
const DEFAULT_SCHEDULE = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
const MONTH_MS = 30 * 24 * 3600 * 1000;

async function receiving(answer: Answer = 200): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.close());
  return receiver;
}

/** A folder of this test alone. */
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'waybill-preset-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function presetOf(mark: string, more: object = {}) {
  return {
    name: 'own',
    title: 'Our own',
    description: 'What we send.',
    profile: { body: [{ name: mark, value: 'event.data' }], signatures: [SIGNATURE] },
    policies: { unknownTypes: 'warn' },
    eventTypes: [{ name: 'order.created' }],
    ...more,
  };
}

function writePreset(path: string, preset: unknown): string {
  writeFileSync(path, typeof preset === 'string' ? preset : JSON.stringify(preset));
  return path;
}

const namesOf = (things: { name: string }[]): string[] => things.map(({ name }) => name);

async function typesSeenBy(api: ApiClient, account: string): Promise<string[]> {
  return namesOf((await api.get(`/v1/event-types?limit=100&account=${account}`)).body.data);
}

describe.each(E2E_DATABASE_KINDS)('the preset of an instance on %s', (kind) => {
  it('is a name: its wire format, catalog and policies hold for accounts that have none of their own', async () => {
    const { api } = await startTestWaybill(kind, { preset: 'scrollengine' });
    const receiver = await receiving();
    const instances = (await api.get('/v1/catalogs')).body.data.filter(
      ({ instance }: { instance: boolean }) => instance,
    );
    expect(namesOf(instances)).toEqual(['scrollengine']);
    expect(instances[0].imported).toBe(false);
    const { body } = await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    expect(body.profile).toBe('scrollengine');
    const account = (await api.get(ACCOUNT)).body;
    expect(account.preset).toBeNull();
    expect(account.effective).toEqual({ preset: 'scrollengine', validation: 'warn', unknownTypes: 'warn' });
    const types = namesOf((await api.get('/v1/catalogs/scrollengine')).body.types).sort();
    expect(await typesSeenBy(api, 'acme')).toEqual(types);
    await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: { order_id: '1' } });
    const [request] = await receiver.waitFor(1);
    expect(Object.keys(JSON.parse(request?.body ?? ''))).toEqual(['event', 'timestamp', 'data']);
    expect(request?.headers['x-scrollengine-signature']).toMatch(/^[0-9a-f]{64}$/);

    // What else is imported isn't known to it: it is the preset of all that have none.
    await api.post('/v1/catalogs/velourcity/import');
    expect(await typesSeenBy(api, 'acme')).toEqual(types);
    await api.request('PUT', '/v1/accounts/other', { preset: 'scurri' });
    const others = await api.post('/v1/accounts/other/webhooks', { url: receiver.url, events: ['*'] });
    expect(others.body.profile).toBe('scurri');
    expect(await typesSeenBy(api, 'other')).toEqual(['proof_of_delivery', 'tracking_update']);
  });

  it('is a file or a folder, which is imported anew by each start', async () => {
    const database = await createTestDatabase(kind);
    const receiver = await receiving();
    const file = writePreset(join(folder(), 'preset.json'), presetOf('first'));
    const first = await startTestWaybill(kind, { ...database, preset: file });
    const { body } = await first.api.get('/v1/catalogs/own');
    expect(body).toMatchObject({ builtIn: false, imported: true, instance: true, eventTypes: 1 });
    const webhook = await first.api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    expect(webhook.body.profile).toBe('own');
    await first.api.post(`${ACCOUNT}/events`, { type: 'order.created', data: 1 });
    await receiver.waitFor(1);
    await first.stop();

    const path = folder();
    writePreset(join(path, 'preset.json'), presetOf('second'));
    mkdirSync(join(path, 'event-types'));
    writePreset(join(path, 'event-types', 'parcels.json'), [
      { name: 'parcel.lost' },
      { name: 'parcel.found' },
    ]);
    const second = await startTestWaybill(kind, { ...database, preset: path });
    expect(await typesSeenBy(second.api, 'acme')).toEqual(['order.created', 'parcel.found', 'parcel.lost']);
    await second.api.post(`${ACCOUNT}/events`, { type: 'parcel.lost', data: 2 });
    const requests = await receiver.waitFor(2);
    expect(requests.map((request) => request.body)).toEqual(['{"first":1}', '{"second":2}']);
    await second.stop();

    // Without it, it is one of those there are, and no longer the instance's.
    const third = await startTestWaybill(kind, database);
    expect((await third.api.get('/v1/catalogs/own')).body).toMatchObject({ imported: true, instance: false });
    const later = await third.api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    expect(later.body.profile).toBe('standard-webhooks');
    await third.stop();
    const fourth = await startTestWaybill(kind, { ...database, preset: 'own' });
    expect((await fourth.api.get('/v1/catalogs/own')).body.instance).toBe(true);
  });

  it('that is not known is refused with the names there are', async () => {
    const database = await createTestDatabase(kind);
    for (const preset of ['nobody', 'Scrollengine', '__proto__', 'own']) {
      const starting = startTestWaybill(kind, { ...database, preset });
      await expect(starting, preset).rejects.toMatchObject({
        code: 'misconfigured',
        message:
          'WAYBILL_PRESET must be one of github, nshift, scrollengine, scurri, shopctrl, shopify, standard-webhooks, ' +
          `standard-webhooks-v1a, stripe, velourcity, or a file, not "${preset}".`,
      });
    }
    // The database was left to whoever comes next, with nothing in it.
    const { api } = await startTestWaybill(kind, database);
    expect((await api.get('/v1/accounts')).body.data).toEqual([]);
  });

  it('that is a broken file is refused with the file, the place and the reason, and nothing is changed', async () => {
    const database = await createTestDatabase(kind);
    const path = folder();
    const good = writePreset(join(path, 'good.json'), presetOf('first'));
    const before = await startTestWaybill(kind, { ...database, preset: good });
    const shown = (await before.api.get('/v1/catalogs/own')).body;
    await before.stop();

    mkdirSync(join(path, 'parts', 'event-types'), { recursive: true });
    writePreset(join(path, 'parts', 'preset.json'), presetOf('second'));
    const part = join(path, 'parts', 'event-types', 'a.json');
    writePreset(part, [{ name: 'a.b' }, { name: 'a.c', schema: { type: 'strin' } }]);
    const broken: [file: string, code: string, where: string, reason: RegExp][] = [
      [
        writePreset(
          join(path, 'schema.json'),
          presetOf('x', { eventTypes: [{ name: 'a', schema: { type: 1 } }] }),
        ),
        'preset_invalid',
        'schema.json: eventTypes[0].schema: ',
        /is not a JSON Schema/,
      ],
      [join(path, 'parts'), 'preset_invalid', `${part}: [1].schema: `, /is not a JSON Schema/],
      [writePreset(join(path, 'text.json'), '{'), 'preset_invalid', 'text.json: ', /is not JSON/],
      [join(path, 'missing.json'), 'preset_invalid', 'missing.json: ', /cannot be read: .*ENOENT/],
      [folder(), 'preset_invalid', 'preset.json: ', /cannot be read: .*ENOENT/],
      [
        writePreset(join(path, 'stripe.json'), presetOf('x', { name: 'stripe' })),
        'preset_built_in',
        'stripe',
        /comes along with Waybill/,
      ],
    ];
    for (const [preset, code, where, reason] of broken) {
      const error = await startTestWaybill(kind, { ...database, preset }).then(
        () => undefined,
        (thrown: { code: string; message: string }) => thrown,
      );
      expect.soft(error?.code, preset).toBe(code);
      expect.soft(error?.message, preset).toContain(where);
      expect.soft(error?.message, preset).toMatch(reason);
    }
    const after = await startTestWaybill(kind, { ...database, preset: 'own' });
    expect((await after.api.get('/v1/catalogs/own')).body).toEqual(shown);
  });
});

describe('the preset of an instance', () => {
  it('is WAYBILL_PRESET where the program says nothing', async () => {
    const environment = { WAYBILL_PRESET: 'velourcity' };
    const { api } = await startTestWaybill('postgres', { environment });
    expect((await api.get('/v1/catalogs/velourcity')).body.instance).toBe(true);
    const other = await startTestWaybill('postgres', { environment, preset: 'scurri' });
    expect((await other.api.get('/v1/catalogs/scurri')).body.instance).toBe(true);
    await expect(
      startTestWaybill('postgres', { environment: { WAYBILL_PRESET: 'nobody' } }),
    ).rejects.toMatchObject({ code: 'misconfigured' });
  });

  it('describes what its webhooks send to anybody who asks, unless they name another', async () => {
    const { url } = await startTestWaybill('postgres', { preset: 'scrollengine' });
    const webhooksIn = async (query = '') => {
      const response = await fetch(`${url}/openapi/webhooks.json${query}`);
      const { info, webhooks } = (await response.json()) as { info: { title: string }; webhooks: object };
      return [info.title, Object.keys(webhooks)[0]];
    };
    const own = await webhooksIn();
    expect(own).toEqual(await webhooksIn('?preset=scrollengine'));
    expect(own[0]).toContain('Scrollengine');
    expect((await webhooksIn('?preset=scurri'))[0]).toContain('Scurri');
  });
});

/** A Waybill of this preset whose clock stands still, and a webhook of it. */
async function startAs(preset: string, options: WaybillOptions = {}, kind: DatabaseKind = 'postgres') {
  const clock = createTestClock(Date.parse('2026-03-13T14:30:00Z'));
  const { api } = await startTestWaybill(kind, { clock, preset, ...options });
  const receiver = await receiving(500);
  const created = await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
  expect([created.status, created.body.profile]).toEqual([201, preset]);
  const webhook = async () => (await api.get(`${WEBHOOKS}/${created.body.id}`)).body;
  const alerts = async () => (await api.get(`${ACCOUNT}/alerts`)).body.data;
  const delivery = async () => (await api.get(`${ACCOUNT}/deliveries`)).body.data[0];
  const lookedAt = await createBarrier(api, created.body.id);
  await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: {} });
  return { api, clock, receiver, webhook, alerts, delivery, lookedAt };
}

/**
 * Waits until the dispatcher has looked, at the time it is now, at what is due for the webhook: a change makes it look,
 * and the test event of another webhook is read later.
 */
async function createBarrier(api: ApiClient, webhookId: string) {
  const canary = await receiving();
  const { body } = await api.post('/v1/accounts/canary/webhooks', { url: canary.url, events: ['*'] });
  let rounds = 0;
  return async () => {
    rounds += 1;
    await api.patch(`${WEBHOOKS}/${webhookId}`, { name: `round ${rounds}` });
    await api.post(`/v1/accounts/canary/webhooks/${body.id}/test`);
    await canary.waitFor(rounds);
  };
}

interface Failing {
  readonly clock: TestClock;
  readonly receiver: Receiver;
  readonly delivery: () => Promise<{ attemptCount: number; nextAttemptAt: string | null }>;
  readonly lookedAt: () => Promise<void>;
}

/** Lets the delivery fail as often as the schedule has it, each time exactly when its wait is over. */
async function failThrough(schedule: readonly number[], { clock, receiver, delivery, lookedAt }: Failing) {
  for (const [index, seconds] of schedule.entries()) {
    await eventually(async () => (await delivery()).attemptCount === index + 1);
    const due = new Date(clock.now() + seconds * 1000).toISOString();
    expect((await delivery()).nextAttemptAt).toBe(due);
    clock.advance(seconds * 1000 - 1);
    await lookedAt();
    expect(receiver.requests).toHaveLength(index + 1);
    clock.advance(1);
    await receiver.waitFor(index + 2);
  }
  await eventually(async () => (await delivery()).attemptCount === schedule.length + 1);
}

describe('the policies of the preset', () => {
  it.each(E2E_DATABASE_KINDS)(
    'Scrollengine are in force on %s: retries after 1, 5 and 30 minutes, then failing with an alert',
    async (kind) => {
      const scene = await startAs('scrollengine', { random: () => 0 }, kind);
      await failThrough([60, 300, 1800], scene);
      const { clock, receiver, webhook, alerts, delivery, lookedAt } = scene;
      expect(await delivery()).toMatchObject({ status: 'failed', statusReason: 'exhausted' });
      const now = new Date(clock.now()).toISOString();
      expect(await webhook()).toMatchObject({ status: 'active', health: 'failing', failingSince: now });
      const raised = {
        kind: 'deliveries_failing',
        status: 'open',
        occurrences: 1,
        message:
          'A delivery was given up after 4 attempts. The last one: answered 500 Internal Server Error.',
        createdAt: now,
      };
      expect(await alerts()).toMatchObject([raised]);
      clock.advance(MONTH_MS);
      await lookedAt();
      expect(receiver.requests).toHaveLength(4);
      expect(await alerts()).toMatchObject([raised]);
    },
  );

  it('ShopCtrl are in force: ten retries, each wait twice the one before, then an alert and nothing else', async () => {
    const scene = await startAs('shopctrl', { random: () => 0 });
    await failThrough([30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360], scene);
    const { clock, receiver, webhook, alerts, delivery, lookedAt } = scene;
    expect(await delivery()).toMatchObject({ status: 'failed', statusReason: 'exhausted' });
    expect(await webhook()).toMatchObject({ status: 'active', health: 'healthy', failingSince: null });
    expect(await alerts()).toMatchObject([{ kind: 'deliveries_failing', status: 'open', occurrences: 1 }]);
    clock.advance(MONTH_MS);
    await lookedAt();
    expect(receiver.requests).toHaveLength(11);
  });

  it('nShift are in force: http is refused although this instance allows it', async () => {
    const { api } = await startTestWaybill('postgres', { preset: 'nshift' });
    const http = { url: 'http://127.0.0.1:9999/', events: ['*'] };
    const refused = await api.post(WEBHOOKS, http);
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [
        {
          path: 'url',
          code: 'url_scheme',
          message: 'must be https for the profile nshift',
          params: { rule: 'https', profile: 'nshift' },
        },
      ],
    ]);
    const taken = await api.post(WEBHOOKS, { ...http, url: 'https://127.0.0.1:9999/' });
    expect([taken.status, taken.body.profile]).toEqual([201, 'nshift']);
    const moved = await api.patch(`${WEBHOOKS}/${taken.body.id}`, { url: http.url });
    expect([moved.status, moved.body.errors[0].code]).toEqual([400, 'url_scheme']);
    expect((await api.post(WEBHOOKS, { ...http, profile: 'standard-webhooks' })).status).toBe(201);
  });
});

describe.each(E2E_DATABASE_KINDS)('accounts with different presets in one instance on %s', (kind) => {
  it('each get their own wire format where a webhook names none', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await receiving();
    await api.request('PUT', '/v1/accounts/a', { preset: 'scrollengine' });
    await api.request('PUT', '/v1/accounts/b', { preset: 'velourcity' });
    const create = (account: string, path: string, more: object = {}) =>
      api.post(`/v1/accounts/${account}/webhooks`, { url: receiver.url + path, events: ['*'], ...more });
    const made = [
      await create('a', 'a'),
      await create('b', 'b'),
      await create('c', 'c'),
      await create('c', 'c-shopctrl', { profile: 'shopctrl' }),
    ];
    expect(made.map(({ body }) => body.profile)).toEqual([
      'scrollengine',
      'velourcity',
      'standard-webhooks',
      'shopctrl',
    ]);
    const data = { OrderId: 1, order_id: '1' };
    for (const account of ['a', 'b', 'c']) {
      const event = { type: 'order.created', occurredAt: '2026-03-13T14:30:00Z', data };
      expect((await api.post(`/v1/accounts/${account}/events`, event)).status).toBe(202);
    }
    const requests = await receiver.waitFor(4);
    const sentTo = (path: string) => {
      const { body = '', headers } = requests.find((one) => one.path === `/${path}`) ?? {};
      const signed = Object.keys(headers ?? {}).filter((name) => name.endsWith('-signature'));
      return [JSON.parse(body), signed];
    };
    const timestamp = '2026-03-13T14:30:00Z';
    const id = expect.stringMatching(/^evt_/);
    expect(sentTo('a')).toEqual([{ event: 'order.created', timestamp, data }, ['x-scrollengine-signature']]);
    expect(sentTo('b')).toEqual([
      { event: 'order.created', timestamp, id, data },
      ['x-velourcity-signature'],
    ]);
    expect(sentTo('c')).toEqual([{ type: 'order.created', timestamp, data }, ['webhook-signature']]);
    const entityData = { OrderId: 1, OrderCode: null };
    expect(sentTo('c-shopctrl')).toEqual([{ event: 'order.created', entityData }, ['x-shopctrl-signature']]);
    expect(requests.find(({ path }) => path === '/b')?.headers['user-agent']).toBe('Velourcity-Webhooks/1.0');
  });

  it('keep the wire formats of their webhooks when they get another preset', async () => {
    const { api } = await startTestWaybill(kind);
    const receiver = await receiving();
    await api.request('PUT', ACCOUNT, { preset: 'scrollengine' });
    const before = await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    await api.patch(ACCOUNT, { preset: 'velourcity' });
    const after = await api.post(WEBHOOKS, { url: receiver.url, events: ['*'] });
    expect([before.body.profile, after.body.profile]).toEqual(['scrollengine', 'velourcity']);
    expect((await api.get(`${WEBHOOKS}/${before.body.id}`)).body.profile).toBe('scrollengine');
  });
});

describe('what holds for a webhook is shown with it', () => {
  const failing = { after: 1, actions: ['mark', 'alert'] };
  const common = {
    disableAfterDays: 5,
    payloadVersion: null,
    httpsOnly: false,
    userAgent: null,
    success: '2xx',
    retry: { schedule: DEFAULT_SCHEDULE, jitter: true },
    failing,
  };

  it.each<[string, object]>([
    ['standard-webhooks', { profile: 'Standard Webhooks' }],
    ['scrollengine', { profile: 'Scrollengine', retry: { schedule: [60, 300, 1800], jitter: false } }],
    ['velourcity', { profile: 'Velourcity', userAgent: 'Velourcity-Webhooks/1.0' }],
    ['nshift', { profile: 'nShift Delivery', httpsOnly: true }],
    ['scurri', { profile: 'Scurri', payloadVersion: '2024.1', success: [200] }],
    [
      'shopctrl',
      {
        profile: 'ShopCtrl',
        retry: { schedule: [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360], jitter: false },
        failing: { after: 1, actions: ['alert'] },
      },
    ],
  ])('for %s', async (profile, own) => {
    const { api } = await startTestWaybill('postgres');
    const url = 'https://127.0.0.1:9999/';
    const { status, body } = await api.post(WEBHOOKS, { url, events: ['*'], profile });
    expect(status).toBe(201);
    expect(body.retry).toBeNull();
    expect(body.effective).toEqual({ ...common, ...own });
    const one = `${WEBHOOKS}/${body.id}`;
    expect((await api.get(one)).body.effective).toEqual(body.effective);
    expect((await api.get(WEBHOOKS)).body.data[0].effective).toEqual(body.effective);

    const schedule = [7, 77];
    const mine = (await api.patch(one, { retry: { schedule } })).body;
    expect(mine.retry).toEqual({ schedule });
    expect(mine.effective).toEqual({ ...common, ...own, retry: { schedule, jitter: false } });
    const once = (await api.patch(one, { retry: { schedule: [] } })).body;
    expect(once.effective.retry).toEqual({ schedule: [], jitter: false });
    expect((await api.patch(one, { retry: null })).body.effective).toEqual(body.effective);
  });

  it('with its own profile, as it is by now', async () => {
    const { api } = await startTestWaybill('postgres');
    const importing = (profile: object) => {
      const base = { name: 'own', title: 'Our own', description: 'What we send.' };
      return api.post('/v1/catalogs/own/import', {
        ...base,
        profile: { body: 'event.data', signatures: [SIGNATURE], ...profile },
      });
    };
    await importing({});
    const { id } = (
      await api.post(WEBHOOKS, { url: 'https://127.0.0.1:9999/', events: ['*'], profile: 'own' })
    ).body;
    const effective = async () => (await api.get(`${WEBHOOKS}/${id}`)).body.effective;
    expect(await effective()).toEqual({ ...common, profile: 'Our own' });
    const strict = { after: 3, actions: ['mark', 'alert', 'disable'] };
    await importing({ userAgent: 'Own/1', success: [202], retry: { schedule: [1] }, failing: strict });
    expect(await effective()).toEqual({
      ...common,
      profile: 'Our own',
      userAgent: 'Own/1',
      success: [202],
      retry: { schedule: [1], jitter: false },
      failing: strict,
    });
  });
});
