import { describe, expect, it } from 'vitest';
import { checkPreset } from './check.ts';
import type { JsonSchema } from './preset-file.ts';
import { endlessReference } from './reference-cycle.ts';
import { compileSchema } from './schema.ts';

const A = { $ref: '#/$defs/A' };

describe('a schema refers to itself without end', () => {
  it.each<[string, JsonSchema]>([
    ['at its root', { $ref: '#' }],
    ['by an empty reference', { $ref: '' }],
    ['by its own name', { $id: 'https://example.com/a.json', allOf: [{ $ref: 'a.json' }] }],
    ['by a relative one', { $id: 'a.json', allOf: [{ $ref: '#' }] }],
    ['for objects alone', { type: 'object', properties: { a: true }, allOf: [{ $ref: '#' }] }],
    ['in a member', { properties: { a: A }, $defs: { A: { anyOf: [{ type: 'null' }, A] } } }],
    ['in items', { items: { oneOf: [{ $ref: '#/items' }] } }],
    ['through not', { properties: { a: A }, $defs: { A: { not: { not: A } } } }],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    ['through if', { properties: { a: A }, $defs: { A: { if: A, then: true } } }],
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    ['through then', { properties: { a: A }, $defs: { A: { if: true, then: A } } }],
    ['through else', { properties: { a: A }, $defs: { A: { if: false, else: A } } }],
    ['where a member is there', { properties: { a: A }, $defs: { A: { dependentSchemas: { b: A } } } }],
    ['by an anchor', { $defs: { A: { $anchor: 'a', allOf: [{ $ref: '#a' }] } } }],
    ['by a dynamic anchor', { items: { $dynamicAnchor: 'a', allOf: [{ $dynamicRef: '#a' }] } }],
    [
      'by way of others',
      { $defs: { A: { $ref: '#/$defs/B' }, B: { allOf: [{ $ref: '#/$defs/C' }] }, C: A } },
    ],
    ['where nothing leads to', { type: 'string', $defs: { A: { allOf: [A] } } }],
  ])('%s', (_, schema) => {
    expect(() => compileSchema(schema)).not.toThrow();
    expect(endlessReference(schema)).toBeDefined();
  });

  it.each<[string, JsonSchema]>([
    ['members', { properties: { a: { $ref: '#' } } }],
    ['other members', { additionalProperties: { $ref: '#' }, patternProperties: { x: { $ref: '#' } } }],
    ['what is in a list', { items: { $ref: '#' }, prefixItems: [{ $ref: '#' }], contains: { $ref: '#' } }],
    ['what is left over', { unevaluatedProperties: { $ref: '#' }, unevaluatedItems: { $ref: '#' } }],
    ['names', { propertyNames: { $ref: '#' } }],
    ['a tree', { anyOf: [{ type: 'null' }, A], $defs: { A: { properties: { next: { anyOf: [A, A] } } } } }],
    [
      'the same twice',
      { allOf: [A, A], $defs: { A: { allOf: [{ $ref: '#/$defs/B' }] }, B: { type: 'string' } } },
    ],
  ])('but not by going down into %s', (_, schema) => {
    expect(endlessReference(schema)).toBeUndefined();
  });

  it('however long the way round is', () => {
    const chain = (last: JsonSchema) =>
      Object.fromEntries(
        Array.from({ length: 20_000 }, (_, n) => [
          `A${n}`,
          n === 19_999 ? last : { $ref: `#/$defs/A${n + 1}` },
        ]),
      );
    expect(endlessReference({ $defs: chain({ $ref: '#/$defs/A0' }) })).toBe('#/$defs/A0');
    expect(endlessReference({ $defs: chain(true) })).toBeUndefined();
  });
});

describe('a preset', () => {
  const flawsOf = (fields: object) => {
    const value = { name: 'own', title: 'O', description: 'O', ...fields };
    const document = { file: 'own.json', value, origins: new Map() };
    const outcome = checkPreset(document, { builtIn: false, hasProfile: () => false });
    return 'flaws' in outcome ? outcome.flaws.map(({ path, message }) => `${path}: ${message}`) : [];
  };

  it('is told where one of its event types does so', () => {
    const schema = { type: 'object', properties: { a: A }, $defs: { A: { anyOf: [A, { type: 'null' }] } } };
    const versions = { 1: { schema: { properties: { b: { allOf: [{ $ref: '#/properties/b' }] } } } } };
    expect(
      flawsOf({
        eventTypes: [
          { name: 'one', schema },
          { name: 'two', versions },
        ],
      }),
    ).toEqual([
      'eventTypes[0].schema: refers to itself without end, by #/$defs/A [validation_unfinished]',
      'eventTypes[1].versions["1"].schema: refers to itself without end, by #/properties/b [validation_unfinished]',
    ]);
  });

  it('is told once of definitions that do so together', () => {
    const $defs = { A: { allOf: [{ $ref: '#/$defs/B' }] }, B: { oneOf: [A] }, C: { properties: { a: A } } };
    const eventTypes = [{ name: 'one', schema: { $ref: '#/$defs/C' } }];
    expect(flawsOf({ $defs, eventTypes })).toEqual([
      expect.stringMatching(/^\$defs\.A: refers to itself without end, by #\/\$defs\/A /),
    ]);
  });

  it('may share definitions that go down into what they are about', () => {
    const $defs = { A: { properties: { next: { $ref: '#/$defs/B' } } }, B: { anyOf: [A, { type: 'null' }] } };
    const eventTypes = ['one', 'two'].map((name) => ({ name, schema: { properties: { a: A } } }));
    expect(flawsOf({ $defs, eventTypes })).toEqual([]);
  });
});
