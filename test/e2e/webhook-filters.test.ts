import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const SECRET = 'a-shared-secret-in-plain-text';
const STATUS = { name: 'status', title: 'Order status', field: 'order.status', values: ['Draft', 'Sent', 7] };
const CARRIER = { name: 'carrier', title: 'Carrier', description: 'By its code.', field: 'order.carrier' };
const PRESET = {
  name: 'own',
  title: 'Own',
  description: 'Of a platform.',
  profile: 'standard-webhooks',
  filters: [STATUS, CARRIER],
};

async function start(kind: DatabaseKind = 'postgres') {
  const clock = createTestClock(Date.parse('2026-03-13T14:30:00Z'));
  const { api } = await startTestWaybill(kind, { clock });
  const importing = (preset: object) => api.post(`/v1/catalogs/own/import`, { ...PRESET, ...preset });
  const imported = await importing({});
  expect(imported.status, imported.text).toBe(200);
  // Nothing listens there, and nothing is sent.
  const draft = { url: 'http://127.0.0.1:9999/', events: ['*'], profile: 'own', status: 'paused' };
  const create = async (settings: object = {}): Promise<string> => {
    const made = await api.post(`${ACCOUNT}/webhooks`, { ...draft, ...settings });
    expect(made.status, made.text).toBe(201);
    return `${ACCOUNT}/webhooks/${made.body.id}`;
  };
  const publish = async (order: unknown) =>
    (await api.post(`${ACCOUNT}/events`, { type: 'order.changed', data: { order } })).body.deliveries;
  return { api, clock, draft, create, publish, importing };
}

/** What is wrong, as `path code`. */
function refusedIn({
  status,
  body,
}: {
  status: number;
  body: { errors?: { path: string; code: string }[] };
}) {
  if (status !== 400) return [`answered ${status}`];
  return body.errors?.map(({ path, code }) => `${path} ${code}`);
}

describe.each(E2E_DATABASE_KINDS)('the filters of a webhook on %s', (kind) => {
  it('decide which events it gets, and are shown as they were given', async () => {
    const { api, create, publish } = await start(kind);
    const filters = { status: ['Sent', 7], carrier: ['DHL', 'pnl'] };
    const webhook = await create({ filters });
    expect((await api.get(webhook)).body.filters).toEqual(filters);
    expect((await api.get(`${ACCOUNT}/webhooks`)).body.data[0].filters).toEqual(filters);
    expect(await publish({ status: 'sent', carrier: 'PNL' })).toBe(1);
    expect(await publish({ status: '7', carrier: 'DHL' })).toBe(1);
    expect(await publish({ status: 'Draft', carrier: 'DHL' })).toBe(0);
    expect(await publish({ status: 'Sent', carrier: 'UPS' })).toBe(0);
    expect(await publish({ status: 'Sent' })).toBe(0);
    expect(await publish(null)).toBe(0);

    // A change counts from the next event on.
    expect((await api.patch(webhook, { filters: { carrier: ['UPS'], status: [] } })).body.filters).toEqual({
      carrier: ['UPS'],
    });
    expect(await publish({ status: 'Draft', carrier: 'ups' })).toBe(1);
    expect((await api.patch(webhook, { name: 'other' })).body.filters).toEqual({ carrier: ['UPS'] });
    expect((await api.patch(webhook, { filters: {} })).body.filters).toEqual({});
    expect(await publish(null)).toBe(1);
  });

  it('keep their preset from being imported without them, or with others in their place', async () => {
    const { api, create, importing, publish } = await start(kind);
    const webhook = await create({ filters: { status: ['Sent'] } });
    const moved = { ...STATUS, field: 'order.state' };
    for (const filters of [[], [CARRIER], [moved, CARRIER]]) {
      const { status, body } = await importing({ filters });
      expect([status, body.code]).toEqual([409, 'preset_in_use']);
      expect(body.detail).toMatch(/^The filter status is chosen by webhooks \(1\),/);
    }
    // What nobody has chosen may go, and what can be chosen may become another.
    expect((await importing({ filters: [{ ...STATUS, values: ['Draft'] }] })).status).toBe(200);
    expect(await publish({ status: 'Sent' })).toBe(1);
    expect((await api.patch(webhook, { name: 'other' })).status).toBe(200);
    expect(refusedIn(await api.patch(webhook, { filters: { status: ['Sent'] } }))).toEqual([
      'filters.status[0] unknown_value',
    ]);
    expect((await api.patch(webhook, { filters: {} })).status).toBe(200);
    expect((await importing({ filters: [] })).status).toBe(200);
  });
});

