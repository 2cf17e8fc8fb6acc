import type { Queryable } from '../db/database.ts';

/** Counts an attempt, and says how many there have been since the window began; an old window begins anew. */
export async function countAttempt(
  db: Queryable,
  key: Uint8Array,
  now: string,
  windowMs: number,
): Promise<{ readonly attempts: number; readonly windowStartedAt: Date }> {
  const { rows } = await db.query<{ attempts: number; windowStartedAt: Date }>(
    `insert into waybill.sign_in_attempts as a (key, window_started_at, attempts)
     values ($1::bytea, $2::timestamptz, 1)
     on conflict (key) do update set
       attempts = case
         when a.window_started_at <= $2::timestamptz - $3::integer * interval '1 millisecond' then 1
         else least(a.attempts, 1000000) + 1
       end,
       window_started_at = case
         when a.window_started_at <= $2::timestamptz - $3::integer * interval '1 millisecond' then $2::timestamptz
         else a.window_started_at
       end
     returning attempts, window_started_at as "windowStartedAt"`,
    [key, now, windowMs],
  );
  return rows[0] as { attempts: number; windowStartedAt: Date };
}

export async function forgetAttempts(db: Queryable, key: Uint8Array): Promise<void> {
  await db.query('delete from waybill.sign_in_attempts where key = $1::bytea', [key]);
}

/** Attempts of windows that began before then, so many at most. Returns how many there were. */
export async function deleteOldAttempts(db: Queryable, before: string, limit: number): Promise<number> {
  const { rows } = await db.query(
    `delete from waybill.sign_in_attempts where key in (
       select key from waybill.sign_in_attempts where window_started_at < $1::timestamptz limit $2::integer
     ) returning key`,
    [before, limit],
  );
  return rows.length;
}
