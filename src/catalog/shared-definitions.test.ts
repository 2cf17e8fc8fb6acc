import { describe, expect, it } from 'vitest';
import { withDefinitions } from './event-type.ts';
import type { JsonSchema } from './preset-file.ts';
import { compileSchema } from './schema.ts';

const DEFINITIONS: Record<string, JsonSchema> = {
  Text: { type: 'string', maxLength: 3 },
  Node: { properties: { name: { $ref: '#/$defs/Text' }, next: { $ref: '#/$defs/Node' } } },
  Deep: { properties: { in: { type: 'integer' } } },
};

const rules = (schema: JsonSchema, value: unknown, definitions = DEFINITIONS): string[] =>
  compileSchema(withDefinitions(schema, definitions) ?? true)(value).map(
    ({ path, rule }) => `${path.join('.')} ${rule}`,
  );

describe('schemas that share definitions', () => {
  it('are judged by them, those that refer to themselves too', () => {
    const value = { next: { next: { name: 'long' } } };
    expect(rules({ $ref: '#/$defs/Node' }, value)).toEqual(['next.next.name maxLength']);
    expect(rules({ properties: { a: { $ref: '#/$defs/Text' } } }, { a: 5 })).toEqual(['a type']);
    expect(rules({ items: { $ref: '#/$defs/Node' } }, [{ name: 'ok' }])).toEqual([]);
  });

  it('keep a definition of their own of the same name, which counts for what they share, too', () => {
    const own = { $ref: '#/$defs/Node', $defs: { Text: { type: 'integer' } } };
    expect(rules(own, { name: 'abc' })).toEqual(['name type']);
    expect(rules({ $ref: '#/$defs/Node' }, { name: 'abc' })).toEqual([]);
  });

  it('can refer to a part of a definition', () => {
    expect(rules({ $ref: '#/$defs/Deep/properties/in' }, 'x')).toEqual([' type']);
  });

  it('keep track of the members that shared definitions have looked at', () => {
    const schema = { $ref: '#/$defs/Deep', unevaluatedProperties: false };
    expect(rules(schema, { in: 1 })).toEqual([]);
    expect(rules(schema, { in: 1, out: 2 })).toEqual(['out unevaluatedProperties']);
  });

  it('are refused for a definition that is not there, whatever all objects have', () => {
    for (const name of ['Nothing', 'constructor', 'toString']) {
      const refers = { properties: { a: { $ref: '#/$defs/Text' }, b: { $ref: `#/$defs/${name}` } } };
      expect(() => rules(refers, {})).toThrow(`can't resolve reference #/$defs/${name}`);
    }
    const broken = { A: { $ref: '#/$defs/constructor' } };
    expect(() => rules({ $ref: '#/$defs/A' }, {}, broken)).toThrow("can't resolve reference");
  });

  it('find one that is named as what all objects have', () => {
    expect(rules({ $ref: '#/$defs/constructor' }, 5, { constructor: { type: 'string' } })).toEqual([' type']);
  });

  it('do not share what stands for the whole of each', () => {
    const definitions = { List: { type: 'array', items: { $ref: '#' } } };
    const schema: JsonSchema = { anyOf: [{ type: 'integer' }, { $ref: '#/$defs/List' }] };
    expect(rules(schema, [1, [2]], definitions)).toEqual([]);
    expect(rules(schema, [1, ['x']], definitions)).not.toEqual([]);
  });
});
