/** What can be wrong with a condition. The path of a problem says with which part of it. */
export const PROBLEM_CODES = [
  'required',
  'unknown_field',
  'unknown_operator',
  'wrong_type',
  'wrong_value_type',
  'not_allowed',
  'empty',
  'too_large',
  'too_deep',
  'too_many_rules',
  'malformed_path',
  'malformed_text',
  'reversed_range',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One thing wrong with a condition, where it stands in what was saved: `condition.all[2].operator`. */
export interface ConditionProblem {
  readonly path: string;
  readonly code: ProblemCode;
  readonly message: string;
  /** The values in the message, if it holds any. */
  readonly params?: ProblemParams;
}

type ProblemParams = Readonly<Record<string, string | number>>;

export type JsonObject = Readonly<Record<string, unknown>>;

export const MAX_TEXT_LENGTH = 1024;

// Whoever sends nonsense needs no complete list of it.
const MAX_PROBLEMS = 50;
const MAX_NAME_LENGTH = 100;

/** What is found wrong on the way through a condition. */
export class Problems {
  readonly list: ConditionProblem[] = [];

  add(path: string, code: ProblemCode, message: string, params?: ProblemParams): void {
    if (!this.isFull) this.list.push({ path, code, message, ...(params && { params }) });
  }

  /** Whether so much is wrong that looking further is no use. */
  get isFull(): boolean {
    return this.list.length >= MAX_PROBLEMS;
  }

  /** Refuses all members but the known ones. */
  refuseOthers(value: JsonObject, known: readonly string[], path: string): void {
    for (const name of Object.keys(value)) {
      if (this.isFull) return;
      if (known.includes(name)) continue;
      this.add(below(path, name.slice(0, MAX_NAME_LENGTH)), 'unknown_field', 'is not a known field');
    }
  }

  /** A member that must be one of a few words; undefined if it isn't there, or is refused. */
  word<W extends string>(value: JsonObject, name: string, words: readonly W[], path: string): W | undefined {
    const found = memberOf(value, name);
    if (found === undefined || words.includes(found as W)) return found as W | undefined;
    this.add(below(path, name), 'not_allowed', `must be one of ${words.join(', ')}`, {
      allowed: words.join(', '),
    });
    return undefined;
  }

  /** Whether a value is a text that isn't too long; if not, that is noted. */
  isText(value: unknown, path: string): value is string {
    if (value === undefined) this.add(path, 'required', 'is missing');
    else if (typeof value !== 'string') this.add(path, 'wrong_type', 'must be text');
    else if (value.length > MAX_TEXT_LENGTH) {
      const message = `must be at most ${MAX_TEXT_LENGTH} characters`;
      this.add(path, 'too_large', message, { most: MAX_TEXT_LENGTH, of: 'characters' });
    } else if (!value.isWellFormed() || value.includes('\0')) {
      // PostgreSQL's jsonb takes neither.
      this.add(path, 'malformed_text', 'contains a null character or half a character');
    } else return true;
    return false;
  }
}

/** The path of a member: `condition.mode`. */
export function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of the object's own, never one of its prototype. */
export function memberOf(value: JsonObject, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
