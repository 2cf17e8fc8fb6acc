import type { Budget } from './budget.ts';
import type { OpenEntry } from './context.ts';
import { isRecord } from './data.ts';
import { namesOf } from './member.ts';
import type { FieldPath } from './range.ts';

/** Where merge fields look. */
export interface Lookup {
  /** What stands at the top: the members of the data, and the event. */
  readonly scope: Readonly<Record<string, unknown>>;
  readonly data: unknown;
  readonly entries: readonly OpenEntry[];
  readonly budget: Budget;
}

/**
 * Finds what a merge field names. Its first part is, in this order: an entry of a range around it, a member of such
 * an entry, a member of the data, or the data itself, whatever it is called.
 *
 * @returns undefined if there is nothing
 */
export function findField(path: FieldPath, { scope, data, entries, budget }: Lookup): unknown {
  const [first = '', ...rest] = path;
  const named = entries.findLast(({ name }) => squeeze(name) === squeeze(first));
  if (named) return follow(named.entry, rest, budget);
  const owners = [...entries.map(({ entry }) => entry).reverse(), scope];
  const owner = owners.find((one) => member(one, first, budget) !== undefined);
  if (owner !== undefined) return follow(owner, path, budget);
  return rest.length === 0 ? undefined : follow(data, rest, budget);
}

/**
 * Finds the entries of a collection, also under its plural: `OrderRow` finds a list `OrderRows`. A name of one part
 * is looked for in the entries around, then in the data, then in each object that is a member of the data. A single
 * object counts as one entry.
 */
export function findEntries(path: FieldPath, lookup: Lookup): readonly unknown[] {
  for (const candidate of candidates(path, lookup)) {
    if (Array.isArray(candidate)) return candidate;
    if (isRecord(candidate)) return [candidate];
  }
  return [];
}

function* candidates(path: FieldPath, lookup: Lookup): Generator<unknown> {
  const plural = [...path.slice(0, -1), `${path.at(-1)}s`];
  if (path.length > 1) {
    yield findField(path, lookup);
    yield findField(plural, lookup);
    return;
  }
  const { scope, data, entries, budget } = lookup;
  const members = isRecord(data)
    ? namesOf(data, budget)
        .map((name) => data[name])
        .filter(isRecord)
    : [];
  for (const owner of [...entries.map(({ entry }) => entry).reverse(), scope, ...members]) {
    yield follow(owner, path, budget);
    yield follow(owner, plural, budget);
  }
}

function follow(start: unknown, path: FieldPath, budget: Budget): unknown {
  let value = start;
  for (const part of path) value = member(value, part, budget);
  return value;
}

/** A member by its name: as it is written, without regard to case, or without regard to `_` and `-` as well. */
function member(owner: unknown, part: string, budget: Budget): unknown {
  if (Array.isArray(owner)) return /^\d{1,9}$/.test(part) ? owner[Number(part)] : undefined;
  if (!isRecord(owner)) return undefined;
  if (Object.hasOwn(owner, part)) return owner[part];
  const names = namesOf(owner, budget);
  const lower = part.toLowerCase();
  const name =
    names.find((one) => one.toLowerCase() === lower) ?? names.find((one) => squeeze(one) === squeeze(part));
  return name === undefined ? undefined : owner[name];
}

/** A name without its case and without anything but letters and digits. */
export function squeeze(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
