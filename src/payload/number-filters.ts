import { WrittenNumber } from './data.ts';
import {
  addDecimals,
  type Decimal,
  decimalText,
  multiplyDecimals,
  readDecimal,
  roundDecimal,
  shiftDecimal,
} from './decimal.ts';
import { type Filter, finite, numberFilter, toCount, toNumber } from './filter.ts';

const MAX_PLACES = 20;

export const numberFilters: Readonly<Record<string, Filter>> = {
  plus: (input, [other]) => add(input, other),
  minus: (input, [other]) => add(input, times(other, -1)),
  times: (input, [other]) => times(input, other),
  divided_by: numberFilter((number, other = 0) => number / other),
  modulo: numberFilter((number, other = 0) => ((number % other) + other) % other),
  abs: numberFilter(Math.abs),
  ceil: numberFilter(Math.ceil),
  floor: numberFilter(Math.floor),
  at_least: numberFilter((number, least = number) => Math.max(number, least)),
  at_most: numberFilter((number, most = number) => Math.min(number, most)),
  round,
};

/** Adds in decimal digits, so that 0.1 and 0.2 are 0.3. */
export function add(left: unknown, right: unknown): unknown {
  return calculate(left, right, addDecimals, (one, other) => one + other);
}

function times(left: unknown, right: unknown): unknown {
  return calculate(left, right, multiplyDecimals, (one, other) => one * other);
}

/** In decimal digits, or as JavaScript does it if there are too many of them. */
function calculate(
  left: unknown,
  right: unknown,
  exactly: (left: Decimal, right: Decimal) => Decimal,
  roughly: (left: number, right: number) => number,
): unknown {
  const [one, other] = [toDecimal(left), toDecimal(right)];
  if (one && other) return fromDecimal(exactly(one, other));
  return numberFilter(roughly)(left, [right]);
}

/** Rounds the decimal digits: 1.005 becomes 1.01, although the binary fraction next to it is smaller. */
function round(input: unknown, [places]: readonly unknown[]): unknown {
  const count = Math.max(-MAX_PLACES, Math.min(toCount(places, 0), MAX_PLACES));
  const decimal = toDecimal(input);
  if (!decimal) return toNumber(input);
  const moved = count < 0 ? shiftDecimal(decimal, count) : decimal;
  const rounded = roundDecimal(moved, Math.max(count, 0));
  return fromDecimal(count < 0 ? shiftDecimal(rounded, -count) : rounded);
}

function toDecimal(value: unknown): Decimal | undefined {
  const text = value instanceof WrittenNumber ? value.text : value;
  return readDecimal(typeof text === 'string' ? text.trim() : '') ?? readDecimal(String(toNumber(value)));
}

/** A number, or its text if the number would say less. */
function fromDecimal(decimal: Decimal): unknown {
  const text = decimalText({ ...decimal, fraction: decimal.fraction.replace(/0+$/, '') });
  const number = finite(Number(text));
  return String(number) === text ? number : new WrittenNumber(text);
}
