import { describe, expect, it } from 'vitest';
import { compileSchema } from '../schema.ts';
import { standAlone } from './stand-alone.ts';

const person = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };

describe('a schema that stands alone', () => {
  it('keeps the definitions it uses, one way or another, and no others', () => {
    const $defs = {
      Unused: { type: 'null' },
      Driver: { type: 'object', properties: { person: { $ref: '#/$defs/Person' } } },
      Person: person,
    };
    expect(standAlone({ $ref: '#/$defs/Driver', description: 'Who drives.', $defs })).toEqual({
      $ref: '#/$defs/Driver',
      description: 'Who drives.',
      $defs: { Driver: $defs.Driver, Person: person },
    });
  });

  it.each([
    ['the root', { type: 'object', properties: { parent: { $ref: '#' } }, required: [] }, 'Root'],
    ['a member', { properties: { from: person, parent: { $ref: '#/properties/from' } } }, 'from'],
    [
      'the older place',
      { definitions: { Who: person }, properties: { parent: { $ref: '#/definitions/Who' } } },
      'Who',
    ],
    [
      'a name in need of escapes',
      { $defs: { 'a/b c': person }, properties: { parent: { $ref: '#/$defs/a~1b%20c' } } },
      'a_1b_c',
    ],
    [
      'its own id',
      {
        $id: 'https://acme.example/a',
        $defs: { Who: person },
        properties: { parent: { $ref: 'https://acme.example/a#/$defs/Who' } },
      },
      'Who',
    ],
  ])('leads a reference to %s to a definition', (_, schema, name) => {
    const alone = standAlone(schema);
    expect(alone.properties).toMatchObject({ parent: { $ref: `#/$defs/${name}` } });
    expect(Object.keys(alone.$defs ?? {})).toEqual([name]);
    for (const value of [{}, { parent: { name: 'Ada' } }, { parent: 7 }, { parent: { name: 7 } }]) {
      expect(compileSchema(alone)(value).length > 0, JSON.stringify(value)).toBe(
        compileSchema(schema)(value).length > 0,
      );
    }
  });

  it('says of what it cannot follow that it may be anything', () => {
    const schema = {
      properties: {
        inner: { $id: 'https://acme.example/inner', $ref: '#/$defs/Own', $defs: { Own: person } },
        outer: { $ref: 'https://json-schema.org/draft/2020-12/schema' },
        dynamic: { $dynamicRef: '#node', title: 'Node' },
        nowhere: { $ref: '#/$defs/Nothing' },
      },
    };
    const anything = { inner: {}, outer: {}, dynamic: { title: 'Node' }, nowhere: {} };
    expect(standAlone(schema)).toEqual({ properties: anything });
  });

  it('takes a member, an example or a constant named $ref for what it is', () => {
    const schema = {
      properties: { $ref: { type: 'string' } },
      examples: [{ $ref: '#/$defs/Nothing' }],
      const: { $ref: 'as it is', inner: { $ref: '#/$defs/Nothing' } },
    };
    expect(standAlone(schema)).toEqual(schema);
  });

  it('writes true and false as schemas where not every document may have them', () => {
    const schema = { items: false, properties: { never: false, always: true }, additionalProperties: false };
    expect(standAlone(schema)).toEqual({
      items: false,
      properties: { never: { not: {} }, always: {} },
      additionalProperties: false,
    });
    expect([standAlone(true), standAlone(false)]).toEqual([{}, { not: {} }]);
  });

  it('forgets who may write a member of a resource, which an event is not', () => {
    const properties = { id: { type: 'string', readOnly: true }, readOnly: { writeOnly: false } };
    expect(standAlone({ properties })).toEqual({ properties: { id: { type: 'string' }, readOnly: {} } });
  });

  it('writes nullable as a type', () => {
    expect(standAlone({ type: 'string', nullable: true })).toEqual({ type: ['string', 'null'] });
  });

  it('leaves the schema it was given alone', () => {
    const schema = { properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { $anchor: 'a', items: true } } };
    const before = structuredClone(schema);
    standAlone(schema);
    expect(schema).toEqual(before);
  });
});
