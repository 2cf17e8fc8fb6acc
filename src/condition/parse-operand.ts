import type { Literal, Operand, Rule } from './condition.ts';
import { DATE_UNITS, type DateVariable } from './date-value.ts';
import type { OperandForm } from './operators.ts';
import { below, isJsonObject, type JsonObject, memberOf, type Problems } from './problems.ts';

export const MAX_LIST_LENGTH = 1000;
const MAX_PLUS = 1_000_000;
const OPERANDS = ['value', 'property', 'date'] as const;

type Operands = Pick<Rule, 'value' | 'property' | 'date'>;

/** What a rule compares with, in the form its operator takes; undefined if it is refused. */
export function parseOperands(
  rule: JsonObject,
  form: OperandForm,
  path: string,
  problems: Problems,
): Operands | undefined {
  const given = OPERANDS.filter((name) => Object.hasOwn(rule, name));
  const allowed = form === 'none' ? [] : form === 'one' ? OPERANDS : ['value'];
  const superfluous = given.filter((name, index) => !allowed.includes(name) || index > 0);
  for (const name of superfluous) {
    problems.add(below(path, name), 'not_allowed', superfluousText(form));
  }
  if (superfluous.length > 0) return undefined;
  if (form === 'none') return {};
  const [name] = given;
  if (name === undefined) {
    problems.add(below(path, 'value'), 'required', MISSING[form]);
    return undefined;
  }
  const where = below(path, name);
  if (form === 'one') return parseOne(rule, name, where, problems);
  const value = FORMS[form](memberOf(rule, name), where, problems);
  return value === undefined ? undefined : { value };
}

const MISSING = {
  one: 'is missing: give a value, a property or a date',
  range: 'is missing: give [low, high]',
  list: 'is missing: give a list',
  name: 'is missing: give the name of the parameter',
};

function superfluousText(form: OperandForm): string {
  if (form === 'none') return 'must be absent: this operator compares with nothing';
  if (form === 'one') return 'must be absent: a rule has a value, a property or a date, and one of them only';
  return 'must be absent: this operator takes a value';
}

function parseOne(
  rule: JsonObject,
  name: (typeof OPERANDS)[number],
  path: string,
  problems: Problems,
): Operands | undefined {
  const found = memberOf(rule, name);
  if (name === 'property') return parsePath(found, path, problems) ? { property: found } : undefined;
  if (name === 'date') {
    const date = parseDateVariable(found, path, problems);
    return date && { date };
  }
  return isLiteral(found, path, problems) ? { value: found } : undefined;
}

/** Checks a path into the data: names joined by dots. */
export function parsePath(value: unknown, path: string, problems: Problems): value is string {
  if (!problems.isText(value, path)) return false;
  if (!value.split('.').includes('')) return true;
  problems.add(path, 'malformed_path', 'must be names joined by dots, such as order.customer.name');
  return false;
}

function isLiteral(value: unknown, path: string, problems: Problems): value is Literal {
  if (typeof value === 'string') return problems.isText(value, path);
  if (typeof value === 'boolean') return true;
  if (typeof value !== 'number') {
    const hint = value === null ? ': use isNull or isNotNull' : '';
    problems.add(path, 'wrong_type', `must be text, a number, true or false${hint}`);
    return false;
  }
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    problems.add(path, 'too_large', 'is beyond what a JSON number holds exactly: write it as text');
    return false;
  }
  return true;
}

const FORMS = {
  range(value: unknown, path: string, problems: Problems): readonly Operand[] | undefined {
    if (!Array.isArray(value) || value.length !== 2) {
      problems.add(path, 'wrong_type', 'must be [low, high]');
      return undefined;
    }
    const bounds = value.map((bound, index) => parseBound(bound, `${path}[${index}]`, problems));
    return bounds.every((bound) => bound !== undefined) ? bounds : undefined;
  },
  list(value: unknown, path: string, problems: Problems): readonly Literal[] | undefined {
    if (!Array.isArray(value) || value.length === 0) {
      problems.add(path, Array.isArray(value) ? 'empty' : 'wrong_type', 'must be a list of values');
    } else if (value.length > MAX_LIST_LENGTH) {
      problems.add(path, 'too_large', `must have at most ${MAX_LIST_LENGTH} values`, {
        most: MAX_LIST_LENGTH,
        of: 'items',
      });
    } else if (value.every((item, index) => isLiteral(item, `${path}[${index}]`, problems))) {
      return [...value];
    }
    return undefined;
  },
  name(value: unknown, path: string, problems: Problems): string | undefined {
    if (!problems.isText(value, path)) return undefined;
    if (value !== '') return value;
    problems.add(path, 'empty', 'must be the name of a parameter');
    return undefined;
  },
};

function parseBound(value: unknown, path: string, problems: Problems): Operand | undefined {
  if (!isJsonObject(value)) return isLiteral(value, path, problems) ? value : undefined;
  problems.refuseOthers(value, ['property', 'date'], path);
  const given = Object.keys(value).filter((name) => name === 'property' || name === 'date');
  const [name] = given;
  if (name === undefined || given.length > 1) {
    problems.add(path, 'wrong_type', 'must be a value, or an object with either "property" or "date"');
    return undefined;
  }
  return parseOne(value, name, below(path, name), problems) as Operand | undefined;
}

function parseDateVariable(value: unknown, path: string, problems: Problems): DateVariable | undefined {
  if (!isJsonObject(value)) {
    problems.add(
      path,
      'wrong_type',
      'must be an object such as {"base": "today", "plus": 7, "unit": "days"}',
    );
    return undefined;
  }
  problems.refuseOthers(value, ['base', 'plus', 'unit'], path);
  const base = problems.word(value, 'base', ['today', 'now'] as const, path);
  if (!Object.hasOwn(value, 'base')) problems.add(below(path, 'base'), 'required', 'is missing');
  const unit = problems.word(value, 'unit', DATE_UNITS, path);
  const plus = memberOf(value, 'plus');
  if (plus !== undefined && (!Number.isInteger(plus) || Math.abs(plus as number) > MAX_PLUS)) {
    const code = Number.isInteger(plus) ? 'too_large' : 'wrong_type';
    problems.add(below(path, 'plus'), code, `must be a whole number, at most ${MAX_PLUS} either way`);
    return undefined;
  }
  if (base === undefined) return undefined;
  return { base, ...(plus !== undefined && { plus: plus as number }), ...(unit && { unit }) };
}
