import type { z } from 'zod';

/** Something wrong with a preset: in which file, where in it, and what. */
export interface Flaw {
  readonly file: string;
  /** As one would write it: `eventTypes[2].schema.properties.id`. */
  readonly path: string;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** What is wrong at which place, without the file. */
export interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A schema's issues, those of a union told by the alternative that came closest. */
export function complaintsOf(issues: readonly Issue[], base: readonly PropertyKey[] = []): Complaint[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a known field' }));
    }
    const closest = issue.code === 'invalid_union' ? closestOf(issue.errors) : undefined;
    if (closest) return complaintsOf(closest, path);
    return [{ path, message: messageOf(issue) }];
  });
}

/** The alternative that got furthest into the value; undefined if all failed at its very form. */
function closestOf(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]): number =>
    Math.max(...issues.map((issue) => issue.path.length + (isOfForm(issue) ? 0 : 1)));
  const [best] = [...alternatives].filter((one) => one.length > 0).sort((a, b) => depth(b) - depth(a));
  return best && depth(best) > 0 ? best : undefined;
}

function isOfForm(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_type' && / received undefined/.test(issue.message)) return 'is missing';
  const expected = /^Invalid input: expected (.+), received (.+)$/.exec(issue.message);
  if (expected) return `must be ${expected[1]}, not ${expected[2]}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((one) => JSON.stringify(one)).join(' or ')}`;
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
    return issue.issues.map((one) => one.message).join(', ');
  }
  return issue.message;
}

/** `eventTypes[2].schema`, from its parts. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    const name = String(part).slice(0, 100);
    if (typeof part === 'number') text += `[${name}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(name)) text += text === '' ? name : `.${name}`;
    else text += `[${JSON.stringify(name)}]`;
  }
  return text;
}
