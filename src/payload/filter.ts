import { toValue } from 'liquidjs';
import type { Budget } from './budget.ts';
import { JsonText, numberIn, WrittenNumber } from './data.ts';
import { PayloadFailure } from './failure.ts';
import { textOf } from './value-text.ts';

/**
 * A filter of a template. All of them are ours, none is the library's: those can reach the clock, run expressions
 * made at run time, or work without end on what they are given before any limit is looked at.
 */
export type Filter = (input: unknown, args: readonly unknown[], budget: Budget) => unknown;

/** A filter from text to text. */
export function textFilter(change: (text: string, ...args: string[]) => string): Filter {
  return (input, args, budget) => {
    const texts = args.map((arg) => textOf(arg, budget));
    const changed = change(textOf(input, budget), ...texts);
    budget.spend(changed.length);
    return changed;
  };
}

/** A filter that calculates. What isn't a number counts as zero. */
export function numberFilter(
  calculate: (number: number, ...args: number[]) => number,
): (input: unknown, args: readonly unknown[]) => number {
  return (input, args) => finite(calculate(toNumber(input), ...args.map(toNumber)));
}

/** @throws PayloadFailure `filter_failed` for what JSON can't write as a number */
export function finite(result: number): number {
  if (Number.isFinite(result)) return result;
  const message = 'The calculation has no result: it divides by zero or overflows.';
  throw new PayloadFailure('filter_failed', message, null, { why: 'calculation' });
}

/** A value as a number; zero if it isn't one. */
export function toNumber(value: unknown): number {
  const number = numberIn(value);
  if (number !== undefined) return number;
  const text = value instanceof JsonText ? value.text : value;
  return typeof text === 'string' ? Number(text) || 0 : 0;
}

/** A value as a whole number within reason; the other one if there is none. */
export function toCount(value: unknown, otherwise: number): number {
  const given = toValue(value);
  if (given === undefined || given === null) return otherwise;
  return Math.trunc(Math.max(-1e9, Math.min(toNumber(given), 1e9)));
}

/** A value as a list: nothing for an absent one, one item for anything that isn't a list. */
export function toList(given: unknown): readonly unknown[] {
  const value = toValue(given);
  if (Array.isArray(value)) return value;
  return value === undefined || value === null || value === '' ? [] : [value];
}

/** Whether `default` puts something else in the place: of nil, false, an empty text or an empty list. */
export function isEmptyValue(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}

export function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || value instanceof WrittenNumber;
}
