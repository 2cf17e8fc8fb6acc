/** A number as it is compared: whole numbers beyond 2^53 are bigints, so that each has one form and `===` tells. */
export type Numeric = number | bigint;

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WHOLE = /^-?\d+$/;

// Reading the digits of a bigint takes more than linear time.
const MAX_LENGTH = 100;

/**
 * Reads a number, or a text that is one (`"12.50"`). Whole numbers written as text keep all their digits; numbers of
 * the JSON itself have been rounded to 53 bits by whoever parsed it.
 *
 * @returns undefined for anything else
 */
export function numericOf(value: unknown): Numeric | undefined {
  if (typeof value === 'number') return oneForm(value);
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !NUMBER.test(value)) return undefined;
  const number = Number(value);
  if (!Number.isSafeInteger(number) && WHOLE.test(value)) return BigInt(value);
  return Number.isFinite(number) ? oneForm(number) : undefined;
}

export function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint';
}

function oneForm(number: number): Numeric {
  if (!Number.isInteger(number) || Number.isSafeInteger(number)) return number;
  // The digits people see, rather than those of the nearest fraction of two, for as long as numbers are shown in full.
  return BigInt(Math.abs(number) < 1e21 ? String(number) : number);
}
