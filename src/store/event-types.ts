import type { Queryable } from '../db/database.ts';

export interface EventTypeRow extends Record<string, unknown> {
  name: string;
  /** JSON. */
  document: string;
}

/** The platform's own event types, by name. */
export async function readEventTypes(db: Queryable): Promise<EventTypeRow[]> {
  const { rows } = await db.query<EventTypeRow>(
    'select name, document::text as document from waybill.event_types order by name',
  );
  return rows;
}

/** Adds an event type, or puts it in the place of the one of its name. */
export async function putEventType(db: Queryable, name: string, document: string): Promise<void> {
  await db.query(
    `insert into waybill.event_types (name, document) values ($1::text, $2::json)
     on conflict (name) do update set document = excluded.document, updated_at = now()`,
    [name, document],
  );
}

export async function deleteEventType(db: Queryable, name: string): Promise<boolean> {
  const { rows } = await db.query('delete from waybill.event_types where name = $1::text returning name', [
    name,
  ]);
  return rows.length > 0;
}
