import type { Operator } from './operators.ts';

/** Why a rule can be neither true nor false. */
export interface RuleError {
  /** Where the rule stands: `condition.all[2]`. */
  readonly path: string;
  readonly field: string;
  readonly operator: Operator;
  readonly message: string;
}

/** True, false, or an error where it can't be told. */
export type Truth = boolean | RuleError;

export function isError(truth: Truth): truth is RuleError {
  return typeof truth === 'object';
}

export function negate(truth: Truth): Truth {
  return isError(truth) ? truth : !truth;
}

/**
 * Joins what is known of members, in Kleene's logic: an error counts only where the answer depends on it. So a rule
 * that isn't true guards the others of its group, in whichever order they stand.
 */
export function join<T>(how: 'all' | 'any', members: readonly T[], truthOf: (member: T) => Truth): Truth {
  const decisive = how === 'any';
  let undecided: RuleError | undefined;
  for (const member of members) {
    const truth = truthOf(member);
    if (truth === decisive) return decisive;
    if (isError(truth)) undecided ??= truth;
  }
  return undecided ?? !decisive;
}
