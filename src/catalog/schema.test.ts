import { describe, expect, it } from 'vitest';
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
});
