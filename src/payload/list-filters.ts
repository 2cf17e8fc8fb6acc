import { toValue } from 'liquidjs';
import { type Budget, STEP } from './budget.ts';
import { type Filter, isEmptyValue, isNumeric, toCount, toList, toNumber } from './filter.ts';
import { memberOf } from './member.ts';
import { add } from './number-filters.ts';
import { isSame } from './operators.ts';
import { textOf } from './value-text.ts';

export const listFilters: Readonly<Record<string, Filter>> = {
  size: (input, _args, budget) => sizeOf(toValue(input), budget),
  first: (input) => (Array.isArray(input) ? input[0] : undefined),
  last: (input) => (Array.isArray(input) ? input.at(-1) : undefined),
  reverse: (input, _args, budget) => copied(input, budget).reverse(),
  concat: (input, [other], budget) => [...copied(input, budget), ...copied(other, budget)],
  compact: (input, _args, budget) =>
    copied(input, budget).filter((item) => item !== null && item !== undefined),
  uniq: (input, _args, budget) => distinct(copied(input, budget), budget),
  slice,
  join,
  map: (input, [path], budget) => {
    const read = reader(path, budget);
    return copied(input, budget).map(read);
  },
  sum: (input, [path], budget) => {
    const read = reader(path, budget);
    return copied(input, budget).reduce((sum, item) => add(sum, read(item)), 0);
  },
  sort: sortFilter((value) => value),
  sort_natural: sortFilter((value) => (typeof value === 'string' ? value.toLowerCase() : value)),
  where: (input, args, budget) => copied(input, budget).filter(matcher(args, budget)),
  reject: (input, args, budget) => {
    const matches = matcher(args, budget);
    return copied(input, budget).filter((item) => !matches(item));
  },
  find: (input, args, budget) => copied(input, budget).find(matcher(args, budget)),
  has: (input, args, budget) => copied(input, budget).some(matcher(args, budget)),
};

/** Every item is a step, whatever is done with it. */
function copied(input: unknown, budget: Budget): unknown[] {
  const list = toList(input);
  budget.spend(list.length * STEP);
  return [...list];
}

/** Reads a member of an item by its path, such as `product.code`; without a path the item itself. */
function reader(path: unknown, budget: Budget): (item: unknown) => unknown {
  if (path === undefined || path === null) return (item) => item;
  const parts = textOf(path, budget).split('.');
  return (item) => {
    budget.step();
    let value = item;
    for (const part of parts) value = memberOf(value, part, budget);
    return value;
  };
}

/** Whether a member has a value, or has the value given. */
function matcher([path, ...expected]: readonly unknown[], budget: Budget): (item: unknown) => boolean {
  const read = reader(path, budget);
  if (expected.length === 0) return (item) => ![undefined, null, false].includes(read(item) as null);
  return (item) => isSame(read(item), expected[0]);
}

function sortFilter(key: (value: unknown) => unknown): Filter {
  return (input, [path], budget) => {
    const read = reader(path, budget);
    const keyed = copied(input, budget).map((item) => ({ item, key: sortKey(key(read(item))) }));
    return keyed
      .sort((left, right) => {
        budget.step();
        return compare(left.key, right.key);
      })
      .map(({ item }) => item);
  };
}

function sortKey(value: unknown): number | string | undefined {
  if (isNumeric(value)) return toNumber(value);
  return typeof value === 'string' ? value : undefined;
}

/** Numbers before texts before everything else, which keeps its order. */
function compare(left: number | string | undefined, right: number | string | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return 1;
  if (right === undefined) return -1;
  if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
  return left < right ? -1 : 1;
}

function distinct(list: readonly unknown[], budget: Budget): unknown[] {
  const seen = new Set<unknown>();
  return list.filter((item) => {
    budget.step();
    const key = isNumeric(item) ? toNumber(item) : item;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function join(input: unknown, [separator]: readonly unknown[], budget: Budget): string {
  const between = separator === undefined ? ' ' : textOf(separator, budget);
  const list = copied(input, budget);
  budget.spend(between.length * list.length);
  return list.map((item) => textOf(item, budget)).join(between);
}

/** Of a list its items, of a text its characters; a negative start counts from the end. */
function slice(input: unknown, [start, length]: readonly unknown[], budget: Budget): unknown {
  const isList = Array.isArray(input);
  const items = isList ? copied(input, budget) : Array.from(textOf(input, budget));
  const asked = toCount(start, 0);
  const from = asked < 0 ? items.length + asked : asked;
  const count = toCount(length, 1);
  const part = from < 0 || count < 0 ? [] : items.slice(from, from + count);
  return isList ? part : part.join('');
}

function sizeOf(value: unknown, budget: Budget): number {
  return typeof value === 'string' || Array.isArray(value)
    ? value.length
    : toNumber(memberOf(value, 'size', budget));
}

export function defaultTo(input: unknown, [fallback, named]: readonly unknown[]): unknown {
  const value = toValue(input);
  // A named argument comes as a pair of its name and its value.
  const allowsFalse = Array.isArray(named) && named[0] === 'allow_false' && named[1] === true;
  return isEmptyValue(value) && !(value === false && allowsFalse) ? fallback : value;
}
