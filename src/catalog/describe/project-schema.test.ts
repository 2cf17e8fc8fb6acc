import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PayloadField, payloadSchema, projectPayload } from '../../profile/payload-fields.ts';
import { compileSchema } from '../schema.ts';
import { projectSchema } from './project-schema.ts';
import { standAlone } from './stand-alone.ts';
import type { SchemaObject } from './subschemas.ts';

const DATA: SchemaObject = {
  type: 'object',
  title: 'Order',
  properties: {
    id: { $ref: '#/$defs/Id' },
    status: { type: 'string', enum: ['new', 'New', 'done'], maxLength: 4, examples: ['new'] },
    note: { type: 'string', pattern: '^[a-zß]*$', description: 'Anything.' },
    address: { $ref: '#/$defs/Address' },
    driver: { anyOf: [{ $ref: '#/$defs/Driver' }, { type: 'null' }], description: 'Who drives.' },
    rows: { type: 'array', items: { $ref: '#/$defs/Row' }, maxItems: 3 },
    depot: {
      type: ['object', 'null'],
      properties: { name: { type: 'string' } },
      required: ['name'],
      anyOf: [{ minProperties: 1 }, { type: 'null' }],
    },
    pair: {
      type: 'array',
      prefixItems: [{ type: 'object', properties: { sku: { type: 'integer' } } }],
      items: { type: 'object', properties: { sku: { type: 'string' } } },
      minItems: 1,
      maxItems: 1,
    },
    extra: {},
  },
  required: ['id', 'address', 'depot', 'rows'],
  $defs: {
    Id: { type: 'integer' },
    Address: {
      allOf: [{ $ref: '#/$defs/Street' }, { properties: { city: { type: 'string' } } }],
      type: 'object',
      properties: { zip: { type: ['string', 'null'] } },
    },
    Street: { type: 'object', properties: { street: { type: 'string' } }, required: ['street'] },
    Driver: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    Row: { type: ['object', 'string'], properties: { sku: { type: 'string' } }, required: ['sku'] },
    Unused: {},
  },
};

function project(payload: unknown, data: SchemaObject = DATA): SchemaObject {
  return projectSchema(standAlone(data), payloadSchema.parse(payload));
}

describe('the schema of a payload', () => {
  it('has the fields in their order, and the definitions they use', () => {
    expect(project(['rows', 'id'])).toEqual({
      title: 'Order',
      type: 'object',
      properties: { rows: DATA.properties?.['rows' as never], id: { $ref: '#/$defs/Id' } },
      required: ['rows', 'id'],
      $defs: { Id: { type: 'integer' }, Row: DATA.$defs?.['Row' as never] },
    });
    expect(Object.keys(project(['rows', 'id']).properties ?? {})).toEqual(['rows', 'id']);
  });

  it('has what the data may lack as null, always', () => {
    expect(project(['note', 'driver'])).toMatchObject({
      properties: {
        note: { type: ['string', 'null'], pattern: '^[a-zß]*$', description: 'Anything.' },
        driver: { anyOf: [{ $ref: '#/$defs/Driver' }, { type: 'null' }] },
      },
      required: ['note', 'driver'],
    });
  });

  it('demands only what the data demands if the rest is left out', () => {
    expect(project({ absent: 'omit', fields: ['id', 'note'] })).toMatchObject({
      properties: { id: { $ref: '#/$defs/Id' }, note: { type: 'string' } },
      required: ['id'],
    });
    expect(project({ absent: 'omit', fields: ['note'] })).not.toHaveProperty('required');
  });

  it('follows paths, which are there only if each of their steps is', () => {
    const fields = [
      { name: 'street', from: 'address.street' },
      { name: 'city', from: 'address.city' },
      { name: 'driver', from: 'driver.name' },
      { name: 'depot', from: 'depot.name' },
      { name: 'length', from: 'id.length' },
    ];
    expect(project({ absent: 'omit', fields })).toMatchObject({
      properties: {
        street: { type: 'string' },
        city: { type: 'string' },
        driver: { type: 'string' },
        depot: { type: 'string' },
        length: {},
      },
      required: ['street'],
    });
  });

  it('goes into objects and into the items of arrays', () => {
    const fields = [
      { name: 'who', from: 'driver', fields: ['name'] },
      { name: 'lines', from: 'rows', each: ['sku'] },
      { name: 'how_many', count: 'rows' },
      { name: 'source', const: { a: [1] } },
    ];
    expect(project(fields).properties).toEqual({
      who: {
        description: 'Who drives.',
        type: ['object', 'null'],
        properties: { name: { type: 'string' } },
        required: ['name'],
      },
      lines: {
        type: 'array',
        maxItems: 3,
        items: { type: ['object', 'string'], properties: { sku: { type: 'string' } }, required: ['sku'] },
      },
      how_many: { type: 'integer', minimum: 0, description: 'How many items rows has.' },
      source: { const: { a: [1] } },
    });
  });

  it('changes the letters of what is listed, and says no more of the others', () => {
    const fields = [
      { name: 'status', as: 'upperCase' },
      { name: 'note', as: 'capitalized' },
    ];
    expect(project({ absent: 'omit', fields }).properties).toEqual({
      status: { type: 'string', enum: ['NEW', 'DONE'], examples: ['NEW'] },
      note: { type: 'string', description: 'Anything.' },
    });
  });

  it('says of items only what holds for the first of them too', () => {
    expect(project([{ name: 'pair', each: ['sku'] }]).properties).toEqual({
      pair: {
        type: ['array', 'null'],
        minItems: 1,
        maxItems: 1,
        items: { properties: { sku: {} }, required: ['sku'] },
      },
    });
  });

  it('passes on what is no object, or no array, as it is', () => {
    const each = project({ absent: 'omit', fields: [{ name: 'note', each: ['id'] }] });
    expect(each.properties).toEqual({ note: DATA.properties?.['note' as never] });
    expect(project(['id'], { type: 'string', maxLength: 3 })).toEqual({ type: 'string', maxLength: 3 });
    expect(project(['id'], {})).toEqual({ properties: { id: {} }, required: ['id'] });
  });
});

