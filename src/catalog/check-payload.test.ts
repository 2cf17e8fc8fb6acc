import { describe, expect, it } from 'vitest';
import { payloadSchema } from '../profile/payload-fields.ts';
import { checkPayloadFields, fieldsBudget } from './check-payload.ts';
import type { JsonSchema } from './preset-file.ts';

function complaints(fields: unknown, schema: JsonSchema): string[] {
  return checkPayloadFields(payloadSchema.parse(fields), schema, [], fieldsBudget()).map(
    ({ message }) => message,
  );
}

const NOTE = { properties: { note: {} } };
const ID = { properties: { id: { type: 'string' } } };

describe('a field of a payload', () => {
  it.each<[string, JsonSchema]>([
    ['in a part of the schema', { ...ID, allOf: [{ properties: { note: {} } }] }],
    [
      'in a part of a part, by reference',
      { allOf: [{ $ref: '#/$defs/A' }], $defs: { A: { allOf: [{ properties: { note: {} } }] } } },
    ],
    ['beside a reference', { $ref: '#/$defs/A', properties: { note: {} }, $defs: { A: ID } }],
    [
      'behind a reference with others beside it',
      { $ref: '#/$defs/A', ...ID, $defs: { A: { properties: { note: {} } } } },
    ],
    ['by the pattern of its name', { ...ID, patternProperties: { '^note': {} } }],
    ['in an alternative', { ...ID, anyOf: [{ properties: { note: {} } }, { properties: { other: {} } }] }],
    ['on a condition', { ...ID, if: { required: ['id'] }, else: NOTE }],
    ['behind an anchor', { $ref: '#here', $defs: { A: { $anchor: 'here', properties: { note: {} } } } }],
    [
      'behind a reference into a definition',
      { $ref: '#/$defs/A/properties/in', $defs: { A: { properties: { in: { properties: { note: {} } } } } } },
    ],
    [
      'of a name that all objects have',
      { $ref: '#/$defs/constructor', $defs: { constructor: { properties: { note: {} } } } },
    ],
  ])('is found %s', (_, schema) => {
    expect(complaints(['note'], schema)).toEqual([]);
    expect(complaints(['nothing'], schema)).toEqual(['nothing is not in the schema of the data']);
  });

  it('may be any where the schema says what further ones are', () => {
    const schema = { ...ID, additionalProperties: { properties: { a: {} } } };
    expect(complaints([{ name: 'note', fields: ['a'] }], schema)).toEqual([]);
    expect(complaints([{ name: 'note', fields: ['b'] }], schema)).toEqual([
      'b is not in the schema of the data',
    ]);
    expect(complaints(['note'], { ...ID, additionalProperties: false })).toHaveLength(1);
  });

  it('is looked for in what is below it wherever that is described', () => {
    const schema = {
      allOf: [{ properties: { lines: { $ref: '#/$defs/Lines' } } }],
      properties: { lines: { items: { properties: { sku: {} } } } },
      $defs: { Lines: { type: 'array', items: { properties: { count: {} } } } },
    };
    expect(complaints([{ name: 'lines', each: ['sku', 'count'] }], schema)).toEqual([]);
    expect(complaints([{ name: 'lines', each: ['price'] }], schema)).toEqual([
      'price is not in the schema of the data',
    ]);
  });

  it('is not found in a schema that leads to itself', () => {
    const schema = { ...ID, allOf: [{ $ref: '#' }], anyOf: [{ $ref: '#' }, { $ref: '#/nowhere' }] };
    expect(complaints(['id', 'note'], schema)).toEqual(['note is not in the schema of the data']);
  });
});

describe('looking for fields', () => {
  const names = Array.from({ length: 100 }, (_, index) => `m${index}`);
  const schema = {
    anyOf: names.map((name) => ({ properties: { [name]: { type: 'string' } } })),
    patternProperties: { '^m': true },
  };
  const payload = payloadSchema.parse(names);

  it('takes steps for each that is looked at, in all payloads of a document', () => {
    const budget = fieldsBudget();
    const before = budget.left;
    expect(checkPayloadFields(payload, schema, [], budget)).toEqual([]);
    expect(before - budget.left).toBeGreaterThan(100 * 100);
  });

  it('ends with them, and is told of', () => {
    const said = checkPayloadFields(payload, schema, ['payload'], { left: 5_000, worked: 0 });
    expect(said).toMatchObject([{ path: ['payload'], message: /\[payloads_too_large\]$/ }]);
  });
});
