import { describe, expect, it } from 'vitest';
import type { JsonSchema } from './preset-file.ts';
import { compileSchema } from './schema.ts';

describe('schemas', () => {
  it('that make a validator which answers later are refused', () => {
    const schema = { $async: true, type: 'object' };
    expect(() => compileSchema(schema)).toThrow('$async');
    expect(() => compileSchema({ properties: { a: schema } })).toThrow('$async');
  });

  it('that are refused leave others as they were, whatever they call themselves', () => {
    const meta = 'https://json-schema.org/draft/2020-12/schema';
    expect(() => compileSchema({ $id: meta, type: 'strin' })).toThrow();
    try {
      compileSchema({ $id: meta });
    } catch {
      // Taken or not, it is its own affair.
    }
    expect(compileSchema({ type: 'integer' })('x')).toMatchObject([{ rule: 'type' }]);
  });

  it('do not know each other', () => {
    expect(() => compileSchema({ properties: { p: { $id: 'https://a.example/p' } } })).toThrow('$id');
    compileSchema({ $id: 'https://a.example/q' });
    expect(() => compileSchema({ $ref: 'https://a.example/q' })).toThrow("can't resolve reference");
  });

  it('take no member of every object for one of the data', () => {
    const named = compileSchema({ properties: { constructor: { type: 'string' } } });
    expect(named({})).toEqual([]);
    expect(compileSchema({ required: ['toString'] })({})).toMatchObject([{ rule: 'required' }]);
  });

  it('with a pattern that cannot be matched in linear time are refused, and told why', () => {
    expect(() => compileSchema({ pattern: '^(?=a)b' })).toThrow(/looks ahead.*\[pattern_not_linear\]/);
    expect(() => compileSchema({ patternProperties: { '(a)\\1': true } })).toThrow('[pattern_not_linear]');
  });

  it('refer to anchors, and into definitions, of whatever name', () => {
    const breaks = (schema: JsonSchema) => compileSchema(schema)(5).map(({ rule }) => rule);
    const text = { type: 'string' };
    expect(breaks({ $ref: '#here', $defs: { A: { ...text, $anchor: 'here' } } })).toEqual(['type']);
    expect(breaks({ $ref: '#/$defs/A/properties/a', $defs: { A: { properties: { a: text } } } })).toEqual([
      'type',
    ]);
    expect(breaks({ $ref: '#/$defs/constructor', $defs: { constructor: text } })).toEqual(['type']);
    expect(() => compileSchema({ $ref: '#/$defs/constructor', $defs: { A: text } })).toThrow("can't resolve");
  });

  it('that refer to what is no schema are refused: nobody would count its steps', () => {
    expect(() => compileSchema({ $ref: '#/examples/0', examples: [{ type: 'string' }] })).toThrow(
      'leads to what is no schema',
    );
  });

  it('may be content with no item that fits', () => {
    expect(compileSchema({ contains: { type: 'string' }, minContains: 0 })([1])).toEqual([]);
    const none = compileSchema({ contains: { type: 'string' }, minContains: 0, maxContains: 1 });
    expect(none(['a', 'b'])).toMatchObject([{ rule: 'contains' }]);
  });

  it('that count steps of their own are refused', () => {
    expect(() => compileSchema({ properties: { a: { 'waybill:steps': {} } } })).toThrow('waybill:steps');
  });

  it('may have members that are named as keywords are', () => {
    const named = compileSchema({
      properties: { $async: true, $id: true, 'waybill:steps': { type: 'string' } },
    });
    expect(named({ $async: 1, $id: 2, 'waybill:steps': 'x' })).toEqual([]);
  });
});

describe('what is broken', () => {
  it('is told of with the member concerned', () => {
    const told = (schema: JsonSchema, value: unknown) =>
      compileSchema(schema)(value).map(({ path, rule, message }) => `${path.join('.')} ${rule}: ${message}`);
    expect(
      told({ properties: { a: { properties: { b: true }, unevaluatedProperties: false } } }, { a: { c: 1 } }),
    ).toEqual(['a.c unevaluatedProperties: is not in the schema']);
    expect(told({ propertyNames: { maxLength: 3 } }, { long_name: 1 })).toEqual([
      'long_name maxLength: the name must NOT have more than 3 characters',
      'long_name propertyNames: must not have this name',
    ]);
    expect(told({ dependentRequired: { street: ['city'] } }, { street: 'x' })).toEqual([
      'city dependentRequired: is missing, which must be there if street is',
    ]);
    expect(told({ dependentRequired: { street: ['city', 'zip'] } }, { street: 'x', city: 'y' })).toEqual([
      'zip dependentRequired: is missing, which must be there if street is',
    ]);
  });

  it('is told of in few words, however much the schema or the data says', () => {
    const many = { enum: Array.from({ length: 5_000 }, (_, index) => `value ${index} ${'x'.repeat(500)}`) };
    const [violation] = compileSchema(many)('none');
    expect(violation?.message).toMatch(/^must be "value 0 x+… or "value 1 /);
    expect(violation?.message.length).toBeLessThanOrEqual(300);
    expect(compileSchema({ enum: Array.from({ length: 30 }, (_, index) => index) })(-1)[0]?.message).toBe(
      'must be 0 or 1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 9 or one of 20 others',
    );
    const [extra] = compileSchema({ additionalProperties: false })({ ['n'.repeat(50_000)]: 1 });
    expect(extra?.path).toEqual(['n'.repeat(100)]);
    const rows = Array.from({ length: 200 }, () => ({}));
    expect(compileSchema({ items: { type: 'string' } })(rows)).toHaveLength(20);
  });
});
