import { ROOT } from './compile.ts';
import { compileRule } from './compile-rule.ts';
import { type Condition, type Group, isGroup, type Member, membersOf, type Rule } from './condition.ts';
import type { Operator } from './operators.ts';
import { describeRule, type RuleInWords } from './sentence.ts';
import type { Shown } from './shown.ts';
import { isError, join, type RuleError, type Truth } from './truth.ts';

/** Whether something holds; an error where that can't be told. */
type Holds = boolean | 'error';

export interface ExplainedRule {
  /** `condition.all[2]` */
  readonly path: string;
  readonly field: string;
  readonly operator: Operator;
  readonly found: Shown;
  /** What it was compared with, in words, dates counted out; null if with nothing. */
  readonly operand: string | null;
  readonly holds: Holds;
  readonly sentence: string;
  /** What the sentence is made of, for whoever words it in another language. */
  readonly parts: RuleInWords['parts'];
}

export interface ExplainedGroup {
  readonly path: string;
  readonly holds: Holds;
  /** One of the two, as the condition has it. */
  readonly all?: readonly Explained[];
  readonly any?: readonly Explained[];
}

export type Explained = ExplainedRule | ExplainedGroup;

export interface Explanation {
  /** An event of which it can't be told isn't sent. */
  readonly fires: boolean;
  readonly error: RuleError | null;
  readonly mode: Condition['mode'];
  readonly sentence: string;
  readonly rules: ExplainedGroup;
}

interface Judged<T> {
  readonly truth: Truth;
  readonly explained: T;
}

/**
 * Says of every rule of a condition what it finds in an event's data, and so why a webhook gets the event or not.
 *
 * @param condition as `parseCondition` has accepted it
 * @param data parsed from JSON
 */
export function explain(condition: Condition, data: unknown, nowMs: number): Explanation {
  const { truth, explained } = judgeGroup(condition, ROOT, data, nowMs);
  const { mode } = condition;
  const error = isError(truth) ? truth : null;
  const fires = truth === (mode === 'continue');
  return { fires, error, mode, sentence: conclude(truth, mode), rules: explained };
}

/** What follows from the condition alone: whether the webhook gets the event, other things decide as well. */
function conclude(truth: Truth, mode: Condition['mode']): string {
  if (isError(truth)) {
    return `It can't be told whether the rules hold, so the condition keeps the event back. ${truth.message}`;
  }
  if (mode === 'stop') {
    if (truth) return 'The rules hold, and this condition stops the events for which they do.';
    return "The rules that would stop the event don't hold, so the condition lets it through.";
  }
  if (truth) return 'The rules hold, so the condition lets the event through.';
  return "The rules don't hold, so the condition keeps the event back.";
}

function judge(member: Member, path: string, data: unknown, nowMs: number): Judged<Explained> {
  return isGroup(member) ? judgeGroup(member, path, data, nowMs) : judgeRule(member, path, data, nowMs);
}

function judgeGroup(group: Group, path: string, data: unknown, nowMs: number): Judged<ExplainedGroup> {
  const [how, members] = membersOf(group);
  const judged = members.map((member, index) => judge(member, `${path}.${how}[${index}]`, data, nowMs));
  const truth = join(how, judged, (one) => one.truth);
  const explained = { path, holds: holdsOf(truth), [how]: judged.map((one) => one.explained) };
  return { truth, explained };
}

function judgeRule(rule: Rule, path: string, data: unknown, nowMs: number): Judged<ExplainedRule> {
  const truth = compileRule(rule, path)(data, nowMs);
  const { field, operator } = rule;
  const words = describeRule(rule, truth, data, nowMs);
  return { truth, explained: { path, field, operator, ...words, holds: holdsOf(truth) } };
}

function holdsOf(truth: Truth): Holds {
  return isError(truth) ? 'error' : truth;
}
