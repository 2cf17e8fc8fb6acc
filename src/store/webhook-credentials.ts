import type { Queryable } from '../db/database.ts';

export type CredentialKind = 'auth' | 'client_certificate';

export interface SealedCredentialRow extends Record<string, unknown> {
  webhookId: string;
  kind: CredentialKind;
  keyId: string;
  sealed: Uint8Array;
}

export interface NewCredential {
  readonly webhookId: string;
  readonly kind: CredentialKind;
  readonly keyId: string;
  readonly sealed: Uint8Array;
  /** What may be shown of it. */
  readonly view: object;
}

/** Takes the place of the one there is of its kind. */
export async function putCredential(db: Queryable, credential: NewCredential): Promise<void> {
  const { webhookId, kind, keyId, sealed, view } = credential;
  await db.query(
    `insert into waybill.webhook_credentials (webhook_id, kind, key_id, sealed, view)
     values ($1::uuid, $2::text, $3::text, $4::bytea, $5::json)
     on conflict (webhook_id, kind)
       do update set key_id = excluded.key_id, sealed = excluded.sealed, view = excluded.view`,
    [webhookId, kind, keyId, sealed, JSON.stringify(view)],
  );
}

export async function deleteCredentials(
  db: Queryable,
  webhookId: string,
  kinds: readonly CredentialKind[],
): Promise<void> {
  await db.query(
    'delete from waybill.webhook_credentials where webhook_id = $1::uuid and kind = any($2::text[])',
    [webhookId, [...kinds]],
  );
}

export async function readCredentials(
  db: Queryable,
  webhookIds: readonly string[],
): Promise<SealedCredentialRow[]> {
  const { rows } = await db.query<SealedCredentialRow>(
    `select webhook_id as "webhookId", kind, key_id as "keyId", sealed
     from waybill.webhook_credentials where webhook_id = any($1::uuid[])`,
    [[...webhookIds]],
  );
  return rows;
}

export interface CredentialViewRow extends Record<string, unknown> {
  webhookId: string;
  kind: CredentialKind;
  view: object;
}

export async function readCredentialViews(
  db: Queryable,
  webhookIds: readonly string[],
): Promise<CredentialViewRow[]> {
  const { rows } = await db.query<CredentialViewRow>(
    `select webhook_id as "webhookId", kind, view
     from waybill.webhook_credentials where webhook_id = any($1::uuid[])`,
    [[...webhookIds]],
  );
  return rows;
}

/** The encryption keys that stored credentials were sealed with. */
export async function listCredentialKeyIds(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ keyId: string }>(
    'select distinct key_id as "keyId" from waybill.webhook_credentials',
  );
  return rows.map((row) => row.keyId);
}

/** Credentials that another key than the given one sealed. */
export async function readCredentialsSealedOtherwise(
  db: Queryable,
  keyId: string,
  limit: number,
): Promise<SealedCredentialRow[]> {
  const { rows } = await db.query<SealedCredentialRow>(
    `select webhook_id as "webhookId", kind, key_id as "keyId", sealed
     from waybill.webhook_credentials where key_id <> $1::text limit $2::integer`,
    [keyId, limit],
  );
  return rows;
}

/** Writes it sealed anew, unless somebody has set another meanwhile. */
export async function replaceSealedCredential(
  db: Queryable,
  before: SealedCredentialRow,
  after: { readonly keyId: string; readonly sealed: Uint8Array },
): Promise<void> {
  await db.query(
    `update waybill.webhook_credentials set key_id = $4::text, sealed = $5::bytea
     where webhook_id = $1::uuid and kind = $2::text and sealed = $3::bytea`,
    [before.webhookId, before.kind, before.sealed, after.keyId, after.sealed],
  );
}

/** What a credential is sealed with: it can't be opened as another kind, or as that of another webhook. */
export function credentialContext({
  webhookId,
  kind,
}: Pick<SealedCredentialRow, 'webhookId' | 'kind'>): string {
  return `${webhookId} ${kind}`;
}
