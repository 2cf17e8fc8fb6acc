import type { Queryable } from '../db/database.ts';

/** The sample of an event type of the catalog, as JSON text. */
export async function findSample(db: Queryable, name: string): Promise<string | undefined> {
  const { rows } = await db.query<{ sample: string | null }>(
    'select sample::text as sample from waybill.event_types where name = $1::text',
    [name],
  );
  return rows[0]?.sample ?? undefined;
}
