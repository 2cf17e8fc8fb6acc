import type { Budget } from './budget.ts';
import { isRecord, numberIn } from './data.ts';

/** What reading a member costs, and what looking at each name of an object does. */
const READ = 8;

/**
 * Reads a member as Liquid does: `order.total`, `rows[0]`, `rows.size`. Only own members of JSON objects and items
 * of lists can be read: nothing that JavaScript adds to them.
 */
export function memberOf(owner: unknown, key: unknown, budget: Budget): unknown {
  budget.spend(READ);
  const name = numberIn(key) ?? key;
  if (typeof name !== 'string' && typeof name !== 'number') return undefined;
  if (typeof owner === 'string') return name === 'size' ? owner.length : undefined;
  if (Array.isArray(owner)) return itemOf(owner, name);
  if (!isRecord(owner)) return undefined;
  if (Object.hasOwn(owner, name)) return owner[name];
  return name === 'size' ? namesOf(owner, budget).length : undefined;
}

/** The names of an object's members, which are paid for one by one. */
export function namesOf(owner: object, budget: Budget): readonly string[] {
  const names = Object.keys(owner);
  budget.spend(names.length * READ);
  return names;
}

function itemOf(list: readonly unknown[], key: string | number): unknown {
  if (typeof key === 'number') return list.at(key);
  if (key === 'size') return list.length;
  if (key === 'first') return list[0];
  return key === 'last' ? list.at(-1) : undefined;
}