describe('filters', () => {
  it('are asked beside the condition, whichever its mode', async () => {
    const { create, publish } = await start();
    const rule = { field: 'order.total', operator: 'greaterThan', value: 100 };
    await create({ filters: { status: ['Sent'] }, condition: { mode: 'stop', all: [rule] } });
    expect(await publish({ status: 'Sent', total: 50 })).toBe(1);
    expect(await publish({ status: 'Sent', total: 250 })).toBe(0);
    expect(await publish({ status: 'Draft', total: 250 })).toBe(0);
    expect(await publish({ status: 'Draft', total: 50 })).toBe(0);
  });

  it('are explained by their titles, each as a rule between channels and condition', async () => {
    const { api, create } = await start();
    const condition = { all: [{ field: 'order.status', operator: 'isNotNull' }] };
    const webhook = await create({ filters: { status: ['Sent', 7], carrier: ['DHL'] }, condition });
    const explain = async (order: object) =>
      (await api.post(`${webhook}/explain`, { event: { type: 'a', data: { order } } })).body;
    const { fires, rules } = await explain({ status: 'Draft', carrier: 'dhl' });
    expect(fires).toBe(false);
    expect(rules.map(({ rule }: { rule: string }) => rule)).toEqual([
      'status',
      'events',
      'channels',
      'filters',
      'filters',
      'condition',
    ]);
    expect(rules.slice(3, 5)).toMatchObject([
      {
        rule: 'filters',
        code: 'filter',
        holds: false,
        sentence: 'Order status: order.status is "Draft", which is not in the list ("Sent", 7).',
      },
      {
        rule: 'filters',
        code: 'filter',
        holds: true,
        sentence: 'Carrier: order.carrier is "dhl", which is in the list ("DHL").',
      },
    ]);
    expect((await explain({ status: 7, carrier: 'DHL' })).fires).toBe(true);
    const drafted = { webhook: { filters: {} }, event: { type: 'a', data: { order: { status: 'Draft' } } } };
    expect((await api.post(`${webhook}/explain`, drafted)).body.fires).toBe(true);
  });

  it('choose what is replayed', async () => {
    const { api, create, publish } = await start();
    for (const status of ['Sent', 'Draft', 'Sent']) await publish({ status });
    const webhook = await create({ filters: { status: ['Sent'] } });
    const replay = await api.post(`${webhook}/replay`, { from: '2026-01-01T00:00:00Z' });
    expect([replay.status, replay.body.total]).toEqual([202, 2]);
    await eventually(
      async () => (await api.get(`${ACCOUNT}/replays/${replay.body.id}`)).body.status === 'done',
    );
    expect((await api.get(`${ACCOUNT}/deliveries`)).body.data).toHaveLength(2);
  });

  it('are offered where profiles and presets are listed', async () => {
    const { api } = await start();
    const offered = [
      { ...STATUS, description: null },
      { ...CARRIER, values: null },
    ];
    const named = (list: { name: string }[]) => list.find(({ name }) => name === 'own');
    expect(named((await api.get('/v1/profiles')).body.data)).toMatchObject({ filters: offered });
    expect(named((await api.get('/v1/catalogs')).body.data)).toMatchObject({ filters: offered });
    expect((await api.get('/v1/catalogs/own')).body).toMatchObject({ filters: offered });
  });

  it('that are not offered are refused, when a webhook is made, changed, previewed or explained', async () => {
    const { api, draft, create } = await start();
    const webhook = await create({ filters: { status: ['Sent'] } });
    const many = Array.from({ length: 30 }, (_, index) => `s${index}`);
    const cases: [settings: object, ...errors: string[]][] = [
      [{ filters: { state: ['Sent'] } }, 'filters.state unknown_filter'],
      [{ filters: { state: [] } }, 'filters.state unknown_filter'],
      [
        { filters: { status: ['Sent', 'Lost', 8] } },
        'filters.status[1] unknown_value',
        'filters.status[2] unknown_value',
      ],
      [
        { filters: { status: many } },
        ...many.slice(0, 20).map((_, index) => `filters.status[${index}] unknown_value`),
      ],
      [{ filters: { status: 'Sent' } }, 'filters.status wrong_type'],
      [{ filters: { status: [true] } }, 'filters.status[0] wrong_type'],
      [{ filters: { carrier: ['a\0'] } }, 'filters.carrier[0] malformed_text'],
      [{ filters: { carrier: [''] } }, 'filters.carrier[0] too_small'],
      [{ filters: { carrier: [2 ** 60] } }, 'filters.carrier[0] too_large'],
      [{ filters: { carrier: Array(1001).fill('a') } }, 'filters.carrier too_large'],
      [
        { filters: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`f${index}`, []])) },
        'filters too_large',
      ],
      [{ filters: ['status'] }, 'filters wrong_type'],
      [{ filters: null }, 'filters wrong_type'],
      [{ profile: 'standard-webhooks', filters: { status: ['Sent'] } }, 'filters.status unknown_filter'],
    ];
    for (const [settings, ...errors] of cases) {
      const what = JSON.stringify(settings).slice(0, 80);
      expect
        .soft(refusedIn(await api.post(`${ACCOUNT}/webhooks`, { ...draft, ...settings })), what)
        .toEqual(errors);
      expect.soft(refusedIn(await api.patch(webhook, settings)), what).toEqual(errors);
      const named = errors.map((error) => `webhook.${error}`);
      expect
        .soft(refusedIn(await api.post(`${webhook}/explain`, { webhook: settings })), what)
        .toEqual(named);
      expect
        .soft(refusedIn(await api.post(`${ACCOUNT}/preview`, { webhook: { ...draft, ...settings } })), what)
        .toEqual(named);
    }
    // Those of one profile are none of another's, given or not.
    expect(refusedIn(await api.patch(webhook, { profile: 'standard-webhooks' }))).toEqual([
      'filters.status unknown_filter',
    ]);
    expect((await api.patch(webhook, { profile: 'standard-webhooks', filters: {} })).status).toBe(200);
  });

  it('that are refused are told with what there is, of which no more than twenty are named', async () => {
    const { api, draft, importing } = await start();
    const values = Array.from({ length: 25 }, (_, index) => `v${index}`);
    expect((await importing({ filters: [STATUS, { ...CARRIER, values }] })).status).toBe(200);
    const message = async (settings: object) =>
      (await api.post(`${ACCOUNT}/webhooks`, { ...draft, ...settings })).body.errors[0].message;
    expect(await message({ filters: { state: [] } })).toBe('must be one of status, carrier');
    expect(await message({ filters: { status: ['x'] } })).toBe('must be one of Draft, Sent, 7');
    expect(await message({ filters: { carrier: ['x'] } })).toMatch(/^must be one of v0, .*, v19 and 5 more$/);
    const none = { profile: 'scrollengine', secret: SECRET, filters: { status: ['x'] } };
    expect(await message(none)).toBe('the profile scrollengine has no filters');
  });

  it('of a preset that are declared wrong are refused with the preset', async () => {
    const { importing } = await start();
    const cases: [filters: object[], path: string][] = [
      [[STATUS, { ...CARRIER, name: 'status' }], 'filters[1].name'],
      [[{ ...STATUS, name: 'order status' }], 'filters[0].name'],
      [[{ ...STATUS, name: '__proto__' }], 'filters[0].name'],
      [[{ ...STATUS, field: 'order..status' }], 'filters[0].field'],
      [[{ ...STATUS, field: '' }], 'filters[0].field'],
      [[{ ...STATUS, values: [] }], 'filters[0].values'],
      [[{ ...STATUS, values: ['Sent', 7, 'SENT'] }], 'filters[0].values[2]'],
      [[{ ...STATUS, operators: ['equals'] }], 'filters[0].operators'],
    ];
    for (const [filters, path] of cases) {
      const { status, body } = await importing({ filters });
      expect.soft([status, body.errors?.[0]?.path], JSON.stringify(filters)).toEqual([400, path]);
    }
  });
});

