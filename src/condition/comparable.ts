import type { Kind, Rule } from './condition.ts';
import { dayOf, parseDate } from './date-value.ts';
import { isNumeric, type Numeric, numericOf } from './number-value.ts';

/** A value as it is compared; null is nothing, and undefined a value of another kind than the rule compares. */
export type Comparable = string | Numeric | boolean | null | undefined;

export type Reader = (value: unknown) => Comparable;

/** How a rule reads both of its sides. */
export function readerOf(kind: Kind, rule: Pick<Rule, 'compare' | 'caseSensitive'>): Reader {
  const readPresent = readerOfPresent(kind, rule);
  return (value) => (value === null || value === undefined ? null : readPresent(value));
}

function readerOfPresent(kind: Kind, rule: Pick<Rule, 'compare' | 'caseSensitive'>): Reader {
  const fold = folderOf(rule.caseSensitive);
  if (kind === 'text') return (value) => (typeof value === 'string' ? fold(value) : undefined);
  if (kind === 'number') return numericOf;
  if (kind === 'boolean') return (value) => (typeof value === 'boolean' ? value : undefined);
  if (kind === 'date') {
    const reduce = reducerOf(rule.compare);
    return (value) => {
      const ms = typeof value === 'string' ? parseDate(value) : undefined;
      return ms === undefined ? undefined : reduce(ms);
    };
  }
  return (value) => {
    if (typeof value === 'string') return fold(value);
    if (typeof value === 'boolean' && kind === 'scalar') return value;
    return typeof value === 'number' ? numericOf(value) : undefined;
  };
}

/** Makes a time what dates are compared by: the day, or the time itself. */
export function reducerOf(compare: Rule['compare']): (ms: number) => number {
  return compare === 'dateTime' ? (ms) => ms : dayOf;
}

/**
 * How texts are made alike that differ in case alone. In capitals, because the small form of a Greek sigma depends on
 * what follows, and ß is the same as SS.
 */
export function folderOf(caseSensitive = false): (text: string) => string {
  return caseSensitive ? (text) => text : (text) => text.toUpperCase();
}

/** Whether two values are the same. A text is the same as a number if it is that number. */
export function isSame(one: Comparable, other: Comparable): boolean {
  if (one === undefined || other === undefined) return false;
  if (one === other) return true;
  if (typeof one === 'string') return isNumeric(other) && numericOf(one) === other;
  return typeof other === 'string' && isNumeric(one) && numericOf(other) === one;
}

/** -1, 0 or 1; undefined if the two have no order. */
export function order(one: Comparable, other: Comparable): -1 | 0 | 1 | undefined {
  if (!isNumeric(one) || !isNumeric(other)) return undefined;
  if (one < other) return -1;
  return one > other ? 1 : 0;
}

/** Whether a value is the same as one of a list, without going through all of the list. */
export function memberTest(list: readonly Comparable[]): (value: Comparable) => boolean {
  const values = new Set(list);
  const hasNumbers = list.some(isNumeric);
  const numbersWrittenAsText = new Set(
    list.map((value) => (typeof value === 'string' ? numericOf(value) : null)),
  );
  return (value) => {
    if (value === undefined || value === null) return false;
    if (values.has(value)) return true;
    if (isNumeric(value)) return numbersWrittenAsText.has(value);
    const number = hasNumbers ? numericOf(value) : undefined;
    return number !== undefined && values.has(number);
  };
}
