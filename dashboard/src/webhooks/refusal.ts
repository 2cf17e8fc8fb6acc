import type { FieldProblem } from '../api.ts';
import { bodyOf, type WebhookDraft } from './draft.ts';

/** What is wrong with the fields of a form, and how it stood when that was found. */
export interface Refusal {
  readonly errors: readonly FieldProblem[];
  readonly of: WebhookDraft;
}

/** What hasn't been changed since: of other fields nobody knows whether they are still wrong. */
export function stillWrong({ errors, of }: Refusal, now: WebhookDraft): readonly FieldProblem[] {
  if (errors.length === 0 || of === now) return errors;
  const [before, after] = [asSent(of), asSent(now)];
  return errors.filter(({ path }) => valueAt(before, path) === valueAt(after, path));
}

/** As the API gets it, and each header by its place, too: one without a name has nothing else. */
function asSent(draft: WebhookDraft): unknown {
  const body = bodyOf(draft);
  return { ...body, headers: { ...draft.headers, ...(body.headers as object) } };
}

/** What stands at a path of the API such as `condition.all[1].field`, as text to compare; undefined where nothing does. */
function valueAt(value: unknown, path: string): string | undefined {
  if (path === '') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return undefined;
  // A name may have dots and brackets in it: that of a header is as somebody typed it.
  const members = value as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(members, path)) return JSON.stringify(members[path]);
  const [, name = '', rest = ''] = /^\[?([^.[\]]+)\]?\.?(.*)$/.exec(path) ?? [];
  return Object.hasOwn(members, name) ? valueAt(members[name], rest) : undefined;
}
