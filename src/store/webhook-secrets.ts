import type { Queryable } from '../db/database.ts';

export interface SealedSecretRow extends Record<string, unknown> {
  id: string;
  webhookId: string;
  keyId: string;
  sealed: Uint8Array;
  /** null: the current one. */
  expiresAt: Date | null;
}

export interface NewSecret {
  readonly id: string;
  readonly webhookId: string;
  readonly keyId: string;
  readonly sealed: Uint8Array;
  /** Of a private key. */
  readonly publicKey: string | null;
}

export async function insertSecret(db: Queryable, secret: NewSecret): Promise<void> {
  await db.query(
    `insert into waybill.webhook_secrets (id, webhook_id, key_id, sealed, public_key)
     values ($1::uuid, $2::uuid, $3::text, $4::bytea, $5::text)`,
    [secret.id, secret.webhookId, secret.keyId, secret.sealed, secret.publicKey],
  );
}

/**
 * Lets no secret there is sign beyond `until`, and forgets those that have had their time. Returns how many
 * still sign.
 */
export async function retireSecrets(
  db: Queryable,
  webhookId: string,
  now: string,
  until: string,
): Promise<number> {
  await db.query(
    'delete from waybill.webhook_secrets where webhook_id = $1::uuid and expires_at <= $2::timestamptz',
    [webhookId, now],
  );
  const { rows } = await db.query(
    `update waybill.webhook_secrets
     set expires_at = least(coalesce(expires_at, 'infinity'), $2::timestamptz)
     where webhook_id = $1::uuid
     returning id`,
    [webhookId, until],
  );
  return rows.length;
}

/** Newest first, so that the current secret signs first. */
export async function readSecrets(db: Queryable, webhookIds: readonly string[]): Promise<SealedSecretRow[]> {
  const { rows } = await db.query<SealedSecretRow>(
    `select id, webhook_id as "webhookId", key_id as "keyId", sealed, expires_at as "expiresAt"
     from waybill.webhook_secrets
     where webhook_id = any($1::uuid[])
     order by webhook_id, id desc`,
    [[...webhookIds]],
  );
  return rows;
}

/** The public keys of those that sign at this moment, newest first. */
export async function readPublicKeys(
  db: Queryable,
  webhookIds: readonly string[],
  now: string,
): Promise<{ webhookId: string; publicKey: string }[]> {
  const { rows } = await db.query<{ webhookId: string; publicKey: string }>(
    `select webhook_id as "webhookId", public_key as "publicKey" from waybill.webhook_secrets
     where webhook_id = any($1::uuid[]) and public_key is not null
       and (expires_at is null or expires_at > $2::timestamptz)
     order by webhook_id, id desc`,
    [[...webhookIds], now],
  );
  return rows;
}

/** The encryption keys that stored secrets were sealed with. */
export async function listEncryptionKeyIds(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ keyId: string }>(
    'select distinct key_id as "keyId" from waybill.webhook_secrets',
  );
  return rows.map((row) => row.keyId);
}

/** Secrets that another key than the given one sealed. */
export async function readSecretsSealedOtherwise(
  db: Queryable,
  keyId: string,
  limit: number,
): Promise<SealedSecretRow[]> {
  const { rows } = await db.query<SealedSecretRow>(
    `select id, webhook_id as "webhookId", key_id as "keyId", sealed, expires_at as "expiresAt"
     from waybill.webhook_secrets where key_id <> $1::text limit $2::integer`,
    [keyId, limit],
  );
  return rows;
}

export async function updateSealed(
  db: Queryable,
  secret: { readonly id: string; readonly keyId: string; readonly sealed: Uint8Array },
): Promise<void> {
  await db.query(
    'update waybill.webhook_secrets set key_id = $2::text, sealed = $3::bytea where id = $1::uuid',
    [secret.id, secret.keyId, secret.sealed],
  );
}
