import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numericOf } from './number-value.ts';

describe('numbers', () => {
  it.each([
    [12.5, 12.5],
    ['12.50', 12.5],
    ['-3', -3],
    ['007', 7],
    ['1e3', 1000],
    ['2.5E-1', 0.25],
    ['9007199254740993', 9_007_199_254_740_993n],
    [2 ** 60, 1_152_921_504_606_847_000n],
    ['1152921504606846976', 2n ** 60n],
    [2 ** 80, 2n ** 80n],
    ['1e21', 10n ** 21n],
  ])('%j counts as %s', (value, expected) => {
    expect(numericOf(value)).toBe(expected);
  });

  it.each([
    [''],
    [' 7'],
    ['7 '],
    ['+7'],
    ['.5'],
    ['5.'],
    ['1,000'],
    ['0x10'],
    ['1_000'],
    ['NaN'],
    ['Infinity'],
    ['1e999'],
    ['seven'],
    ['7'.repeat(101)],
    [true],
    [null],
    [undefined],
    [[7]],
    [{}],
  ])('%j is none', (value) => {
    expect(numericOf(value)).toBeUndefined();
  });

  it('a whole number written as text keeps all its digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (number) => {
        const isSafe = BigInt(Number.MIN_SAFE_INTEGER) <= number && number <= BigInt(Number.MAX_SAFE_INTEGER);
        expect(numericOf(String(number))).toBe(isSafe ? Number(number) : number);
      }),
    );
  });

  it('a number of JSON is the same as its text', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (number) => {
        expect(numericOf(String(number)) === numericOf(number)).toBe(true);
      }),
    );
  });
});
