import { describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const TYPE = {
  title: 'Basket left',
  schema: {
    type: 'object',
    properties: {
      basket: {
        type: 'object',
        properties: {
          basket_code: { type: 'string' },
          total: { type: 'number' },
          leftAt: { type: 'string', format: 'date-time' },
          isGift: { type: 'boolean' },
          note: { type: ['string', 'null'] },
          rows: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string' } } } },
        },
      },
    },
  },
  sample: { basket: { basket_code: 'B-7', total: 12.5, rows: [{ sku: 'A', quantity: 2 }] } },
};

interface Field {
  readonly name: string | null;
  readonly liquid: string;
  readonly type: string;
  readonly sample: string | null;
  readonly fields?: readonly Field[];
}

const ask = (api: ApiClient, type: string, query = '') =>
  api.get(`/v1/event-types/${type}/merge-fields${query}`);

async function fieldsOf(api: ApiClient, type: string, query = ''): Promise<readonly Field[]> {
  const { status, body, text } = await ask(api, type, query);
  expect(status, text).toBe(200);
  expect(body.nextCursor).toBeNull();
  return body.data;
}

/** Those that stand for a value. */
const leavesOf = (fields: readonly Field[]): Field[] => fields.filter(({ type }) => type !== 'collection');

describe.each(E2E_DATABASE_KINDS)('merge fields on %s', (kind) => {
  it('of a type are those of its schema and its sample', async () => {
    const { api } = await startTestWaybill(kind);
    expect((await api.request('PUT', '/v1/event-types/basket.left', TYPE)).status).toBe(200);
    expect(await fieldsOf(api, 'basket.left')).toEqual([
      { name: 'Basket.BasketCode', liquid: 'basket.basket_code', type: 'string', sample: 'B-7' },
      { name: 'Basket.Total', liquid: 'basket.total', type: 'number', sample: '12.5' },
      { name: 'Basket.LeftAt', liquid: 'basket.leftAt', type: 'date', sample: null },
      { name: 'Basket.IsGift', liquid: 'basket.isGift', type: 'boolean', sample: null },
      { name: 'Basket.Note', liquid: 'basket.note', type: 'string', sample: null },
      {
        name: 'Basket.Rows',
        liquid: 'basket.rows',
        type: 'collection',
        sample: null,
        fields: [
          { name: 'Rows.Sku', liquid: 'item.sku', type: 'string', sample: 'A' },
          { name: 'Rows.Quantity', liquid: 'item.quantity', type: 'number', sample: '2' },
        ],
      },
    ]);
  });

  it('of a subject are those of the newest event about it, with its values', async () => {
    const { api } = await startTestWaybill(kind);
    await api.request('PUT', '/v1/event-types/basket.left', TYPE);
    const publish = async (subject: string, data: string, account = ACCOUNT, type = 'basket.left') => {
      const text = `{"type": "${type}", "subject": "${subject}", "data": ${data}}`;
      expect((await api.post(`${account}/events`, text)).status).toBe(202);
    };
    await publish('basket/7', '{"basket": {"basket_code": "B-7", "old": true}}');
    await publish('basket/7', '{"basket": {"basket_code": "B-7", "total": 1.10}}');
    await publish('basket/7', '{"of": "another type"}', ACCOUNT, 'basket.paid');
    await publish('basket/8', '{"of": "another subject"}');
    await publish('basket/7', '{"of": "another account"}', '/v1/accounts/other');
    expect(await fieldsOf(api, 'basket.left', '?account=acme&subject=basket/7')).toEqual([
      { name: 'Basket.BasketCode', liquid: 'basket.basket_code', type: 'string', sample: 'B-7' },
      { name: 'Basket.Total', liquid: 'basket.total', type: 'number', sample: '1.10' },
    ]);
    expect(await fieldsOf(api, 'basket.left', '?account=other&subject=basket%2F7')).toEqual([
      { name: 'Of', liquid: 'of', type: 'string', sample: 'another account' },
    ]);
  });
});

describe('merge fields', () => {
  it('of the types of a preset can be used in templates, under both names', async () => {
    const { api } = await startTestWaybill('postgres');
    const types = (await api.get('/v1/event-types?preset=nshift&limit=100')).body.data;
    const names: string[] = types.map(({ name }: { name: string }) => name);
    expect(names.length).toBeGreaterThan(3);
    let tried = 0;
    for (const name of names) {
      const fields = leavesOf(await fieldsOf(api, name, '?preset=nshift'));
      const template = fields.map((field) => `$$${field.name}$$|{{ ${field.liquid} }}`).join('\n');
      const webhook = {
        url: 'http://127.0.0.1:9999/',
        events: [name],
        payload: { mimeType: 'text/plain', template },
      };
      const event = { type: name, data: types.find((type: { name: string }) => type.name === name).sample };
      const { status, body } = await api.post(`${ACCOUNT}/preview`, { webhook, event });
      expect([name, status]).toEqual([name, 200]);
      expect(body.body).toBe(fields.map(({ sample }) => `${sample ?? ''}|${sample ?? ''}`).join('\n'));
      tried += fields.length;
    }
    expect(tried).toBeGreaterThan(10);
  });

  it('of a collection are used in a range of its name, or in a loop', async () => {
    const { api } = await startTestWaybill('postgres');
    await api.request('PUT', '/v1/event-types/basket.left', TYPE);
    const collection = (await fieldsOf(api, 'basket.left')).find(({ type }) => type === 'collection');
    const [sku, quantity] = collection?.fields ?? [];
    const inRange = `<!-- RangeStart:${collection?.name} -->$$${sku?.name}$$ x $$${quantity?.name}$$;<!-- RangeEnd:${collection?.name} -->`;
    const inLoop = `{% for item in ${collection?.liquid} %}{{ ${sku?.liquid} }} x {{ ${quantity?.liquid} }};{% endfor %}`;
    const payload = { mimeType: 'text/plain', template: `${inRange}|${inLoop}` };
    const webhook = { url: 'http://127.0.0.1:9999/', events: ['*'], payload };
    const rows = [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 2 },
    ];
    const event = { type: 'basket.left', data: { basket: { rows } } };
    const { body } = await api.post(`${ACCOUNT}/preview`, { webhook, event });
    expect(body.body).toBe('A x 1;B x 2;|A x 1;B x 2;');
  });

  it('are those the account sees: its preset decides which type of a name it is', async () => {
    const { api } = await startTestWaybill('postgres');
    for (const preset of ['nshift', 'shopctrl']) {
      await api.post(`/v1/catalogs/${preset}/import`, {});
      await api.patch(`/v1/accounts/${preset}-shop`, { preset });
      const seen = await api.get(`/v1/event-types?account=${preset}-shop&limit=1`);
      const [{ name }] = seen.body.data;
      const asAccount = await fieldsOf(api, name, `?account=${preset}-shop`);
      expect(asAccount).toEqual(await fieldsOf(api, name, `?preset=${preset}`));
    }
  });

  it('of a type or a subject that is not there are not there either', async () => {
    const { api } = await startTestWaybill('postgres');
    await api.request('PUT', '/v1/event-types/basket.left', TYPE);
    await api.post(`${ACCOUNT}/events`, { type: 'basket.left', subject: 'basket/7', data: {} });
    const made = await api.post('/v1/accounts/other/keys', { name: 'key of other' });
    const other = api.withKey(made.body.key);
    expect((await ask(api, 'basket.stolen')).status).toBe(404);
    expect((await ask(api, 'basket.left', '?preset=nothing')).status).toBe(404);
    expect((await ask(api, 'basket.left', '?account=acme&subject=basket/8')).status).toBe(404);
    expect((await ask(api, 'basket.left', '?account=nobody&subject=basket/7')).status).toBe(404);
    expect((await ask(other, 'basket.left', '?account=acme&subject=basket/7')).status).toBe(404);
    expect((await ask(other, 'basket.left', '?subject=basket/7')).status).toBe(404);
    expect((await ask(other, 'basket.left')).status).toBe(200);
    const without = await ask(api, 'basket.left', '?subject=basket/7');
    expect([without.status, without.body.errors[0].path]).toEqual([400, 'account']);
    expect(await fieldsOf(api, 'basket.left', '?account=acme&subject=basket/7')).toEqual([]);
  });

  it('of an event may be of a type nobody has described', async () => {
    const { api } = await startTestWaybill('postgres');
    await api.post(`${ACCOUNT}/events`, { type: 'made.up', subject: 'thing/1', data: { size: 3 } });
    expect((await ask(api, 'made.up')).status).toBe(404);
    expect(await fieldsOf(api, 'made.up', '?account=acme&subject=thing/1')).toEqual([
      { name: 'Size', liquid: 'size', type: 'number', sample: '3' },
    ]);
  });
});
