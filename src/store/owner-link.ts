import type { Queryable } from '../db/database.ts';

/** Puts a link in the place of the one before. */
export async function putOwnerLink(db: Queryable, hash: Uint8Array, at: string): Promise<void> {
  await db.query(
    `insert into waybill.owner_link (token_hash, created_at) values ($1::bytea, $2::timestamptz)
     on conflict (is_one) do update set token_hash = excluded.token_hash, created_at = excluded.created_at`,
    [hash, at],
  );
}

/** Makes a link unless there is one. Returns whether it did. */
export async function insertOwnerLink(db: Queryable, hash: Uint8Array, at: string): Promise<boolean> {
  const { rows } = await db.query(
    `insert into waybill.owner_link (token_hash, created_at) values ($1::bytea, $2::timestamptz)
     on conflict (is_one) do nothing returning is_one`,
    [hash, at],
  );
  return rows.length > 0;
}

/** Uses the link up. Returns whether this was its token: of two at once, one alone finds it. */
export async function takeOwnerLink(db: Queryable, hash: Uint8Array): Promise<boolean> {
  const { rows } = await db.query(
    'delete from waybill.owner_link where token_hash = $1::bytea returning is_one',
    [hash],
  );
  return rows.length > 0;
}

export async function isOwnerLink(db: Queryable, hash: Uint8Array): Promise<boolean> {
  const { rows } = await db.query('select from waybill.owner_link where token_hash = $1::bytea', [hash]);
  return rows.length > 0;
}
