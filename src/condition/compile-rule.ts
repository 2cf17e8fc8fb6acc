import {
  type Comparable,
  isSame,
  memberTest,
  order,
  type Reader,
  readerOf,
  reducerOf,
} from './comparable.ts';
import { kindOf, type Operand, operandsOf, type Rule } from './condition.ts';
import { resolveDate } from './date-value.ts';
import { OPERATORS, type Operator } from './operators.ts';
import { entityOf, lookUp, NO_ENTITY, splitPath } from './path.ts';
import { negate, type RuleError, type Truth } from './truth.ts';

const MAX_SEARCHED_ITEMS = 1000;

/** Asks data, parsed from JSON, whether something is true of it at a moment. */
export type Test = (data: unknown, nowMs: number) => Truth;

type ValueTest = (value: unknown, data: unknown, nowMs: number) => Truth;

type OperandReader = (data: unknown, nowMs: number) => Comparable | RuleError;

/**
 * Makes a test of one rule. All that doesn't depend on data and time is done here, once.
 *
 * @param at where the rule stands, for its errors
 */
export function compileRule(rule: Rule, at: string): Test {
  const { negates } = OPERATORS[rule.operator];
  const names = splitPath(rule.field);
  const test = valueTestOf(negates ?? rule.operator, rule, at);
  const polarity = negates === undefined ? (truth: Truth) => truth : negate;
  const withoutEntity = (negates ?? rule.operator) === 'isNull' ? true : missingEntity(rule, rule.field, at);
  return (data, nowMs) => {
    const value = lookUp(data, names);
    return polarity(value === NO_ENTITY ? withoutEntity : test(value, data, nowMs));
  };
}

function missingEntity(rule: Rule, path: string, at: string): RuleError {
  const because = `${entityOf(path)} is not there or is no object`;
  return errorOf(rule, at, `${path || 'The data'} can't be looked at, because ${because}.`);
}

function errorOf({ field, operator }: Rule, path: string, message: string): RuleError {
  return { path, field, operator, message };
}

function valueTestOf(operator: Operator, rule: Rule, at: string): ValueTest {
  switch (operator) {
    case 'isNull':
      return (value) => value === undefined || value === null;
    case 'isTrue':
      return (value) => value === true;
    case 'isFalse':
      return (value) => value === false;
    case 'isEmpty':
      return isEmpty;
    case 'hasParam':
      return (value) => isParams(value) && Object.hasOwn(value, rule.value as string);
    case 'inList':
      return listTest(rule, at);
    case 'contains':
      return containsTest(rule, at);
    default:
      return comparisonTest(COMPARISONS[operator as keyof typeof COMPARISONS], rule, at);
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) && value.length === 0;
}

function isParams(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list is in another if one of its items is. */
function listTest(rule: Rule, at: string): ValueTest {
  const read = readerOf(kindOf(rule), rule);
  const isMember = memberTest(operandsOf(rule).map(read));
  const search = searcherOf(rule, at);
  return (value) =>
    Array.isArray(value) ? search(value, (item) => isMember(read(item))) : isMember(read(value));
}

/** A text contains a part of it, a list contains an item. */
function containsTest(rule: Rule, at: string): ValueTest {
  const read = readerOf(kindOf(rule), rule);
  const readOperand = operandReaderOf(operandsOf(rule)[0] as Operand, read, rule, at);
  const search = searcherOf(rule, at);
  return (value, data, nowMs) => {
    const operand = readOperand(data, nowMs);
    if (isRuleError(operand)) return operand;
    if (operand === undefined || operand === null) return false;
    if (Array.isArray(value)) return search(value, (item) => isSame(read(item), operand));
    return typeof value === 'string' && (read(value) as string).includes(String(operand));
  };
}

/** Looks through a list of the data, if it isn't so long that many rules together would hold up publishing. */
function searcherOf(rule: Rule, at: string) {
  const tooLong = errorOf(
    rule,
    at,
    `${rule.field} can't be looked through, because it has more than ${MAX_SEARCHED_ITEMS} items.`,
  );
  return (list: readonly unknown[], isFound: (item: unknown) => boolean): Truth =>
    list.length > MAX_SEARCHED_ITEMS ? tooLong : list.some(isFound);
}

type Comparison = (value: Comparable, operand: Comparable, high: Comparable) => boolean;

const COMPARISONS = {
  equals: isSame,
  startsWith: (value, start) =>
    typeof value === 'string' && typeof start === 'string' && value.startsWith(start),
  endsWith: (value, end) => typeof value === 'string' && typeof end === 'string' && value.endsWith(end),
  greaterThan: (value, operand) => order(value, operand) === 1,
  greaterThanOrEqual: isAtLeast,
  lessThan: (value, operand) => order(value, operand) === -1,
  lessThanOrEqual: isAtMost,
  between: (value, low, high) => isAtLeast(value, low) && isAtMost(value, high),
  before: (value, operand) => order(value, operand) === -1,
  after: (value, operand) => order(value, operand) === 1,
  onOrBefore: isAtMost,
  onOrAfter: isAtLeast,
} as const satisfies Partial<Record<Operator, Comparison>>;

function isAtLeast(value: Comparable, operand: Comparable): boolean {
  const found = order(value, operand);
  return found === 0 || found === 1;
}

function isAtMost(value: Comparable, operand: Comparable): boolean {
  const found = order(value, operand);
  return found === 0 || found === -1;
}

function comparisonTest(compare: Comparison, rule: Rule, at: string): ValueTest {
  const read = readerOf(kindOf(rule), rule);
  const [readFirst, readSecond] = operandsOf(rule).map((operand) => operandReaderOf(operand, read, rule, at));
  return (value, data, nowMs) => {
    const first = readFirst?.(data, nowMs);
    if (isRuleError(first)) return first;
    const second = readSecond?.(data, nowMs);
    if (isRuleError(second)) return second;
    return compare(read(value), first, second);
  };
}

function operandReaderOf(operand: Operand, read: Reader, rule: Rule, at: string): OperandReader {
  if (typeof operand !== 'object') {
    const literal = read(operand);
    return () => literal;
  }
  if ('date' in operand) {
    const reduce = reducerOf(rule.compare);
    return (_data, nowMs) => reduce(resolveDate(operand.date, nowMs));
  }
  const names = splitPath(operand.property);
  const error = missingEntity(rule, operand.property, at);
  return (data) => {
    const value = lookUp(data, names);
    return value === NO_ENTITY ? error : read(value);
  };
}

function isRuleError(value: Comparable | RuleError): value is RuleError {
  return typeof value === 'object' && value !== null;
}
