import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyJson } from './pretty-json.ts';

describe('prettyJson', () => {
  it('writes every JSON value as the platform does with two spaces', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('keeps numbers as they were written', () => {
    expect(prettyJson('{"a":1.10,"b":12345678901234567890}')).toBe(
      '{\n  "a": 1.10,\n  "b": 12345678901234567890\n}',
    );
  });

  it('leaves alone what is not JSON', () => {
    expect(prettyJson('<html>{"a":1}')).toBe('<html>{"a":1}');
  });
});