describe('the filters of ShopCtrl', () => {
  it('choose by status, payment and shipment; what they look at does not go out', async () => {
    const { api, draft } = await start();
    const settings = { ...draft, profile: 'shopctrl', secret: SECRET, events: ['order.*'] };
    const filters = {
      orderBaseStatus: ['Shipped'],
      paymentDirection: ['Credit'],
      shipmentWarehouse: [2],
      shipmentCarrierModule: ['DHL'],
    };
    const made = await api.post(`${ACCOUNT}/webhooks`, { ...settings, filters });
    expect([made.status, made.body.filters]).toEqual([201, filters]);
    const data = {
      OrderId: 7,
      OrderCode: 'SO-7',
      Order: { BaseStatus: 'Shipped' },
      Payment: { Direction: 'Credit' },
      Shipment: { WarehouseId: 2, CarrierModule: 'DHL' },
    };
    const publish = async (more: object) =>
      (await api.post(`${ACCOUNT}/events`, { type: 'order.changed', data: { ...data, ...more } })).body;
    expect(await publish({})).toMatchObject({ deliveries: 1 });
    for (const other of [
      { Order: { BaseStatus: 'New' } },
      { Payment: { Direction: 'Debit' } },
      { Shipment: { WarehouseId: 3, CarrierModule: 'DHL' } },
      { Shipment: null },
    ]) {
      expect(await publish(other)).toMatchObject({ deliveries: 0 });
    }
    const path = `${ACCOUNT}/webhooks/${made.body.id}`;
    const preview = await api.post(`${path}/preview`, { event: { type: 'order.changed', data } });
    expect(JSON.parse(preview.body.body).entityData).toEqual({ OrderId: 7, OrderCode: 'SO-7' });
    const refused = await api.patch(path, { filters: { paymentDirection: ['Both'] } });
    expect(refused.body.errors[0].message).toBe('must be one of Debit, Credit');
  });
});
