import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decimal, decimalText, readDecimal, roundDecimal, shiftDecimal } from './decimal.ts';
import { formatNumber } from './number-format.ts';

const decimal = (text: string): Decimal => readDecimal(text) as Decimal;

describe('custom number formats', () => {
  it.each([
    // The documented ones.
    ['1559917.36', '0.0000', '1559917.3600'],
    ['1559917.36', '#,#.00', '1,559,917.36'],
    // Places.
    ['5', '000', '005'],
    ['5', '0#', '05'],
    ['5', '###', '5'],
    ['1234', '0', '1234'],
    ['0', '#', ''],
    ['0', '#.##', ''],
    ['0', '0.##', '0'],
    ['0.5', '#.##', '.5'],
    ['0.5', '.00', '.50'],
    ['12.3', '.00', '12.30'],
    ['12.30', '0.0##', '12.3'],
    ['12.34', '0.', '12'],
    ['1.5', '0.0.0', '1.50'],
    // Rounding, halves away from zero, of the digits and not of a binary fraction.
    ['2.5', '0', '3'],
    ['-2.5', '0', '-3'],
    ['2.345', '0.00', '2.35'],
    ['1.005', '0.00', '1.01'],
    ['999.995', '#,0.00', '1,000.00'],
    ['0.004', '0.00', '0.00'],
    ['-0.004', '0.00', '0.00'],
    // Groups and thousands.
    ['1234567', '#,0', '1,234,567'],
    ['123', '#,0', '123'],
    ['123', '0,000', '0,123'],
    ['1234567', '0,', '1235'],
    ['1234567890', '#,0,,', '1,235'],
    ['1234567', '0,.0', '1234.6'],
    // Percent and per mille.
    ['0.256', '0%', '26%'],
    ['0.256', '0.0%', '25.6%'],
    ['0.256', '%0', '%26'],
    ['0.0256', '0.0‰', '25.6‰'],
    // Text.
    ['5', "0 'pcs'", '5 pcs'],
    ['5', '0 "#"', '5 #'],
    ['5', '\\#0', '#5'],
    ['1234.5', '€ #,0.00', '€ 1,234.50'],
    ['12345678', '000-00000', '123-45678'],
    ['5', 'nothing', 'nothing'],
    // Sections.
    ['5', '0;(0);zero', '5'],
    ['-5', '0;(0);zero', '(5)'],
    ['0', '0;(0);zero', 'zero'],
    ['-5', '0;;zero', '-5'],
    ['0', '0.0;(0.0)', '0.0'],
    ['-0.04', '0.0;(0.0);zero', 'zero'],
    ['-0.04', '0.0;(0.0)', '0.0'],
    ['5', "0';';x", '5;'],
    ['-5', '$0', '-$5'],
    // Numbers that a double can't hold, and other spellings.
    ['9007199254740993', '#,0', '9,007,199,254,740,993'],
    ['1e3', '0.0', '1000.0'],
    ['15e-1', '0.00', '1.50'],
    ['1E+2', '0', '100'],
  ])('%s in %s is %s', (number, format, expected) => {
    expect(formatNumber(decimal(number), format)).toBe(expected);
  });

  it('agree with JavaScript on fixed places, wherever JavaScript is exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 4 }), (number, places) => {
        const format = places === 0 ? '0' : `0.${'0'.repeat(places)}`;
        expect(formatNumber(decimal(String(number)), format)).toBe((number || 0).toFixed(places));
      }),
    );
  });

  it('group digits as the English locale does', () => {
    const english = new Intl.NumberFormat('en-US');
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(formatNumber(decimal(String(number)), '#,0')).toBe(english.format(number || 0));
      }),
    );
  });
});

describe('decimals', () => {
  it('hold whatever JavaScript writes for a number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(decimalText(decimal(String(number))))).toBe(number || 0);
      }),
    );
  });

  it('move the point there and back without a change', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: -30, max: 30 }),
        (number, by) => {
          const start = decimal(String(number));
          expect(Number(decimalText(shiftDecimal(shiftDecimal(start, by), -by)))).toBe(number || 0);
        },
      ),
    );
  });

  it('round without losing the carry', () => {
    expect(decimalText(roundDecimal(decimal('9.99'), 1))).toBe('10.0');
    expect(decimalText(roundDecimal(decimal('0.05'), 1))).toBe('0.1');
    expect(decimalText(roundDecimal(decimal('-0.5'), 0))).toBe('-1');
  });

  it('are not made of what is no number, or has digits without end', () => {
    for (const text of ['', 'x', '1,5', '0x10', '1e400000', '1e-99999', '9'.repeat(500), '--1', '1.']) {
      expect(readDecimal(text)).toBeUndefined();
    }
  });
});
