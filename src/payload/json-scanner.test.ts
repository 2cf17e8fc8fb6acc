import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonScanner } from './json-scanner.ts';

describe('the scanner of JSON', () => {
  const accepts = (text: string): boolean => {
    const scanner = new JsonScanner();
    return [...text].every((character) => scanner.next(character) !== undefined) && scanner.end();
  };
  const parses = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  it('accepts what JSON.parse accepts', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
        expect(accepts(JSON.stringify(value, null, indent))).toBe(true);
      }),
    );
  });

  it('and refuses what JSON.parse refuses, a comma before a closing bracket apart', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '\\',
      '\\n',
      '\\u00e4',
      '1',
      '-',
      '0',
      '.5',
      'e',
      'true',
    ];
    const text = fc
      .array(fc.constantFrom(...pieces, 'nul', 'null', ' ', '\n', '\u0001', 'ä'), { maxLength: 12 })
      .map((parts) => parts.join(''))
      .filter((written) => !/,\s*[\]}]/.test(written));
    fc.assert(
      fc.property(text, (written) => {
        expect(accepts(written)).toBe(parses(written));
      }),
      { numRuns: 5000 },
    );
  });

  it('and a change of one character in valid JSON', () => {
    const changed = fc
      .tuple(fc.jsonValue(), fc.nat(), fc.constantFrom('', '"', ',', '{', ']', '\\', '0', ':', ' ', 'x'))
      .map(([value, at, put]) => {
        const text = JSON.stringify(value);
        const where = at % text.length;
        return text.slice(0, where) + put + text.slice(where + 1);
      })
      .filter((written) => !/,\s*[\]}]/.test(written));
    fc.assert(
      fc.property(changed, (written) => {
        expect(accepts(written)).toBe(parses(written));
      }),
      { numRuns: 2000 },
    );
  });
});