const name = fc.constantFrom(
  'id',
  'status',
  'note',
  'address',
  'driver',
  'rows',
  'depot',
  'pair',
  'extra',
  'street',
  'name',
  'sku',
  'gone',
);
const path = fc.array(name, { minLength: 1, maxLength: 2 });
const { fields: fieldList } = fc.letrec<{ fields: PayloadField[]; field: PayloadField }>((tie) => ({
  fields: fc.uniqueArray(tie('field'), { minLength: 1, maxLength: 5, selector: (field) => field.name }),
  field: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ name, from: path, count: fc.boolean() }),
    fc.record({
      name,
      from: path,
      count: fc.constant(false),
      as: fc.constantFrom('upperCase', 'lowerCase', 'capitalized'),
    }),
    fc.record({ name, from: path, count: fc.constant(false), const: fc.constantFrom(null, 'a', 7) }),
    fc.record({ name, from: path, count: fc.constant(false), fields: tie('fields') }),
    fc.record({ name, from: path, count: fc.constant(false), each: tie('fields') }),
  ),
}));

const text = fc.constantFrom('', 'a', 'straße');
const row = fc.oneof(text, fc.record({ sku: text, name: text }, { requiredKeys: ['sku'] }));
const order = fc.record(
  {
    id: fc.integer(),
    status: fc.constantFrom('new', 'New', 'done'),
    note: text,
    address: fc.record({ street: text, city: text, zip: fc.option(text) }, { requiredKeys: ['street'] }),
    driver: fc.option(fc.record({ name: text, sku: fc.jsonValue() }, { requiredKeys: ['name'] })),
    rows: fc.array(row, { maxLength: 3 }),
    depot: fc.option(fc.record({ name: text })),
    pair: fc.constantFrom([{ sku: 7 }], [{}]),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ['id', 'address', 'depot', 'rows'] },
);

describe('every payload', () => {
  it('fits the schema made for it, if its data fits its own', () => {
    const fits = compileSchema(DATA);
    fc.assert(
      fc.property(
        fieldList,
        fc.constantFrom('null', 'omit'),
        fc.array(order, { minLength: 3, maxLength: 6 }),
        (fields, absent, orders) => {
          const validate = compileSchema(projectSchema(standAlone(DATA), { absent, fields }));
          for (const data of orders) {
            expect(fits(data)).toEqual([]);
            expect(validate(JSON.parse(projectPayload(JSON.stringify(data), { absent, fields })))).toEqual(
              [],
            );
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
