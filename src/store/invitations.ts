import type { Queryable } from '../db/database.ts';
import type { Role } from './user-roles.ts';

export interface InvitationRow extends Record<string, unknown> {
  id: string;
  /** null: to the platform. */
  accountId: string | null;
  email: string;
  role: Role;
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

export interface NewInvitation {
  readonly id: string;
  readonly accountId: string | null;
  readonly email: string;
  readonly role: Role;
  readonly hash: Uint8Array;
  readonly invitedBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

const COLUMNS = `id, account_id as "accountId", email, role, invited_by as "invitedBy", created_at as "createdAt",
  expires_at as "expiresAt"`;
const OPEN = 'accepted_at is null and revoked_at is null';

export async function insertInvitation(db: Queryable, invitation: NewInvitation): Promise<InvitationRow> {
  const { rows } = await db.query<InvitationRow>(
    `insert into waybill.invitations
       (id, account_id, email, role, token_hash, invited_by, created_at, expires_at)
     values ($1::uuid, $2::text, $3::text, $4::text, $5::bytea, $6::text, $7::timestamptz, $8::timestamptz)
     returning ${COLUMNS}`,
    [
      invitation.id,
      invitation.accountId,
      invitation.email,
      invitation.role,
      invitation.hash,
      invitation.invitedBy,
      invitation.createdAt,
      invitation.expiresAt,
    ],
  );
  return rows[0] as InvitationRow;
}

/** Those that can still be accepted, to an account or (null) the platform; newest first, those before `before`. */
export async function listInvitations(
  db: Queryable,
  accountId: string | null,
  now: string,
  before: string | null,
  limit: number,
): Promise<InvitationRow[]> {
  const { rows } = await db.query<InvitationRow>(
    `select ${COLUMNS} from waybill.invitations
     where account_id is not distinct from $1::text and ${OPEN} and expires_at > $2::timestamptz
       and ($3::uuid is null or id < $3::uuid)
     order by id desc limit $4::integer`,
    [accountId, now, before, limit],
  );
  return rows;
}

/** The one of this token that can still be accepted. */
export async function findInvitation(
  db: Queryable,
  hash: Uint8Array,
  now: string,
): Promise<InvitationRow | undefined> {
  const { rows } = await db.query<InvitationRow>(
    `select ${COLUMNS} from waybill.invitations
     where token_hash = $1::bytea and ${OPEN} and expires_at > $2::timestamptz`,
    [hash, now],
  );
  return rows[0];
}

/** Uses an invitation up. Returns whether it could still be accepted: of two at once, one alone finds it. */
export async function acceptInvitation(db: Queryable, id: string, now: string): Promise<boolean> {
  const { rows } = await db.query(
    `update waybill.invitations set accepted_at = $2::timestamptz
     where id = $1::uuid and ${OPEN} and expires_at > $2::timestamptz returning id`,
    [id, now],
  );
  return rows.length > 0;
}

/** Undefined if there is none to revoke. */
export async function revokeInvitation(
  db: Queryable,
  accountId: string | null,
  id: string,
  now: string,
): Promise<InvitationRow | undefined> {
  const { rows } = await db.query<InvitationRow>(
    `update waybill.invitations set revoked_at = $3::timestamptz
     where account_id is not distinct from $1::text and id = $2::uuid and ${OPEN} returning ${COLUMNS}`,
    [accountId, id, now],
  );
  return rows[0];
}

/** Takes back what was sent to an e-mail before, so that the newest link is the only one. */
export async function revokeInvitationsTo(
  db: Queryable,
  accountId: string | null,
  email: string,
  now: string,
): Promise<void> {
  await db.query(
    `update waybill.invitations set revoked_at = $3::timestamptz
     where account_id is not distinct from $1::text and email = $2::text and ${OPEN}`,
    [accountId, email, now],
  );
}
