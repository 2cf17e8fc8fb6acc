import { compileCondition, type Evaluation } from './compile.ts';
import { compileRule, type Test } from './compile-rule.ts';
import type { Condition, Rule } from './condition.ts';
import type { ExplainedRule } from './explain.ts';
import { describeRule } from './sentence.ts';
import { isError, join } from './truth.ts';

/** What of an event's data must be among which values. */
export interface ChosenFilter {
  /** As in a rule: names joined by dots. */
  readonly field: string;
  /** At least one. */
  readonly values: readonly (string | number)[];
}

/** By the name a preset gives each. All must let an event through. */
export type ChosenFilters = Readonly<Record<string, ChosenFilter>>;

/** What of a webhook decides which events of its types and channels it gets: filters, and a condition beside them. */
export interface Selection {
  readonly filters: ChosenFilters;
  readonly condition: Condition | null;
}

/**
 * Makes a function of both, for asking it often. A filter is a rule as any other, and the condition, whichever its mode,
 * is asked beside it.
 *
 * @returns undefined if there is nothing to ask
 */
export function compileSelection({ filters, condition }: Selection): Evaluation | undefined {
  const names = Object.keys(filters);
  const conditions = condition === null ? [] : [compileCondition(condition)];
  if (names.length === 0) return conditions[0];
  const tests: Test[] = names.map((name) => compileRule(ruleOf(filters, name), pathOf(name)));
  for (const evaluation of conditions) tests.push(testOf(evaluation));
  return (data, nowMs) => {
    const truth = join('all', tests, (test) => test(data, nowMs));
    return isError(truth) ? { error: truth } : { fires: truth };
  };
}

/** Whether an evaluation lets an event through: one that can't be decided doesn't. */
export function passes(evaluation: Evaluation | undefined, data: unknown, nowMs: number): boolean {
  if (evaluation === undefined) return true;
  const outcome = evaluation(data, nowMs);
  return 'fires' in outcome && outcome.fires;
}

/** What a filter finds in an event's data, and so whether it lets the event through. */
export function explainFilter(
  filters: ChosenFilters,
  name: string,
  data: unknown,
  nowMs: number,
): ExplainedRule & { readonly holds: boolean } {
  const rule = ruleOf(filters, name);
  const path = pathOf(name);
  const truth = compileRule(rule, path)(data, nowMs);
  const { field, operator } = rule;
  return { path, field, operator, ...describeRule(rule, truth, data, nowMs), holds: truth === true };
}

function testOf(evaluation: Evaluation): Test {
  return (data, nowMs) => {
    const outcome = evaluation(data, nowMs);
    return 'error' in outcome ? outcome.error : outcome.fires;
  };
}

function ruleOf(filters: ChosenFilters, name: string): Rule {
  const { field, values } = filters[name] as ChosenFilter;
  return { field, operator: 'inList', value: values };
}

function pathOf(name: string): string {
  return `filters.${name}`;
}
