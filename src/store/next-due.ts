import type { Queryable } from '../db/database.ts';

export interface NextDueRow extends Record<string, unknown> {
  webhookId: string;
  /** Milliseconds since 1970. */
  nextDueAt: number;
}

/** The active webhooks of these lanes that have anything pending, and when the first of it is due. */
export async function findBacklogs(db: Queryable, lanes: readonly number[]): Promise<NextDueRow[]> {
  const everything = { after: '-infinity', untriedAfter: '-infinity' };
  return nextDue(db, 'w.lane = any($1::smallint[])', [...lanes], everything);
}

/** Which due times count, ISO 8601: all after `after`, but of deliveries never tried only those after `untriedAfter`. */
export interface DueRange {
  readonly after: string;
  readonly untriedAfter: string;
}

/** When each of the given webhooks has something due next; those that have nothing are missing. */
export async function findNextDue(
  db: Queryable,
  webhookIds: readonly string[],
  range: DueRange,
): Promise<NextDueRow[]> {
  return nextDue(db, 'w.id = any($1::uuid[])', [...webhookIds], range);
}

async function nextDue(
  db: Queryable,
  which: string,
  value: unknown[],
  range: DueRange,
): Promise<NextDueRow[]> {
  const { rows } = await db.query<NextDueRow>(
    `select w.id as "webhookId",
       (extract(epoch from first.due_at) * 1000)::float8 as "nextDueAt"
     from waybill.webhooks w
     cross join lateral (
       select d.due_at from waybill.deliveries d
       where d.webhook_id = w.id and d.status = 'pending' and d.due_at > $2::timestamptz
         and (d.tries > 0 or d.due_at > $3::timestamptz)
       order by d.due_at limit 1
     ) first
     where ${which} and w.status = 'active' and w.deleted_at is null`,
    [value, range.after, range.untriedAfter],
  );
  return rows;
}
