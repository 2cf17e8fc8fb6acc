import { compileRule, type Test } from './compile-rule.ts';
import { type Condition, type Group, isGroup, type Member, membersOf } from './condition.ts';
import { isError, join, type RuleError } from './truth.ts';

/** Where conditions stand in a webhook; the paths of rules begin with it. */
export const ROOT = 'condition';

/** Whether the webhook gets the event; or the rule because of which that can't be told. */
export type Outcome = { readonly fires: boolean } | { readonly error: RuleError };

/** Asks a condition about an event's data, parsed from JSON, at a moment. */
export type Evaluation = (data: unknown, nowMs: number) => Outcome;

const FIRES: Outcome = { fires: true };
const STAYS: Outcome = { fires: false };

/**
 * Makes a function of a condition, for asking it often.
 *
 * @param condition as `parseCondition` has accepted it
 */
export function compileCondition(condition: Condition): Evaluation {
  const test = compileGroup(condition, ROOT);
  const firesWhen = condition.mode === 'continue';
  return (data, nowMs) => {
    const truth = test(data, nowMs);
    if (isError(truth)) return { error: truth };
    return truth === firesWhen ? FIRES : STAYS;
  };
}

/** Asks a condition once. */
export function evaluate(condition: Condition, data: unknown, nowMs: number): Outcome {
  return compileCondition(condition)(data, nowMs);
}

function compileGroup(group: Group, path: string): Test {
  const [how, members] = membersOf(group);
  const tests = members.map((member, index) => compileMember(member, `${path}.${how}[${index}]`));
  return (data, nowMs) => join(how, tests, (test) => test(data, nowMs));
}

// Recursion is bounded: parsing has refused what is nested too deep.
function compileMember(member: Member, path: string): Test {
  return isGroup(member) ? compileGroup(member, path) : compileRule(member, path);
}
