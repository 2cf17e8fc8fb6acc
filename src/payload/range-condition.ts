import type { Budget } from './budget.ts';
import { isRecord, numberIn } from './data.ts';
import { textOf } from './value-text.ts';

/**
 * Whether the condition of a range holds.
 *
 * @param equals the text compared with; null: whether there is a value at all, which zero and false are not
 */
export function conditionHolds(value: unknown, equals: string | null, budget: Budget): boolean {
  if (equals === null) return hasValue(value);
  if (equals === '') return value === '' || isEmptyCollection(value);
  if (equals.toLowerCase() === 'null') return value === null || value === undefined;
  if (typeof value === 'boolean') return String(value) === equals.toLowerCase();
  const number = numberIn(value);
  if (number !== undefined && equals.trim() !== '' && number === Number(equals)) return true;
  return value !== null && value !== undefined && textOf(value, budget) === equals;
}

function hasValue(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false;
  return numberIn(value) !== 0 && !isEmptyCollection(value);
}

function isEmptyCollection(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}
