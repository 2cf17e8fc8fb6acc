import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateMember, itemSpans, memberSpans, parseJson } from './json-source.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const whole = (text: string) => [0, text.length] as const;

describe('JSON source', () => {
  it('finds each member of an object exactly as it was written', () => {
    const text = ' { "a" : 1.10 , "b":{"z":[1,{"y":"}\\""}]},"c\\u0064" :"x,\\\\" , "e":9007199254740993 } ';
    const spans = memberSpans(text, whole(text));
    const raw = Object.fromEntries([...spans].map(([name, [start, end]]) => [name, text.slice(start, end)]));
    expect(raw).toEqual({
      a: '1.10',
      b: '{"z":[1,{"y":"}\\""}]}',
      cd: '"x,\\\\"',
      e: '9007199254740993',
    });
  });

  it('takes the last of members with one name, as JSON.parse does', () => {
    const text = '{"a":1,"a":2}';
    expect(memberSpans(text, whole(text)).get('a')).toEqual([11, 12]);
  });

  it.each<[string, (string | number)[] | undefined]>([
    ['{"a":1,"b":2,"a":3}', ['a']],
    ['{"x":[{"a":1},{"b":{"c":[],"c":0}}]}', ['x', 1, 'b', 'c']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{ "a" : "\\"a\\":1,", "b" : ["a", "a"] }', undefined],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"a":{"a":{"a":1}},"b":"a"}', undefined],
  ])('tells of a member that is there twice: %s', (text, path) => {
    JSON.parse(text);
    expect(duplicateMember(text)).toEqual(path);
  });

  it('finds no member twice in what JSON.stringify has written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(duplicateMember(JSON.stringify(value))).toBeUndefined();
      }),
    );
  });

  it('agrees with JSON.parse on any object and array', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(0, 2, '\t'),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          const spans = memberSpans(text, whole(text));
          expect(spans.size).toBe(Object.keys(value).length);
          for (const [name, [start, end]] of spans) {
            expect(JSON.parse(text.slice(start, end))).toEqual(JSON.parse(text)[name]);
          }
        },
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(
          itemSpans(text, whole(text)).map(([start, end]) => JSON.parse(text.slice(start, end))),
        ).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what is not JSON, not UTF-8, or nested without end', () => {
    expect(() => parseJson(bytes('{"a":'))).toThrowError(/not valid JSON/);
    expect(() => parseJson(bytes('{"a":1}x'))).toThrowError(/not valid JSON/);
    expect(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrowError(/UTF-8/);
    expect(() => parseJson(bytes('['.repeat(100_000)))).toThrowError(/deeper than 64/);
    expect(() => parseJson(bytes('[{"a":'.repeat(50_000)))).toThrowError(/deeper than 64/);
  });

  it('does not count brackets inside strings as nesting', () => {
    const text = JSON.stringify({ a: '['.repeat(1000), b: '\\"[['.repeat(100) });
    expect(parseJson(bytes(text)).value).toEqual(JSON.parse(text));
  });
});
