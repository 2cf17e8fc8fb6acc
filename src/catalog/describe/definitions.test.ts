import { describe, expect, it } from 'vitest';
import { createDefinitions, withUsedDefinitions } from './definitions.ts';

const PREFIX = '#/components/schemas/';
const text = { type: 'string' };

describe('definitions that several schemas share', () => {
  it('those that say the same are one', () => {
    const definitions = createDefinitions(PREFIX);
    const schema = { properties: { a: { $ref: '#/$defs/Name' } }, $defs: { Name: text } };
    expect(definitions.add(schema)).toEqual({ properties: { a: { $ref: `${PREFIX}Name` } } });
    expect(definitions.add(structuredClone(schema))).toEqual({
      properties: { a: { $ref: `${PREFIX}Name` } },
    });
    expect(definitions.all).toEqual({ Name: text });
  });

  it('another one of the same name is given another name', () => {
    const definitions = createDefinitions(PREFIX);
    definitions.add({ $ref: '#/$defs/Name', $defs: { Name: text } });
    const other = definitions.add({ $ref: '#/$defs/Name', $defs: { Name: { type: 'integer' } } });
    expect(other).toEqual({ $ref: `${PREFIX}Name_2` });
    expect(definitions.all).toEqual({ Name: text, Name_2: { type: 'integer' } });
  });

  it('those that differ only in what they refer to are two', () => {
    const definitions = createDefinitions(PREFIX);
    const Who = { properties: { name: { $ref: '#/$defs/Name' } } };
    definitions.add({ $ref: '#/$defs/Who', $defs: { Who, Name: text } });
    definitions.add({ $ref: '#/$defs/Who', $defs: { Who, Name: { type: 'integer' } } });
    expect(definitions.all).toEqual({
      Who: { properties: { name: { $ref: `${PREFIX}Name` } } },
      Name: text,
      Who_2: { properties: { name: { $ref: `${PREFIX}Name_2` } } },
      Name_2: { type: 'integer' },
    });
  });

  it('one may refer to itself', () => {
    const Tree = { properties: { branches: { items: { $ref: '#/$defs/Tree' } } } };
    const definitions = createDefinitions(PREFIX);
    expect(definitions.add({ $ref: '#/$defs/Tree', $defs: { Tree } })).toEqual({ $ref: `${PREFIX}Tree` });
    expect(definitions.all).toEqual({
      Tree: { properties: { branches: { items: { $ref: `${PREFIX}Tree` } } } },
    });
  });
});

describe('a schema with the definitions it uses', () => {
  it('has those alone', () => {
    const all = { Name: text, Age: { type: 'integer' } };
    expect(withUsedDefinitions({ $ref: '#/$defs/Age' }, all)).toEqual({
      $ref: '#/$defs/Age',
      $defs: { Age: { type: 'integer' } },
    });
    expect(withUsedDefinitions({ type: 'null' }, all)).toEqual({ type: 'null' });
  });
});
