import { readerOf } from './comparable.ts';
import { type Kind, kindOf, operandsOf, type Rule } from './condition.ts';
import { OPERATORS } from './operators.ts';
import { valueAt } from './path.ts';

/** One side of a comparison, and what it isn't. */
export interface Misfit {
  /** Where the value stands; null: in the rule's own field. */
  readonly property: string | null;
  readonly wants: Kind | 'object' | 'textOrList';
}

/** A misfit as a phrase: `it is not text`. */
export function describeMisfit({ property, wants }: Misfit): string {
  if (wants === 'object') return 'it is no object';
  if (wants === 'textOrList') return 'it is neither text nor a list';
  return `${property ?? 'it'} ${NOT[wants]}`;
}

const NOT: Readonly<Record<Kind, string>> = {
  text: 'is not text',
  number: 'is not a number',
  date: 'is not a date',
  boolean: 'is neither true nor false',
  lookup: 'is neither text nor a number',
  scalar: 'is not a single value',
};

/**
 * Says which side of a comparison is of another kind than the rule compares: that is what most surprises people, since
 * such a rule doesn't hold whatever it is compared with.
 *
 * @returns undefined if both sides fit, or there is nothing
 */
export function misfitOf(rule: Rule, value: unknown, data: unknown): Misfit | undefined {
  const form = OPERATORS[rule.operator].operand;
  if (form === 'none' || value === undefined || value === null) return undefined;
  if (form === 'name')
    return typeof value === 'object' && !Array.isArray(value)
      ? undefined
      : { property: null, wants: 'object' };
  const kind = kindOf(rule);
  const read = readerOf(kind, rule);
  const searches = rule.operator === 'contains' || rule.operator === 'notContains';
  if (Array.isArray(value) && (searches || form === 'list')) return undefined;
  if (searches && typeof value !== 'string') return { property: null, wants: 'textOrList' };
  if (read(value) === undefined) return { property: null, wants: kind };
  for (const operand of operandsOf(rule)) {
    if (typeof operand !== 'object' || 'date' in operand) continue;
    if (read(valueAt(operand.property, data)) === undefined) {
      return { property: operand.property, wants: kind };
    }
  }
  return undefined;
}
