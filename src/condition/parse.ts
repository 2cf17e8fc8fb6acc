import type { Condition, Group, Member, Rule } from './condition.ts';
import { parseRule } from './parse-rule.ts';
import {
  below,
  type ConditionProblem,
  isJsonObject,
  type JsonObject,
  memberOf,
  Problems,
} from './problems.ts';

export const MAX_NESTING = 10;
export const MAX_RULES = 200;

const MODES = ['continue', 'stop'] as const;

/** A condition, or what is wrong with it. */
export type ParsedCondition =
  | { readonly condition: Condition }
  | { readonly errors: readonly ConditionProblem[] };

/**
 * Checks a condition when it is saved. What it returns is made anew of known members only, and is JSON.
 *
 * @param value parsed from JSON
 * @param base the name under which it was sent, with which the paths of errors begin
 * @returns the condition with its mode; or what is wrong, at most 50 problems. Never throws.
 */
export function parseCondition(value: unknown, base = 'condition'): ParsedCondition {
  const parser = new ConditionParser();
  const condition = parser.condition(value, base);
  const errors = parser.problems.list;
  return condition === undefined || errors.length > 0 ? { errors } : { condition };
}

class ConditionParser {
  readonly problems = new Problems();
  #rules = 0;

  condition(value: unknown, path: string): Condition | undefined {
    if (!isJsonObject(value)) {
      this.problems.add(path, 'wrong_type', 'must be an object with "all" or "any"');
      return undefined;
    }
    this.problems.refuseOthers(value, ['mode', 'all', 'any'], path);
    const mode = this.problems.word(value, 'mode', MODES, path) ?? 'continue';
    const group = this.#group(value, path, 1);
    return group && { mode, ...group };
  }

  #group(value: JsonObject, path: string, depth: number): Group | undefined {
    const how = Object.hasOwn(value, 'all') ? 'all' : 'any';
    if (how === 'all' && Object.hasOwn(value, 'any')) {
      this.problems.add(
        below(path, 'any'),
        'not_allowed',
        'can\'t stand beside "all": put one group into the other',
      );
      return undefined;
    }
    const list = memberOf(value, how);
    const where = below(path, how);
    if (list === undefined) {
      this.problems.add(path, 'required', 'needs "all" or "any", with a list of rules');
    } else if (!Array.isArray(list)) {
      this.problems.add(where, 'wrong_type', 'must be a list of rules and groups');
    } else if (list.length === 0) {
      this.problems.add(where, 'empty', 'must have at least one rule');
    } else if (list.length > MAX_RULES) {
      this.problems.add(where, 'too_many_rules', `must have at most ${MAX_RULES} rules`);
    } else if (depth > MAX_NESTING) {
      this.problems.add(path, 'too_deep', `is nested deeper than ${MAX_NESTING} groups`);
    } else {
      const members = this.#members(list, where, depth);
      return how === 'all' ? { all: members } : { any: members };
    }
    return undefined;
  }

  #members(list: readonly unknown[], path: string, depth: number): Member[] {
    const members: Member[] = [];
    for (const [index, value] of list.entries()) {
      if (this.problems.isFull || this.#rules > MAX_RULES) break;
      const member = this.#member(value, `${path}[${index}]`, depth);
      if (member) members.push(member);
    }
    return members;
  }

  #member(value: unknown, path: string, depth: number): Member | undefined {
    if (!isJsonObject(value)) {
      this.problems.add(path, 'wrong_type', 'must be a rule or a group');
      return undefined;
    }
    if (Object.hasOwn(value, 'all') || Object.hasOwn(value, 'any')) {
      this.problems.refuseOthers(value, ['all', 'any'], path);
      return this.#group(value, path, depth + 1);
    }
    return this.#rule(value, path);
  }

  #rule(value: JsonObject, path: string): Rule | undefined {
    this.#rules += 1;
    if (this.#rules > MAX_RULES) {
      this.problems.add(path, 'too_many_rules', `is one rule too many: a condition has at most ${MAX_RULES}`);
      return undefined;
    }
    return parseRule(value, path, this.problems);
  }
}
