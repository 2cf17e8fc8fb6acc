import { describe, expect, it } from 'vitest';
import { DocumentReader } from './read-documents.ts';

type Row = { name: string; document: string | null; preset?: string | null };

function setUp() {
  const parsed: string[] = [];
  const broken: string[] = [];
  const reader = new DocumentReader<Row, object>(
    ({ document }) => {
      parsed.push(document ?? '');
      return JSON.parse(document ?? '');
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
    expect(second[0]).toBe(first[0]);
    expect(second).toEqual([{ n: 1 }, { n: 3 }]);
  });

  it('that are gone are forgotten, and those that are broken left out', () => {
    const { reader, broken } = setUp();
    const a = { name: 'a', document: '{}' };
    const first = reader.read([a, { name: 'b', document: '{' }]);
    expect(first).toEqual([{}]);
    expect(broken).toEqual(['b']);
    expect(reader.read([])).toEqual([]);
    expect(reader.read([a])[0]).not.toBe(first[0]);
  });

  it('of one name and several presets are kept apart', () => {
    const { reader, parsed } = setUp();
    const rows = [
      { name: 'a', preset: null, document: '1' },
      { name: 'a', preset: 'acme', document: '2' },
    ];
    expect(reader.read(rows)).toEqual([1, 2]);
    expect(reader.read(rows)).toEqual([1, 2]);
    expect(parsed).toEqual(['1', '2']);
  });
});
