import type { Queryable } from '../db/database.ts';

export type Role = 'owner' | 'admin' | 'viewer';

export interface RoleRow extends Record<string, unknown> {
  /** null: of the platform. */
  accountId: string | null;
  role: Role;
}

/** Somebody with a role, as they are listed. */
export interface MemberRow extends Record<string, unknown> {
  id: string;
  email: string;
  name: string;
  role: Role;
  createdAt: Date;
  lastSignInAt: Date | null;
}

/** The roles of a user: of the platform first, then by account. */
export async function rolesOf(db: Queryable, userId: string): Promise<RoleRow[]> {
  const { rows } = await db.query<RoleRow>(
    `select account_id as "accountId", role from waybill.user_roles
     where user_id = $1::uuid order by account_id nulls first`,
    [userId],
  );
  return rows;
}

/** Gives a role; one that is there already is replaced. */
export async function putRole(
  db: Queryable,
  userId: string,
  accountId: string | null,
  role: Role,
  at: string,
): Promise<void> {
  await db.query(
    `insert into waybill.user_roles (user_id, account_id, role, created_at)
     values ($1::uuid, $2::text, $3::text, $4::timestamptz)
     on conflict (user_id, account_id) do update set role = excluded.role`,
    [userId, accountId, role, at],
  );
}

/** Returns whether there was such a role to take. */
export async function deleteRole(db: Queryable, userId: string, accountId: string | null): Promise<boolean> {
  const { rows } = await db.query(
    `delete from waybill.user_roles
     where user_id = $1::uuid and account_id is not distinct from $2::text returning user_id`,
    [userId, accountId],
  );
  return rows.length > 0;
}

// A node of the version before this one notes nothing on the user: then sessions tell.
const MEMBER = `u.id, u.email, u.name, r.role, r.created_at as "createdAt",
  greatest(
    u.last_signed_in_at,
    (select max(s.created_at) from waybill.user_sessions s where s.user_id = u.id)
  ) as "lastSignInAt"`;

/** Those with a role of an account or (null) of the platform, by id. */
export async function listMembers(
  db: Queryable,
  accountId: string | null,
  after: string | null,
  limit: number,
): Promise<MemberRow[]> {
  const { rows } = await db.query<MemberRow>(
    `select ${MEMBER} from waybill.user_roles r join waybill.users u on u.id = r.user_id
     where r.account_id is not distinct from $1::text and ($2::uuid is null or u.id > $2::uuid)
     order by u.id limit $3::integer`,
    [accountId, after, limit],
  );
  return rows;
}

export async function findMember(
  db: Queryable,
  accountId: string | null,
  userId: string,
): Promise<MemberRow | undefined> {
  const { rows } = await db.query<MemberRow>(
    `select ${MEMBER} from waybill.user_roles r join waybill.users u on u.id = r.user_id
     where r.account_id is not distinct from $1::text and u.id = $2::uuid`,
    [accountId, userId],
  );
  return rows[0];
}

/** Who owns an account or (null) the platform. Nobody becomes or ceases to be one until the transaction ends. */
export async function lockOwners(db: Queryable, accountId: string | null): Promise<string[]> {
  const { rows } = await db.query<{ userId: string }>(
    `select user_id as "userId" from waybill.user_roles
     where account_id is not distinct from $1::text and role = 'owner' order by user_id for update`,
    [accountId],
  );
  return rows.map(({ userId }) => userId);
}

export async function hasPlatformOwner(db: Queryable): Promise<boolean> {
  const { rows } = await db.query(
    `select from waybill.user_roles where account_id is null and role = 'owner' limit 1`,
  );
  return rows.length > 0;
}

/** Forgets a user, with sessions and password, unless a role is left. */
export async function deleteUserWithoutRoles(db: Queryable, userId: string): Promise<void> {
  await db.query(
    `delete from waybill.users u where u.id = $1::uuid
       and not exists (select from waybill.user_roles r where r.user_id = u.id)`,
    [userId],
  );
}
