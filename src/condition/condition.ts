import type { DateVariable } from './date-value.ts';
import { numericOf } from './number-value.ts';
import { OPERATORS, type Operator, type ValueType } from './operators.ts';

/** Which events of its types a webhook gets: those for which the rules hold, or with `stop` all others. */
export type Condition = { readonly mode: 'continue' | 'stop' } & Group;

/** Holds if all of its members do, or if any of them does. */
export type Group = { readonly all: readonly Member[] } | { readonly any: readonly Member[] };

export type Member = Group | Rule;

export type Literal = string | number | boolean;

/** What a value is compared with: itself, the value at another path, or a date counted from today or now. */
export type Operand = Literal | { readonly property: string } | { readonly date: DateVariable };

export interface Rule {
  /** Names joined by dots, from the event's data: `order.customer.name`, `rows.0.sku`. */
  readonly field: string;
  readonly operator: Operator;
  readonly value?: Literal | readonly Operand[];
  readonly property?: string;
  readonly date?: DateVariable;
  readonly type?: ValueType;
  readonly compare?: 'date' | 'dateTime';
  readonly caseSensitive?: boolean;
}

/**
 * How the two sides of a rule are read. `scalar` is what two paths are compared as whose types nobody told: as a
 * lookup, or as booleans.
 */
export type Kind = ValueType | 'scalar';

/** How a group joins its members, and which they are. */
export function membersOf(group: Group): readonly ['all' | 'any', readonly Member[]] {
  return 'all' in group ? ['all', group.all] : ['any', group.any];
}

export function isGroup(member: Member): member is Group {
  return 'all' in member || 'any' in member;
}

/** Everything a rule compares with: one operand, the two of a range, the items of a list, or none. */
export function operandsOf(rule: Pick<Rule, 'value' | 'property' | 'date'>): readonly Operand[] {
  if (rule.property !== undefined) return [{ property: rule.property }];
  if (rule.date !== undefined) return [{ date: rule.date }];
  if (rule.value === undefined) return [];
  return typeof rule.value === 'object' ? rule.value : [rule.value];
}

/** The type that was given, or the one that operator and operands tell. */
export function kindOf(rule: Rule): Kind {
  if (rule.type !== undefined) return rule.type;
  if (rule.compare !== undefined) return 'date';
  const operands = operandsOf(rule);
  if (operands.some((operand) => typeof operand === 'object' && 'date' in operand)) return 'date';
  const { operand: form, types } = OPERATORS[rule.operator];
  if (form === 'range') return operands.some(isNoNumber) ? 'date' : 'number';
  // A list is asked whether it contains numbers as well.
  if (form === 'list' || rule.operator === 'contains' || rule.operator === 'notContains') return 'lookup';
  const only = types.length === 1 ? types[0] : undefined;
  return only ?? kindOfEquality(operands[0]);
}

function isNoNumber(operand: Operand): boolean {
  return typeof operand === 'string' && numericOf(operand) === undefined;
}

function kindOfEquality(operand: Operand | undefined): Kind {
  if (typeof operand === 'boolean') return 'boolean';
  if (typeof operand === 'number') return 'number';
  return typeof operand === 'string' ? 'lookup' : 'scalar';
}
