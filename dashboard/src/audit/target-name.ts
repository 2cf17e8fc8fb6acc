import type { AuditEntryView } from '../../../src/audit/audit-log.ts';

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
