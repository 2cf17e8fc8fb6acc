import type { Queryable } from '../db/database.ts';

export interface ApiKeyRow extends Record<string, unknown> {
  id: string;
  /** null: the platform's. */
  accountId: string | null;
  name: string;
  hint: string;
  createdAt: Date;
}

export interface NewApiKey {
  readonly id: string;
  readonly accountId: string | null;
  readonly name: string;
  readonly hash: Uint8Array;
  readonly hint: string;
}

const COLUMNS = 'id, account_id as "accountId", name, hint, created_at as "createdAt"';

/** Stores a key by its hash. */
export async function insertApiKey(db: Queryable, key: NewApiKey): Promise<void> {
  await db.query(
    `insert into waybill.api_keys (id, account_id, name, hash, hint)
     values ($1::uuid, $2::text, $3::text, $4::bytea, $5::text)`,
    [key.id, key.accountId, key.name, key.hash, key.hint],
  );
}

/**
 * Makes a key the platform's only one of its name: it works from now on, also if it was revoked, and those that had
 * the name before don't. Returns whether it did; not if the key belongs to an account.
 */
export async function replacePlatformKey(db: Queryable, key: NewApiKey): Promise<boolean> {
  const { rows } = await db.query(
    `with stored as (
       insert into waybill.api_keys (id, name, hash, hint)
       values ($1::uuid, $2::text, $3::bytea, $4::text)
       on conflict (hash) do update set revoked_at = null, name = excluded.name
         where waybill.api_keys.account_id is null
       returning id
     ),
     replaced as (
       update waybill.api_keys set revoked_at = now()
       where account_id is null and name = $2::text and hash <> $3::bytea and revoked_at is null
         and exists (select from stored)
     )
     select id from stored`,
    [key.id, key.name, key.hash, key.hint],
  );
  return rows.length > 0;
}

export async function findApiKeyByHash(db: Queryable, hash: Uint8Array): Promise<ApiKeyRow | undefined> {
  const { rows } = await db.query<ApiKeyRow>(
    `select ${COLUMNS} from waybill.api_keys where hash = $1::bytea and revoked_at is null`,
    [hash],
  );
  return rows[0];
}

export async function hasPlatformKey(db: Queryable): Promise<boolean> {
  const { rows } = await db.query(
    'select from waybill.api_keys where account_id is null and revoked_at is null limit 1',
  );
  return rows.length > 0;
}

/** The keys that work, of an account or (null) of the platform. */
export async function listApiKeys(db: Queryable, accountId: string | null): Promise<ApiKeyRow[]> {
  const { rows } = await db.query<ApiKeyRow>(
    `select ${COLUMNS} from waybill.api_keys
     where account_id is not distinct from $1::text and revoked_at is null order by id`,
    [accountId],
  );
  return rows;
}

/** Returns whether there was such a key to revoke. */
export async function revokeApiKey(db: Queryable, accountId: string | null, id: string): Promise<boolean> {
  const { rows } = await db.query(
    `update waybill.api_keys set revoked_at = now()
     where account_id is not distinct from $1::text and id = $2::uuid and revoked_at is null
     returning id`,
    [accountId, id],
  );
  return rows.length > 0;
}
