import type { Queryable } from '../db/database.ts';

export interface IdempotencyKeyRow extends Record<string, unknown> {
  accountId: string;
  key: string;
  requestHash: string;
  answer: { id: string; deliveries: number }[];
}

/** The given keys that have been used. */
export async function findIdempotencyKeys(
  db: Queryable,
  keys: readonly { readonly accountId: string; readonly key: string }[],
): Promise<IdempotencyKeyRow[]> {
  const { rows } = await db.query<IdempotencyKeyRow>(
    `select k.account_id as "accountId", k.key, encode(k.request_hash, 'hex') as "requestHash", k.answer
     from unnest($1::text[], $2::text[]) as wanted (account_id, key)
     join waybill.idempotency_keys k on k.account_id = wanted.account_id and k.key = wanted.key`,
    [keys.map((key) => key.accountId), keys.map((key) => key.key)],
  );
  return rows;
}

/** Forgets keys used before `before`, at most `limit` of them, and returns how many. */
export async function deleteIdempotencyKeys(db: Queryable, before: string, limit: number): Promise<number> {
  const { rows } = await db.query(
    `delete from waybill.idempotency_keys k
     using (
       select account_id, key from waybill.idempotency_keys
       where created_at < $1::timestamptz limit $2::integer
     ) old
     where k.account_id = old.account_id and k.key = old.key
     returning k.key`,
    [before, limit],
  );
  return rows.length;
}
