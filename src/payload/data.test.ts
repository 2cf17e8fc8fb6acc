import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonNumber, parseData, WrittenNumber } from './data.ts';

/** A number of JSON in any of its spellings. */
const jsonNumber = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,18}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,18}$/), fc.stringMatching(/^\.0{1,8}\d?$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?\d{1,3}$/)),
  )
  .map((parts) => parts.join(''));

describe('data', () => {
  it('keeps the text of every number', () => {
    fc.assert(
      fc.property(jsonNumber, fc.constantFrom(',', ', ', '\n'), (number, before) => {
        const text = before === '\n' ? `{"a":\n${number}\n}` : `[1${before}${number},2]`;
        const compact = JSON.stringify(parseData(text));
        expect(compact).toBe(before === '\n' ? `{"a":${number}}` : `[1,${number},2]`);
      }),
      { numRuns: 1000 },
    );
  });

  it('is what JSON.parse makes of it, numbers of another spelling apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseData(text))).toBe(text);
      }),
    );
    expect(parseData('{"a":[1,2.5,"1.10",true,null]}')).toEqual({ a: [1, 2.5, '1.10', true, null] });
  });

  it('wraps only the numbers whose text would change', () => {
    for (const text of ['1.10', '9007199254740993', '1e2', '-0', '0.00000001', '1.0', '1E400']) {
      expect(parseData(text)).toEqual(new WrittenNumber(text));
    }
    for (const text of ['1.1', '0', '-5', '123456789012345', '0.000001']) {
      expect(parseData(text)).toBe(Number(text));
    }
  });

  it('knows the numbers of JSON', () => {
    fc.assert(
      fc.property(jsonNumber, (number) => {
        expect(isJsonNumber(number)).toBe(true);
      }),
    );
    for (const text of ['01', '+1', '.5', '5.', '1,000', '0x1', 'NaN', '', '1e', '-']) {
      expect(isJsonNumber(text)).toBe(false);
    }
  });
});
