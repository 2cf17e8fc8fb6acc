import type { Queryable } from '../db/database.ts';

export type ActorKind = 'key' | 'user' | 'portal' | 'link';

export interface NewAuditEntry {
  readonly id: string;
  /** null: a change of the platform's own. */
  readonly accountId: string | null;
  readonly at: string;
  readonly actorKind: ActorKind;
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly targetKind: string;
  readonly targetId: string;
  /** JSON. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface AuditEntryRow extends Record<string, unknown> {
  id: string;
  accountId: string | null;
  at: Date;
  actorKind: ActorKind;
  actorId: string;
  actorName: string;
  action: string;
  targetKind: string;
  targetId: string;
  before: unknown;
  after: unknown;
}

export interface AuditFilter {
  /** undefined: of the platform and all accounts. */
  readonly accountId?: string | undefined;
  /** The id of an actor, or its name: a user's e-mail. */
  readonly actor?: string | undefined;
  /** Such as `webhook.updated`, or `webhook` for all of that kind. */
  readonly action?: string | undefined;
  /** The id of what was changed. */
  readonly target?: string | undefined;
  /** ISO 8601: at this time or later, and before. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export async function insertAuditEntry(db: Queryable, entry: NewAuditEntry): Promise<void> {
  await db.query(
    `insert into waybill.audit_log
       (id, account_id, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, before, after)
     values ($1::uuid, $2::text, $3::timestamptz, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text,
       $10::json, $11::json)`,
    [
      entry.id,
      entry.accountId,
      entry.at,
      entry.actorKind,
      entry.actorId,
      entry.actorName,
      entry.action,
      entry.targetKind,
      entry.targetId,
      entry.before,
      entry.after,
    ],
  );
}

/** Newest first, those before `before`. */
export async function listAuditEntries(
  db: Queryable,
  filter: AuditFilter,
  before: string | null,
  limit: number,
): Promise<AuditEntryRow[]> {
  const { rows } = await db.query<AuditEntryRow>(
    `select id, account_id as "accountId", at, actor_kind as "actorKind", actor_id as "actorId",
       actor_name as "actorName", action, target_kind as "targetKind", target_id as "targetId", before, after
     from waybill.audit_log
     where ($1::text is null or account_id = $1::text)
       and ($2::text is null or actor_id = $2::text or position(lower($2::text) in lower(actor_name)) > 0)
       and ($3::text is null or action = $3::text or split_part(action, '.', 1) = $3::text)
       and ($4::text is null or target_id = $4::text)
       and ($5::timestamptz is null or at >= $5::timestamptz)
       and ($6::timestamptz is null or at < $6::timestamptz)
       and ($7::uuid is null or id < $7::uuid)
     order by id desc limit $8::integer`,
    [
      filter.accountId ?? null,
      filter.actor ?? null,
      filter.action ?? null,
      filter.target ?? null,
      filter.from ?? null,
      filter.to ?? null,
      before,
      limit,
    ],
  );
  return rows;
}
