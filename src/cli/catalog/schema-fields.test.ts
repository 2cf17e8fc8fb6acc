import { expect, it } from 'vitest';
import { fieldRows } from './schema-fields.ts';

it('the fields of a schema are listed below the one they are in, in their order', () => {
  const rows = fieldRows({
    type: 'object',
    required: ['id', 'rows'],
    properties: {
      id: { type: 'string', maxLength: 25, pattern: '^A', description: 'The number.' },
      receiver: { type: ['object', 'null'], properties: { name: { type: 'string' } } },
      rows: { type: 'array', maxItems: 9, items: { $ref: '#/$defs/Row' } },
      tags: { type: 'array', items: { type: 'string' } },
    },
    $defs: {
      Row: { type: 'object', properties: { count: { type: 'integer', minimum: 1 } }, required: ['count'] },
    },
  });
  expect(rows).toEqual([
    ['id', 'string, required, pattern ^A, maxLength 25', 'The number.'],
    ['receiver', 'object or null', ''],
    ['  name', 'string', ''],
    ['rows', 'array of object, required, maxItems 9', ''],
    ['  count', 'integer, required, minimum 1', ''],
    ['tags', 'array of string', ''],
  ]);
});

it('values are listed, and what goes by reference, in parts or as an alternative is put together', () => {
  const rows = fieldRows({
    allOf: [{ $ref: '#/$defs/Base' }, { type: 'object', properties: { status: { enum: ['a', 'b', null] } } }],
    $defs: {
      Base: {
        type: 'object',
        properties: { version: { const: 2 }, price: { anyOf: [{ type: 'number' }, { type: 'null' }] } },
      },
    },
  });
  expect(rows).toEqual([
    ['version', 'integer', '2'],
    ['price', 'number or null', ''],
    ['status', 'string or null', 'One of "a" or "b".'],
  ]);
});

it('a map has a row for any other member', () => {
  expect(fieldRows({ type: 'object', additionalProperties: { type: 'string', format: 'date' } })).toEqual([
    ['(any other)', 'string, format date', ''],
  ]);
});

it('what refers to itself is listed once', () => {
  const node = { type: 'object', properties: { value: { type: 'string' }, next: { $ref: '#/$defs/Node' } } };
  expect(fieldRows({ $ref: '#/$defs/Node', $defs: { Node: node } })).toEqual([
    ['value', 'string', ''],
    ['next', 'object, as above', ''],
  ]);
});

it('what has no fields is told as a whole', () => {
  expect(fieldRows(true)).toEqual([['(all of it)', 'anything', '']]);
  expect(fieldRows({ type: 'string', deprecated: true })).toEqual([
    ['(all of it)', 'string, deprecated', ''],
  ]);
});
