import type { Literal, Rule } from '../../../src/condition/condition.ts';
import { OPERATORS, type OperandForm, type Operator } from '../../../src/condition/operators.ts';

/** A rule as it stands in the builder: its values are the texts somebody types. */
export interface RuleDraft {
  readonly field: string;
  readonly operator: Operator;
  /** None, one, the two of a range, or the items of a list. */
  readonly values: readonly string[];
  /** The value as it was saved, until another is typed: what nobody touches stays as it is. */
  readonly kept?: Rule['value'] | undefined;
}

export type { Operator };

/** Whether the builder can show all that a rule says. */
export function isPlain({ property, date, type, compare, caseSensitive, value }: Rule): boolean {
  const plainValue = typeof value !== 'object' || value.every((item) => typeof item !== 'object');
  return [property, date, type, compare, caseSensitive].every((part) => part === undefined) && plainValue;
}

export function draftOf({ field, operator, value }: Rule): RuleDraft {
  return { field, operator, values: value === undefined ? [] : [value].flat().map(String), kept: value };
}

/** What an operator wants beside the field: nothing, one value, two, or a list. */
export function formOf(operator: Operator): OperandForm {
  return OPERATORS[operator].operand;
}

export function ruleOf({ field, operator, values, kept }: RuleDraft): Rule {
  const form = formOf(operator);
  if (form === 'none') return { field, operator };
  if (kept !== undefined) return { field, operator, value: kept };
  const [first = '', second = ''] = values;
  if (form === 'name') return { field, operator, value: first };
  if (form === 'one') return { field, operator, value: literalOf(first, operator) };
  const texts = form === 'range' ? [first, second] : values;
  return { field, operator, value: texts.map((text) => literalOf(text, operator)) };
}

/** What is typed as JSON; undefined for a text that isn't. None at all is no condition. */
export function readCondition(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `12.5` is a number and `true` a truth value, where the operator takes such; else it is the text it is. */
function literalOf(text: string, operator: Operator): Literal {
  const { types } = OPERATORS[operator];
  const trimmed = text.trim();
  const isTruth = trimmed === 'true' || trimmed === 'false';
  if (isTruth && types.includes('boolean')) return trimmed === 'true';
  // A number that would be spelled otherwise, such as a postal code with a zero first, is a text.
  const isNumber = /^-?(0|[1-9]\d{0,14})(\.\d*[1-9])?$/.test(trimmed);
  return isNumber && types.includes('number') ? Number(trimmed) : trimmed;
}
