import type { AuditEntryView } from '../../../src/audit/audit-log.ts';
import { type Words, wordsFor } from '../words/own-words.ts';

type Changed = Pick<AuditEntryView, 'before' | 'after'>;

/** What was changed, by the name the entry itself knows; null where it knows none. The newest name counts. */
export function targetName({ before, after }: Changed): string | null {
  return namedIn(after) ?? namedIn(before);
}

function namedIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const members = value as Readonly<Record<string, unknown>>;
  const name = ['name', 'email', 'url'].map((member) => members[member]).find(isText);
  return name ?? null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** What was changed, as it is shown: what it is, and its id; of what has no id of its own (a link for an owner) only that. */
export interface TargetText {
  /** Empty: it isn't known what it is. */
  readonly kind: string;
  readonly id: string;
}

/** @param kinds what targets are called, by their kinds */
export function targetText(kinds: Words, { kind, id }: AuditEntryView['target']): TargetText {
  return { kind: wordsFor(kinds, kind, undefined, {}) ?? '', id: id === kind ? '' : id };
}
