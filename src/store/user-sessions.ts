import type { Queryable } from '../db/database.ts';

export interface UserSessionRow extends Record<string, unknown> {
  id: string;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** Notes that somebody has signed in: their sessions are forgotten, this isn't. @param at ISO 8601 */
export async function noteSignIn(db: Queryable, userId: string, at: string): Promise<void> {
  await db.query(
    `update waybill.users set last_signed_in_at = greatest(last_signed_in_at, $2::timestamptz)
     where id = $1::uuid`,
    [userId, at],
  );
}

/** The sessions of a user that haven't expired, newest first. */
export async function listUserSessions(
  db: Queryable,
  userId: string,
  now: string,
): Promise<UserSessionRow[]> {
  const { rows } = await db.query<UserSessionRow>(
    `select id, ip_address as "ipAddress", user_agent as "userAgent", created_at as "createdAt",
       expires_at as "expiresAt"
     from waybill.user_sessions where user_id = $1::uuid and expires_at > $2::timestamptz
     order by id desc limit 100`,
    [userId, now],
  );
  return rows;
}

/** Returns whether there was such a session to end. */
export async function deleteUserSession(db: Queryable, userId: string, id: string): Promise<boolean> {
  const { rows } = await db.query(
    'delete from waybill.user_sessions where user_id = $1::uuid and id = $2::uuid returning id',
    [userId, id],
  );
  return rows.length > 0;
}

/** Sessions that have expired, so many at most. Returns how many there were. */
export async function deleteExpiredSessions(db: Queryable, now: string, limit: number): Promise<number> {
  const { rows } = await db.query(
    `delete from waybill.user_sessions where id in (
       select id from waybill.user_sessions where expires_at <= $1::timestamptz limit $2::integer
     ) returning id`,
    [now, limit],
  );
  return rows.length;
}
