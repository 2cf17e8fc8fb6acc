import {
  type Comparable,
  type Context,
  Drop,
  isTruthy,
  type Operators,
  toValue,
  toValueSync,
} from 'liquidjs';
import { payloadContext } from './context.ts';
import { JsonText, WrittenNumber } from './data.ts';
import { sought } from './search.ts';

type OperatorHandler = Operators[string];

/**
 * Whether Liquid's `==` holds. Numbers, texts and booleans are compared by value; lists and objects are equal to
 * themselves alone, and to `empty` and `blank` if they are. Comparing them by value could take for ever: a template
 * can make a long list of one large value.
 */
export function isSame(left: unknown, right: unknown): boolean {
  if (isLiteral(left)) return toValueSync(left.equals(right)) === true;
  if (isLiteral(right)) return toValueSync(right.equals(left)) === true;
  return plain(left) === plain(right);
}

/** The operators of Liquid. Each comparison is a step. */
export const operators: Operators = {
  '==': step((left, right) => isSame(left, right)),
  '!=': step((left, right) => !isSame(left, right)),
  '>': inOrder((left, right) => left > right),
  '<': inOrder((left, right) => left < right),
  '>=': inOrder((left, right) => left >= right),
  '<=': inOrder((left, right) => left <= right),
  contains: step(contains),
  not: (operand: unknown, context: Context) => !isTruthy(toValue(operand), context),
  and: (left: unknown, right: unknown, context: Context) =>
    isTruthy(toValue(left), context) && isTruthy(toValue(right), context),
  or: (left: unknown, right: unknown, context: Context) =>
    isTruthy(toValue(left), context) || isTruthy(toValue(right), context),
};

function step(compare: (left: unknown, right: unknown, context: Context) => boolean): OperatorHandler {
  return (left: unknown, right: unknown, context: Context) => {
    payloadContext(context).budget.step();
    return compare(left, right, context);
  };
}

function inOrder(compare: (left: number | string, right: number | string) => boolean): OperatorHandler {
  return step((given, other) => {
    const left = plain(given);
    const right = plain(other);
    return hasOrder(left) && hasOrder(right) && compare(left, right);
  });
}

function contains(whole: unknown, part: unknown, context: Context): boolean {
  const { budget } = payloadContext(context);
  if (Array.isArray(whole)) {
    return whole.some((item) => {
      budget.step();
      return isSame(item, part);
    });
  }
  const text = plain(whole);
  const sign = plain(part);
  if (typeof text !== 'string' || !hasOrder(sign)) return false;
  budget.spend(text.length);
  return text.includes(sought(String(sign)));
}

/** The literals nil, empty and blank. */
function isLiteral(value: unknown): value is Comparable {
  return value instanceof Drop && typeof value.equals === 'function';
}

function plain(value: unknown): unknown {
  if (value instanceof WrittenNumber) return value.value;
  return value instanceof JsonText ? value.text : value;
}

function hasOrder(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}
