import type { Queryable } from '../db/database.ts';

export type PortalRole = 'admin' | 'viewer';

export interface NewPortalLink {
  readonly id: string;
  readonly accountId: string;
  readonly role: PortalRole;
  readonly name: string | null;
  readonly hash: Uint8Array;
  readonly sessionSeconds: number;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface PortalSessionRow extends Record<string, unknown> {
  linkId: string;
  accountId: string;
  role: PortalRole;
  name: string | null;
  expiresAt: Date;
}

export interface PortalLinkRow extends Record<string, unknown> {
  id: string;
  accountId: string;
  role: PortalRole;
  name: string | null;
  sessionSeconds: number;
}

export async function insertPortalLink(db: Queryable, link: NewPortalLink): Promise<void> {
  await db.query(
    `insert into waybill.portal_links
       (id, account_id, role, name, token_hash, session_seconds, created_at, expires_at)
     values ($1::uuid, $2::text, $3::text, $4::text, $5::bytea, $6::integer, $7::timestamptz, $8::timestamptz)`,
    [
      link.id,
      link.accountId,
      link.role,
      link.name,
      link.hash,
      link.sessionSeconds,
      link.createdAt,
      link.expiresAt,
    ],
  );
}

/** Uses a link up. Undefined if it was used or has expired: of two at once, one alone gets it. */
export async function takePortalLink(
  db: Queryable,
  hash: Uint8Array,
  now: string,
): Promise<PortalLinkRow | undefined> {
  const { rows } = await db.query<PortalLinkRow>(
    `update waybill.portal_links set used_at = $2::timestamptz
     where token_hash = $1::bytea and used_at is null and expires_at > $2::timestamptz
     returning id, account_id as "accountId", role, name, session_seconds as "sessionSeconds"`,
    [hash, now],
  );
  return rows[0];
}

export async function insertPortalSession(
  db: Queryable,
  session: {
    readonly hash: Uint8Array;
    readonly linkId: string;
    readonly createdAt: string;
    readonly expiresAt: string;
  },
): Promise<void> {
  await db.query(
    `insert into waybill.portal_sessions (token_hash, link_id, created_at, expires_at)
     values ($1::bytea, $2::uuid, $3::timestamptz, $4::timestamptz)`,
    [session.hash, session.linkId, session.createdAt, session.expiresAt],
  );
}

export async function findPortalSession(
  db: Queryable,
  hash: Uint8Array,
  now: string,
): Promise<PortalSessionRow | undefined> {
  const { rows } = await db.query<PortalSessionRow>(
    `select l.id as "linkId", l.account_id as "accountId", l.role, l.name, s.expires_at as "expiresAt"
     from waybill.portal_sessions s join waybill.portal_links l on l.id = s.link_id
     where s.token_hash = $1::bytea and s.expires_at > $2::timestamptz`,
    [hash, now],
  );
  return rows[0];
}

export async function deletePortalSession(db: Queryable, linkId: string): Promise<void> {
  await db.query('delete from waybill.portal_sessions where link_id = $1::uuid', [linkId]);
}

/** Links that expired before then and whose session has ended, so many at most. Returns how many there were. */
export async function deleteOldPortalLinks(db: Queryable, now: string, limit: number): Promise<number> {
  const { rows } = await db.query(
    `delete from waybill.portal_links where id in (
       select l.id from waybill.portal_links l left join waybill.portal_sessions s on s.link_id = l.id
       where l.expires_at <= $1::timestamptz and (s.link_id is null or s.expires_at <= $1::timestamptz)
       limit $2::integer
     ) returning id`,
    [now, limit],
  );
  return rows.length;
}
