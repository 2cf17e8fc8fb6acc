import type { Queryable } from '../db/database.ts';
import { CHANNEL, IDS_PER_PAYLOAD } from './notify.ts';

/** Changes whenever a preset or an event type does. */
export async function readCatalogVersion(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ version: number }>('select version from waybill.catalog_state');
  return rows[0]?.version ?? 0;
}

/**
 * From now until the transaction ends nobody else changes presets or event types, or writes what was held against them.
 * To be taken before any lock of a webhook or an account: whoever holds one of these must not wait for the catalog.
 */
export async function lockCatalog(db: Queryable): Promise<void> {
  await db.query('select from waybill.catalog_state for update');
}

/** Keeps presets and event types as they are until the transaction ends. To be taken in the same order. */
export async function holdCatalog(db: Queryable): Promise<void> {
  await db.query('select from waybill.catalog_state for share');
}

/** Tells all nodes, by and by, that presets or event types have changed. Whoever does it has the catalog's lock. */
export async function touchCatalog(db: Queryable): Promise<void> {
  await db.query('update waybill.catalog_state set version = version + 1');
}

export interface PresetRow extends Record<string, unknown> {
  name: string;
  /** JSON; null: the one that comes along. */
  document: string | null;
}

/** Those imported, the newest first. */
export async function readPresets(db: Queryable): Promise<PresetRow[]> {
  const { rows } = await db.query<PresetRow>(
    'select name, document::text as document from waybill.presets order by imported_at desc, name',
  );
  return rows;
}

/** Adds a preset, or puts it in the place of the one of its name. */
export async function putPreset(db: Queryable, name: string, document: string | null): Promise<void> {
  await db.query(
    `insert into waybill.presets (name, document) values ($1::text, $2::json)
     on conflict (name) do update set document = excluded.document, imported_at = now()`,
    [name, document],
  );
}

export async function deletePreset(db: Queryable, name: string): Promise<boolean> {
  const { rows } = await db.query('delete from waybill.presets where name = $1::text returning name', [name]);
  return rows.length > 0;
}

/** The document of a preset; null: it comes along; undefined: it isn't there. */
export async function findPreset(db: Queryable, name: string): Promise<string | null | undefined> {
  const { rows } = await db.query<{ document: string | null }>(
    'select document::text as document from waybill.presets where name = $1::text',
    [name],
  );
  return rows[0]?.document;
}

/** How many webhooks have the profile of this name, and how many accounts the preset. */
export async function countPresetUses(
  db: Queryable,
  name: string,
): Promise<{ webhooks: number; accounts: number }> {
  const { rows } = await db.query<{ webhooks: number; accounts: number }>(
    `select
       (select count(*)::integer from waybill.webhooks where profile = $1::text and deleted_at is null) as webhooks,
       (select count(*)::integer from waybill.accounts where preset = $1::text) as accounts`,
    [name],
  );
  return rows[0] ?? { webhooks: 0, accounts: 0 };
}

/** How many webhooks that have the profile of this name have chosen by one of its filters. */
export async function countFilterUses(db: Queryable, profile: string, filter: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from waybill.webhooks
     where profile = $1::text and deleted_at is null and filters -> $2::text is not null`,
    [profile, filter],
  );
  return rows[0]?.count ?? 0;
}

/** What of a webhook must agree with its profile. */
export interface ProfiledRow extends Record<string, unknown> {
  id: string;
  accountId: string;
  profile: string;
  payloadVersion: string | null;
  url: string;
  events: string[];
  headers: Record<string, string>;
  /** What may be shown of it; null: there is none. */
  auth: unknown;
}

/** Webhooks that have one of these profiles, by id, those after `after`. */
export async function listWebhooksOfProfiles(
  db: Queryable,
  profiles: readonly string[],
  after: string | null,
  limit: number,
): Promise<ProfiledRow[]> {
  const { rows } = await db.query<ProfiledRow>(
    `select w.id, w.account_id as "accountId", w.profile, w.payload_version as "payloadVersion", w.url, w.events,
       w.headers, c.view as auth
     from waybill.webhooks w
     left join waybill.webhook_credentials c on c.webhook_id = w.id and c.kind = 'auth'
     where w.profile = any($1::text[]) and w.deleted_at is null and ($2::uuid is null or w.id > $2::uuid)
     order by w.id limit $3::integer`,
    [[...profiles], after, limit],
  );
  return rows;
}

/**
 * Marks the webhooks that have one of these profiles as changed, and tells all nodes once it commits. They are locked
 * in one order, whoever does it. Returns which.
 */
export async function touchWebhooksOfProfiles(db: Queryable, profiles: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ ids: string }>(
    `with chosen as (
       select id from waybill.webhooks
       where profile = any($1::text[]) and deleted_at is null
       order by id for update
     ), touched as (
       update waybill.webhooks w set revision = w.revision + 1 from chosen where w.id = chosen.id
       returning w.id
     ), numbered as (
       select id, row_number() over (order by id) as number from touched
     ), told as (
       select string_agg(id::text, ',') as ids from numbered group by (number - 1) / $2::integer
     )
     select ids, pg_notify('${CHANNEL}', 'webhook:' || ids) from told`,
    [[...profiles], IDS_PER_PAYLOAD],
  );
  return rows.flatMap(({ ids }) => ids.split(','));
}
