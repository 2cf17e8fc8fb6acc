import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { asDraft07 } from './draft-07.ts';
import type { SchemaObject } from './subschemas.ts';

describe('a schema in the words of draft 07', () => {
  it.each<[SchemaObject, SchemaObject]>([
    [{ $ref: '#/x' }, { $ref: '#/x' }],
    [
      { $ref: '#/x', maxLength: 3, allOf: [{ minLength: 1 }] },
      { maxLength: 3, allOf: [{ $ref: '#/x' }, { minLength: 1 }] },
    ],
    [
      { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'null' } },
      { type: 'array', items: [{ type: 'string' }], additionalItems: { type: 'null' } },
    ],
    [
      { prefixItems: [{}], items: false, minItems: 1 },
      { items: [{}], additionalItems: false, minItems: 1 },
    ],
    [{ items: false }, { items: { not: {} } }],
    [{ items: true }, {}],
    [{ items: { $ref: '#/x', title: 'X' } }, { items: { title: 'X', allOf: [{ $ref: '#/x' }] } }],
    [
      { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
      { dependencies: { a: ['b'], c: { required: ['d'] } } },
    ],
    [{ contains: { const: 7 } }, { contains: { const: 7 } }],
    [{ contains: { const: 7 }, minContains: 0 }, {}],
    [{ allOf: [{}], unevaluatedProperties: false }, { allOf: [{}] }],
  ])('%j is %j', (schema, expected) => {
    expect(asDraft07(schema)).toEqual(expected);
    expect(new Ajv().validateSchema(expected)).toBe(true);
  });
});
