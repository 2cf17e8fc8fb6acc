import { describe, expect, it } from 'vitest';
import { DocumentReader } from './read-documents.ts';

function setUp() {
  const parsed: string[] = [];
  const broken: string[] = [];
  const reader = new DocumentReader<object>(
    (document) => {
      parsed.push(document);
      return JSON.parse(document);
    },
    (name) => broken.push(name),
  );
  return { reader, parsed, broken };
}

describe('documents of the database', () => {
  it('are parsed again only when they have changed', () => {
    const { reader, parsed } = setUp();
    const a = { name: 'a', document: '{"n":1}' };
    const first = reader.read([a, { name: 'b', document: '{"n":2}' }, { name: 'built in', document: null }]);
    const second = reader.read([a, { name: 'b', document: '{"n":3}' }]);
    expect(parsed).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    expect(second.get('a')).toBe(first.get('a'));
    expect([...second]).toEqual([
      ['a', { n: 1 }],
      ['b', { n: 3 }],
    ]);
  });

  it('that are gone are forgotten, and those that are broken left out', () => {
    const { reader, broken } = setUp();
    const a = { name: 'a', document: '{}' };
    const first = reader.read([a, { name: 'b', document: '{' }]);
    expect([...first.keys()]).toEqual(['a']);
    expect(broken).toEqual(['b']);
    expect(reader.read([]).size).toBe(0);
    expect(reader.read([a]).get('a')).not.toBe(first.get('a'));
  });
});
