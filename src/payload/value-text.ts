import { toValue } from 'liquidjs';
import type { Budget } from './budget.ts';
import { isRecord, JsonText, WrittenNumber } from './data.ts';

/** A value as text: nothing for an absent one, JSON for lists and objects. */
export function textOf(given: unknown, budget: Budget): string {
  // The literals nil, empty and blank are objects of the library.
  const value = toValue(given);
  if (typeof value === 'string') {
    budget.spend(value.length);
    return value;
  }
  if (value === undefined || value === null) return '';
  if (value instanceof WrittenNumber || value instanceof JsonText) {
    budget.spend(value.text.length);
    return value.text;
  }
  return typeof value === 'object' ? jsonOf(value, budget) : String(value);
}

/** A value as JSON: null for an absent one, numbers as they were written. */
export function jsonOf(given: unknown, budget: Budget): string {
  const value = toValue(given);
  if (value instanceof JsonText) return value.text;
  weigh(value, budget);
  return JSON.stringify(value) ?? 'null';
}

/** Pays for a value before it is made into text: a list may hold one large object many times over. */
function weigh(value: unknown, budget: Budget): void {
  if (typeof value === 'string') {
    budget.spend(value.length + 2);
  } else if (value instanceof WrittenNumber) {
    budget.spend(value.text.length);
  } else if (Array.isArray(value)) {
    budget.spend(2 + value.length);
    for (const item of value) weigh(item, budget);
  } else if (isRecord(value)) {
    budget.spend(2);
    for (const [name, member] of Object.entries(value)) {
      budget.spend(name.length + 4);
      weigh(member, budget);
    }
  } else {
    budget.spend(8);
  }
}
