import type { Database } from '../db/database.ts';
import { toWireId } from '../ids.ts';
import {
  type ActorKind,
  type AuditEntryRow,
  type AuditFilter,
  listAuditEntries,
} from '../store/audit-log.ts';

/** Something that was changed, as it is shown. */
export interface AuditEntryView {
  id: string;
  at: string;
  /** null: a change of the platform's own. */
  account: string | null;
  actor: { kind: ActorKind; id: string; name: string };
  action: string;
  target: { kind: string; id: string };
  before: unknown;
  after: unknown;
}

/** What has been changed, by whom. Nothing in it is ever changed or taken out. */
export class AuditLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. @param after the UUID of the last entry of the page before */
  async list(
    filter: AuditFilter,
    { after = null, limit = 50 }: { readonly after?: string | null; readonly limit?: number } = {},
  ): Promise<{ items: AuditEntryView[]; next: string | null }> {
    const rows = await listAuditEntries(this.#database, filter, after, limit + 1);
    const shown = rows.slice(0, limit);
    return { items: shown.map(entryView), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }
}

function entryView(row: AuditEntryRow): AuditEntryView {
  return {
    id: toWireId('aud', row.id),
    at: row.at.toISOString(),
    account: row.accountId,
    actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
    action: row.action,
    target: { kind: row.targetKind, id: row.targetId },
    before: row.before,
    after: row.after,
  };
}
