import { describe, expect, it } from 'vitest';
import { compileSchema } from '../schema.ts';
import { nullable } from './nullable.ts';
import type { SchemaObject } from './subschemas.ts';

const $defs: SchemaObject = {
  Name: { type: 'string' },
  Perhaps: { type: ['string', 'null'] },
  Loop: { $ref: '#/$defs/Loop' },
};
const root: SchemaObject = { $defs };

function problems(schema: SchemaObject, value: unknown): number {
  return compileSchema({ ...schema, $defs })(value).length;
}

describe('a schema that takes null as well', () => {
  it.each<[SchemaObject, SchemaObject]>([
    [
      { type: 'string', maxLength: 3 },
      { type: ['string', 'null'], maxLength: 3 },
    ],
    [{ type: ['string', 'integer'] }, { type: ['string', 'integer', 'null'] }],
    [
      { type: 'string', enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [{ enum: ['a', 7] }, { enum: ['a', 7, null] }],
    [
      { const: 'a', title: 'A' },
      { title: 'A', anyOf: [{ const: 'a' }, { type: 'null' }] },
    ],
    [
      { $ref: '#/$defs/Name', description: 'Who.' },
      { description: 'Who.', anyOf: [{ $ref: '#/$defs/Name' }, { type: 'null' }] },
    ],
    [{ not: {} }, { anyOf: [{ not: {} }, { type: 'null' }] }],
    [{ allOf: [{}, { type: 'string' }] }, { anyOf: [{ allOf: [{}, { type: 'string' }] }, { type: 'null' }] }],
  ])('%j becomes %j', (schema, expected) => {
    expect(nullable(schema, root)).toEqual(expected);
    expect(problems(schema, null)).toBeGreaterThan(0);
    expect(problems(expected, null)).toBe(0);
  });

  it.each<[SchemaObject]>([
    [{}],
    [{ maxLength: 3 }],
    [{ type: ['string', 'null'] }],
    [{ type: 'null' }],
    [{ enum: ['a', null] }],
    [{ const: null }],
    [{ $ref: '#/$defs/Perhaps', description: 'Who.' }],
    [{ anyOf: [{ $ref: '#/$defs/Name' }, { type: 'null' }] }],
    [{ oneOf: [{ $ref: '#/$defs/Name' }, { type: 'null' }] }],
    [{ allOf: [{ $ref: '#/$defs/Perhaps' }, {}] }],
  ])('%j stays as it is', (schema) => {
    expect(nullable(schema, root)).toBe(schema);
    expect(problems(schema, null)).toBe(0);
  });

  it('is made where one cannot be certain', () => {
    const schema: SchemaObject = { oneOf: [{ not: { type: 'string' } }, { type: 'null' }] };
    expect(problems(schema, null)).toBeGreaterThan(0);
    expect(problems(nullable(schema, root), null)).toBe(0);
    expect(nullable({ $ref: '#/$defs/Loop' }, root)).toEqual({
      anyOf: [{ $ref: '#/$defs/Loop' }, { type: 'null' }],
    });
  });
});
