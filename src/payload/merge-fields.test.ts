import { describe, expect, it } from 'vitest';
import { parseData } from './data.ts';
import { listMergeFields, listMergeFieldsOf, type MergeField } from './merge-fields.ts';
import { compilePayload, renderPayload } from './payload.ts';

const sample = {
  order: {
    order_code: 'SO-1',
    total: 12.5,
    is_paid: false,
    created: '2026-03-05T14:00:00Z',
    'odd name': 1,
    order_rows: [{ productName: 'a' }, { productName: 'b', qty: 2 }],
    tags: ['x'],
  },
};

describe('the fields of an event', () => {
  it('have a name for merge fields and one for Liquid, a type and a value', () => {
    expect(listMergeFieldsOf(sample)).toEqual([
      { name: 'Order.OrderCode', liquid: 'order.order_code', type: 'string', sample: 'SO-1' },
      { name: 'Order.Total', liquid: 'order.total', type: 'number', sample: '12.5' },
      { name: 'Order.IsPaid', liquid: 'order.is_paid', type: 'boolean', sample: 'false' },
      { name: 'Order.Created', liquid: 'order.created', type: 'date', sample: '2026-03-05T14:00:00Z' },
      { name: 'Order.OddName', liquid: 'order["odd name"]', type: 'number', sample: '1' },
      {
        name: 'Order.OrderRows',
        liquid: 'order.order_rows',
        type: 'collection',
        sample: null,
        fields: [
          { name: 'OrderRows.ProductName', liquid: 'item.productName', type: 'string', sample: 'b' },
          { name: 'OrderRows.Qty', liquid: 'item.qty', type: 'number', sample: '2' },
        ],
      },
      {
        name: 'Order.Tags',
        liquid: 'order.tags',
        type: 'collection',
        sample: null,
        fields: [{ name: 'Tags', liquid: 'item', type: 'string', sample: 'x' }],
      },
    ]);
  });

  it('can be used under both names', () => {
    const odd = {
      'a-b': { 'c d': 1, 'ü.x': 2, '"q"': 3 },
      empty: 4,
      '+': 5,
      waybill: 6,
      event: 7,
      '9': 8,
      list: [{ 'x y': 9 }],
    };
    const data = JSON.stringify({ ...sample, ...odd });
    const flat = (fields: readonly MergeField[]): MergeField[] =>
      fields.flatMap((field) => (field.type === 'collection' ? [] : [field]));
    const fields = flat(listMergeFieldsOf(JSON.parse(data)));
    expect(fields.length).toBeGreaterThan(10);
    for (const { name, liquid, sample: value } of fields) {
      const template = `{{ ${liquid} }}|${name === null ? value : `$$${name}$$`}`;
      const compiled = compilePayload({ mimeType: 'text/plain', template });
      if ('errors' in compiled) throw new Error(`${template}: ${compiled.errors[0]?.message}`);
      expect(renderPayload(compiled, { data, event: { id: 'evt_1' } })).toEqual({
        body: `${value}|${value}`,
      });
    }
  });

  it('have the text of numbers, and values of 200 characters at most', () => {
    expect(listMergeFieldsOf(parseData(`{"n": 1.10, "long": "${'😀'.repeat(300)}"}`))).toEqual([
      { name: 'N', liquid: 'n', type: 'number', sample: '1.10' },
      { name: 'Long', liquid: 'long', type: 'string', sample: '😀'.repeat(200) },
    ]);
  });

  it('are none if the data is no object', () => {
    expect([null, 1, 'a', [1], undefined].flatMap(listMergeFieldsOf)).toEqual([]);
  });

  it('are bounded in number and depth', () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`m${at}`, at]));
    expect(listMergeFieldsOf(wide)).toHaveLength(1000);
    const deep = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`);
    expect(listMergeFieldsOf(deep)).toHaveLength(1);
  });
});

describe('the fields of an event type', () => {
  const schema = {
    $defs: {
      Money: { type: 'object', properties: { amount: { type: 'number' }, currency: { const: 'EUR' } } },
      Row: {
        allOf: [
          { properties: { ProductName: { type: ['string', 'null'], examples: ['Mug'] } } },
          { properties: { Price: { $ref: '#/$defs/Money' } } },
        ],
      },
      Node: { type: 'object', properties: { Code: { type: 'string' }, Parent: { $ref: '#/$defs/Node' } } },
      'a/b': { type: 'boolean' },
    },
    type: 'object',
    properties: {
      Order: {
        type: 'object',
        properties: {
          OrderCode: { type: 'string', default: 'SO-0' },
          Date: { type: 'string', format: 'date-time' },
          OrderRow: { type: 'array', items: { $ref: '#/$defs/Row' } },
          Flag: { $ref: '#/$defs/a~1b' },
          Away: { $ref: 'https://example.com/schema.json' },
          Missing: { $ref: '#/$defs/Nothing' },
        },
      },
    },
  };

  it('are read from its schema, with values of the sample', () => {
    expect(listMergeFields(schema, { Order: { OrderCode: 'SO-7', Extra: 1 } })).toEqual([
      { name: 'Order.OrderCode', liquid: 'Order.OrderCode', type: 'string', sample: 'SO-7' },
      { name: 'Order.Date', liquid: 'Order.Date', type: 'date', sample: null },
      {
        name: 'Order.OrderRow',
        liquid: 'Order.OrderRow',
        type: 'collection',
        sample: null,
        fields: [
          { name: 'OrderRow.ProductName', liquid: 'item.ProductName', type: 'string', sample: 'Mug' },
          { name: 'OrderRow.Price.Amount', liquid: 'item.Price.amount', type: 'number', sample: null },
          { name: 'OrderRow.Price.Currency', liquid: 'item.Price.currency', type: 'unknown', sample: 'EUR' },
        ],
      },
      { name: 'Order.Flag', liquid: 'Order.Flag', type: 'boolean', sample: null },
      { name: 'Order.Away', liquid: 'Order.Away', type: 'unknown', sample: null },
      { name: 'Order.Missing', liquid: 'Order.Missing', type: 'unknown', sample: null },
      { name: 'Order.Extra', liquid: 'Order.Extra', type: 'number', sample: '1' },
    ]);
  });

  it('are read from the sample alone if there is no schema', () => {
    expect(listMergeFields(undefined, sample)).toEqual(listMergeFieldsOf(sample));
    expect(listMergeFields(undefined, undefined)).toEqual([]);
  });

  it('end, even if a schema refers to itself', () => {
    const list = listMergeFields({ ...schema, properties: { Node: { $ref: '#/$defs/Node' } } }, undefined);
    expect(list.length).toBeGreaterThan(3);
    expect(list.length).toBeLessThan(20);
    expect(listMergeFields({ $ref: '#' }, undefined)).toEqual([]);
    const branches = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`m${at}`, { $ref: '#' }]));
    expect(listMergeFields({ type: 'object', properties: branches }, undefined).length).toBeLessThanOrEqual(
      1000,
    );
  });
});
