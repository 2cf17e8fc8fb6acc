import type { Queryable } from '../db/database.ts';

/** Changes whenever a preset or an event type does. */
export async function readCatalogVersion(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ version: number }>('select version from waybill.catalog_state');
  return rows[0]?.version ?? 0;
}

/** Tells all nodes, by and by, that presets or event types have changed. Until it commits, nobody else changes them. */
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

/** Keeps a preset of the platform's own from being deleted until the transaction ends. Returns whether it is there. */
export async function holdPreset(db: Queryable, name: string): Promise<boolean> {
  const { rows } = await db.query(
    'select from waybill.presets where name = $1::text and document is not null for key share',
    [name],
  );
  return rows.length > 0;
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

/** Marks the webhooks that have one of these profiles as changed, for whoever sends to them. Returns which. */
export async function touchWebhooksOfProfiles(db: Queryable, profiles: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `update waybill.webhooks set revision = revision + 1
     where profile = any($1::text[]) and deleted_at is null
     returning id`,
    [[...profiles]],
  );
  return rows.map(({ id }) => id);
}
