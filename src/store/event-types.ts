import type { Queryable } from '../db/database.ts';

export interface EventTypeRow extends Record<string, unknown> {
  /** Which it belongs to; null: that of the instance, whichever it is. */
  preset: string | null;
  name: string;
  /** JSON. */
  document: string;
}

/** The platform's own event types, by name. */
export async function readEventTypes(db: Queryable): Promise<EventTypeRow[]> {
  const { rows } = await db.query<EventTypeRow>(
    'select preset, name, document::text as document from waybill.event_types order by name, preset',
  );
  return rows;
}

/** Adds an event type, or puts it in the place of the one of its name and preset. */
export async function putEventType(
  db: Queryable,
  { preset, name, document }: Pick<EventTypeRow, 'preset' | 'name' | 'document'>,
): Promise<void> {
  await db.query(
    `insert into waybill.event_types (preset, name, document) values ($1::text, $2::text, $3::json)
     on conflict (preset, name) do update set document = excluded.document, updated_at = now()`,
    [preset, name, document],
  );
}

/** Deletes those of this name of all these presets. Returns whether there was any. */
export async function deleteEventType(
  db: Queryable,
  presets: readonly (string | null)[],
  name: string,
): Promise<boolean> {
  const { rows } = await db.query(
    `delete from waybill.event_types
     where name = $2::text and coalesce(preset, '') = any($1::text[])
     returning name`,
    [presets.map((preset) => preset ?? ''), name],
  );
  return rows.length > 0;
}

export interface DeprecationRow extends Record<string, unknown> {
  preset: string;
  name: string;
  /** false: it is in use, whatever its preset says. */
  deprecated: boolean;
}

/** What the platform has said of event types that stand in the documents of presets. */
export async function readDeprecations(db: Queryable): Promise<DeprecationRow[]> {
  const { rows } = await db.query<DeprecationRow>(
    'select preset, name, deprecated from waybill.event_type_deprecations order by preset, name',
  );
  return rows;
}

export async function putDeprecation(
  db: Queryable,
  { preset, name, deprecated }: Pick<DeprecationRow, 'preset' | 'name' | 'deprecated'>,
): Promise<void> {
  await db.query(
    `insert into waybill.event_type_deprecations (preset, name, deprecated)
     values ($1::text, $2::text, $3::boolean)
     on conflict (preset, name) do update set deprecated = excluded.deprecated`,
    [preset, name, deprecated],
  );
}

/** Forgets all that the platform has said of a preset's event types, and those of its own that belong to it. */
export async function forgetEventTypesOf(db: Queryable, preset: string): Promise<void> {
  await db.query(
    `with marks as (delete from waybill.event_type_deprecations where preset = $1::text)
     delete from waybill.event_types where preset = $1::text`,
    [preset],
  );
}
