import type { Condition, Literal, Member, Rule } from '../../../src/condition/condition.ts';
import { OPERATORS, type Operator } from '../../../src/condition/operators.ts';

/** A rule as it stands in the builder: its value is the text somebody types. */
export interface RuleDraft {
  field: string;
  operator: Operator;
  value: string;
}

export type { Operator };

/** Whether a condition is one the builder can show: one group of plain rules. Others are edited as JSON. */
export function isSimple(condition: Condition | null): boolean {
  if (condition === null) return true;
  return membersOf(condition).every((member) => isRule(member) && isPlain(member));
}

function membersOf(condition: Condition): readonly Member[] {
  return 'all' in condition ? condition.all : condition.any;
}

function isRule(member: Member): member is Rule {
  return 'field' in member;
}

function isPlain({ property, date, type, compare, caseSensitive, value }: Rule): boolean {
  const plainValue = typeof value !== 'object' || value.every((item) => typeof item !== 'object');
  return [property, date, type, compare, caseSensitive].every((part) => part === undefined) && plainValue;
}

export function rulesOf(condition: Condition | null): RuleDraft[] {
  if (condition === null) return [];
  return membersOf(condition)
    .filter(isRule)
    .map(({ field, operator, value }) => ({
      field,
      operator,
      value: Array.isArray(value) ? value.join(', ') : value === undefined ? '' : String(value),
    }));
}

/** What an operator wants beside the field: nothing, one value, two, or a list. */
export function formOf(operator: Operator): string {
  return OPERATORS[operator].operand;
}

/** @returns null where there are no rules: then every event passes */
export function conditionOf(
  rules: readonly RuleDraft[],
  join: 'all' | 'any',
  mode: 'continue' | 'stop',
): Condition | null {
  if (rules.length === 0) return null;
  const members = rules.map(({ field, operator, value }): Rule => {
    const form = formOf(operator);
    if (form === 'none') return { field, operator };
    if (form === 'range' || form === 'list') {
      return { field, operator, value: value.split(',').map((item) => literalOf(item, operator)) };
    }
    return { field, operator, value: form === 'name' ? value : literalOf(value, operator) };
  });
  return join === 'all' ? { mode, all: members } : { mode, any: members };
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
