import { z } from 'zod';
import { type FieldError, invalid, type Params } from './errors.ts';

/**
 * Checks a value against a schema.
 *
 * @throws WaybillError `validation_failed`, with every broken field
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(fieldErrors(parsed.error, ''));
}

/** A time with a zone that PostgreSQL can hold (RFC 3339). */
export const timeSchema = z.iso
  .datetime({
    offset: true,
    message: 'must be a time with a zone (RFC 3339), such as 2026-03-13T14:30:00Z',
  })
  .refine(isStorable, {
    message: 'must lie in the years 0001 to 9999',
    params: { rule: 'time_range' },
  });

function isStorable(value: string): boolean {
  const time = Date.parse(value);
  return time >= Date.parse('0001-01-01T00:00:00Z') && time <= Date.parse('9999-12-31T23:59:59.999Z');
}

/**
 * Refuses members named `__proto__`, which a schema of a record passes over without a look.
 *
 * @param value parsed from JSON, so that it can't be cyclic
 * @throws WaybillError `validation_failed`
 */
export function refuseProto(value: unknown, path = ''): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const where = formatPath(path, [Array.isArray(value) ? Number(key) : key]);
    if (key === '__proto__') {
      throw invalid([{ path: where, code: 'unknown_field', message: 'is not a known field' }]);
    }
    refuseProto(value[key as keyof typeof value], where);
  }
}

const CODES: Record<string, string> = {
  invalid_type: 'wrong_type',
  unrecognized_keys: 'unknown_field',
  too_big: 'too_large',
  too_small: 'too_small',
  invalid_value: 'not_allowed',
  invalid_union: 'wrong_type',
};

/** Zod's issues as fields of the input, each named as the caller wrote it. */
export function fieldErrors(error: z.ZodError, base: string): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = formatPath(base, issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: formatPath(path, [key]),
        code: 'unknown_field',
        message: 'is not a known field',
      }));
    }
    const missing = issue.code === 'invalid_type' && / received undefined/.test(issue.message);
    if (missing) return [{ path, code: 'required', message: 'is missing' }];
    const params = paramsOf(issue);
    return [
      {
        path,
        code: ownCodeOf(issue) ?? CODES[issue.code] ?? 'invalid',
        message: messageOf(issue),
        ...(params && { params }),
      },
    ];
  });
}

/** What stands in the message beside words. `rule` tells apart what the code `invalid` says of a text. */
function paramsOf(issue: z.core.$ZodIssue): Params | undefined {
  switch (issue.code) {
    case 'too_big':
      return { most: Number(issue.maximum), of: SIZES[issue.origin] ?? 'number' };
    case 'too_small':
      return { least: Number(issue.minimum), of: SIZES[issue.origin] ?? 'number' };
    case 'invalid_type':
      return { expected: issue.expected };
    case 'invalid_value':
      return { allowed: issue.values.map(String).join(', ') };
    case 'invalid_format':
      return { rule: `format_${issue.format}` };
    case 'custom': {
      const { code: _code, ...params } = issue.params ?? {};
      return Object.keys(params).length > 0 ? (params as Params) : undefined;
    }
    default:
      return undefined;
  }
}

const SIZES: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'items',
  set: 'items',
  record: 'items',
};

/** The code a check of ours has given with what it found, in `params`. */
function ownCodeOf(issue: z.core.$ZodIssue): string | undefined {
  const code = issue.code === 'custom' ? issue.params?.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Zod says "Invalid input: expected string, received number"; a message here follows the field's name. */
function messageOf(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  if (issue.code === 'invalid_value' && message.startsWith('Invalid ')) {
    const allowed = issue.values.map(String).join(', ');
    return issue.values.length === 1 ? `must be ${allowed}` : `must be one of ${allowed}`;
  }
  const expected = /^Invalid input: expected (.+), received (.+)$/.exec(message);
  if (expected) return `must be ${expected[1]}, not ${expected[2]}`;
  const size = /^Too (?:big|small): expected \w+ to (?:have|be) (.+)$/.exec(message);
  if (size) return `must be ${size[1]}`.replace('>=', 'at least ').replace('<=', 'at most ');
  return message;
}

function formatPath(base: string, path: readonly PropertyKey[]): string {
  let text = base;
  for (const part of path) {
    // A name comes from the caller: cut, so that an error can't be made huge.
    const name = String(part).slice(0, 100);
    if (typeof part === 'number') text += `[${part}]`;
    else text += text ? `.${name}` : name;
  }
  return text;
}

/** Letter case tells no two people apart. */
export const emailSchema = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email('must be an e-mail address'))
  .transform((email) => email.toLowerCase());
