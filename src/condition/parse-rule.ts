import { order, readerOf } from './comparable.ts';
import { type Kind, kindOf, type Operand, operandsOf, type Rule } from './condition.ts';
import { parseDate } from './date-value.ts';
import { numericOf } from './number-value.ts';
import { isOperator, OPERATOR_NAMES, OPERATORS, type Operator } from './operators.ts';
import { parseOperands, parsePath } from './parse-operand.ts';
import { below, type JsonObject, memberOf, type Problems } from './problems.ts';

const MEMBERS = ['field', 'operator', 'value', 'property', 'date', 'type', 'compare', 'caseSensitive'];

/** Checks one rule; undefined if it is so wrong that nothing can be made of it. */
export function parseRule(value: JsonObject, path: string, problems: Problems): Rule | undefined {
  problems.refuseOthers(value, MEMBERS, path);
  const operator = parseOperator(value, path, problems);
  // What else may stand in a rule depends on its operator.
  if (operator === undefined) return undefined;
  const field = parseField(value, operator, path, problems);
  const facts = OPERATORS[operator];
  const type = parseType(value, operator, path, problems);
  const compare = problems.word(value, 'compare', ['date', 'dateTime'] as const, path);
  const caseSensitive = parseCaseSensitive(value, path, problems);
  const operands = parseOperands(value, facts.operand, path, problems);
  if (field === undefined || operands === undefined) return undefined;
  const rule: Rule = {
    field,
    operator,
    ...operands,
    ...(type && { type }),
    ...(compare && { compare }),
    ...(caseSensitive !== undefined && { caseSensitive }),
  };
  checkTogether(rule, path, problems);
  return rule;
}

function parseOperator(value: JsonObject, path: string, problems: Problems): Operator | undefined {
  const operator = memberOf(value, 'operator');
  if (isOperator(operator)) return operator;
  const where = below(path, 'operator');
  if (operator === undefined) problems.add(where, 'required', 'is missing');
  else problems.add(where, 'unknown_operator', `must be one of ${OPERATOR_NAMES.join(', ')}`);
  return undefined;
}

function parseField(
  value: JsonObject,
  operator: Operator,
  path: string,
  problems: Problems,
): string | undefined {
  const field = memberOf(value, 'field');
  // Parameters may be the data itself.
  if (field === '' && OPERATORS[operator].operand === 'name') return field;
  return parsePath(field, below(path, 'field'), problems) ? field : undefined;
}

function parseType(value: JsonObject, operator: Operator, path: string, problems: Problems): Rule['type'] {
  const { types } = OPERATORS[operator];
  if (types.length > 0) return problems.word(value, 'type', types, path);
  if (Object.hasOwn(value, 'type')) {
    problems.add(below(path, 'type'), 'not_allowed', `must be absent: ${operator} compares nothing`);
  }
  return undefined;
}

function parseCaseSensitive(value: JsonObject, path: string, problems: Problems): boolean | undefined {
  const given = memberOf(value, 'caseSensitive');
  if (given === undefined || typeof given === 'boolean') return given;
  problems.add(below(path, 'caseSensitive'), 'wrong_type', 'must be true or false');
  return undefined;
}

/** What each part allows alone, but not beside the others. */
function checkTogether(rule: Rule, path: string, problems: Problems): void {
  const kind = kindOf(rule);
  const { operand: form, types } = OPERATORS[rule.operator];
  const compares = form === 'one' || form === 'range' || form === 'list';
  if (rule.compare !== undefined && !(compares && kind === 'date' && types.includes('date'))) {
    problems.add(below(path, 'compare'), 'not_allowed', 'must be absent: this rule compares no dates');
    return;
  }
  const isOfTexts = compares && (kind === 'text' || kind === 'lookup' || kind === 'scalar');
  if (rule.caseSensitive !== undefined && !isOfTexts) {
    problems.add(below(path, 'caseSensitive'), 'not_allowed', 'must be absent: this rule compares no texts');
  }
  if (!compares) return;
  const before = problems.list.length;
  for (const [where, operand] of namedOperands(rule, path)) {
    if (operand === '' && SEARCHES.has(rule.operator)) {
      problems.add(where, 'empty', 'must not be empty: every text would do');
      continue;
    }
    const problem = operandProblem(rule, kind, operand);
    if (problem) problems.add(where, 'wrong_value_type', problem);
  }
  if (form === 'range' && problems.list.length === before) checkRange(rule, kind, path, problems);
}

function namedOperands(rule: Rule, path: string): [string, Operand][] {
  if (rule.property !== undefined) return [[below(path, 'property'), { property: rule.property }]];
  if (rule.date !== undefined) return [[below(path, 'date'), { date: rule.date }]];
  const value = below(path, 'value');
  if (typeof rule.value !== 'object') return operandsOf(rule).map((operand) => [value, operand]);
  return rule.value.map((operand, index) => [`${value}[${index}]`, operand]);
}

/** What is wrong with an operand beside this operator and type. */
function operandProblem(rule: Rule, kind: Kind, operand: Operand): string | undefined {
  if (typeof operand === 'object') {
    if ('property' in operand) return undefined;
    const takesDates = kind === 'date' && OPERATORS[rule.operator].types.includes('date');
    return takesDates ? undefined : 'must not be a date: this rule compares no dates';
  }
  return fits(operand, kind) ? undefined : MUST_BE[kind];
}

const SEARCHES: ReadonlySet<Operator> = new Set<Operator>([
  'contains',
  'notContains',
  'startsWith',
  'endsWith',
]);

const MUST_BE: Readonly<Record<Kind, string>> = {
  text: 'must be text',
  number: 'must be a number',
  date: 'must be a date such as 2026-03-13 or 2026-03-13T14:30:00Z',
  boolean: 'must be true or false',
  lookup: 'must be text or a number',
  scalar: 'must be text, a number, true or false',
};

function fits(operand: string | number | boolean, kind: Kind): boolean {
  if (kind === 'text') return typeof operand === 'string';
  if (kind === 'number') return numericOf(operand) !== undefined;
  if (kind === 'date') return typeof operand === 'string' && parseDate(operand) !== undefined;
  if (kind === 'boolean') return typeof operand === 'boolean';
  return kind === 'scalar' || typeof operand !== 'boolean';
}

function checkRange(rule: Rule, kind: Kind, path: string, problems: Problems): void {
  const read = readerOf(kind, rule);
  const [low, high] = operandsOf(rule).map((bound) => (typeof bound === 'object' ? undefined : read(bound)));
  if (order(low, high) !== 1) return;
  problems.add(below(path, 'value'), 'reversed_range', 'must be [low, high]: the first is above the second');
}
