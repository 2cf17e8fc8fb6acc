import type { Queryable } from '../db/database.ts';

/** Where in what is due for a webhook: that goes by the time it is due since, then by id. */
export interface DuePosition {
  /** As the database writes it, which knows microseconds. */
  readonly dueAt: string;
  readonly id: string;
}

/** How much of what is due for a webhook is looked at: where order is kept, most of it may have to wait. */
export interface Walk {
  readonly webhookId: string;
  /** It begins behind this; undefined: with what has been due for longest. */
  readonly after: DuePosition | undefined;
  /** About how many rows. */
  readonly limit: number;
}

/** A walk whose end is known; undefined: it goes to the end of what is due. */
export interface BoundedWalk extends Walk {
  readonly until: DuePosition | undefined;
}

/** Before all ids. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** For a statement: after which due times and ids, and how many rows. */
function walkValues(walks: readonly Walk[]): [string[], string[], number[]] {
  return [
    walks.map(({ after }) => after?.dueAt ?? '-infinity'),
    walks.map(({ after }) => after?.id ?? NO_ID),
    walks.map(({ limit }) => limit),
  ];
}

/** The same, and up to which due times and ids, if they end there. */
export function boundedWalkValues(
  walks: readonly BoundedWalk[],
): [string[], string[], number[], (string | null)[], (string | null)[]] {
  return [
    ...walkValues(walks),
    walks.map(({ until }) => until?.dueAt ?? null),
    walks.map(({ until }) => until?.id ?? null),
  ];
}

/**
 * Where these walks end that don't come to the end of what is due. Those that do are missing. It is to be known before what
 * is due is read: rows that are settled in between would have the end lie behind some that nobody has looked at.
 */
export async function findWalkEnds(
  db: Queryable,
  walks: readonly Walk[],
  now: string,
): Promise<ReadonlyMap<string, DuePosition>> {
  const { rows } = await db.query<{ webhookId: string; dueAt: string; id: string }>(
    `select walk.webhook_id as "webhookId", last.due_at::text as "dueAt", last.id
     from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::integer[])
       as walk (webhook_id, after_due_at, after_id, rows)
     cross join lateral (
       select due_at, id from waybill.deliveries
       where webhook_id = walk.webhook_id and status = 'pending' and due_at <= $5::timestamptz
         and (due_at, id) > (walk.after_due_at, walk.after_id)
       order by due_at, id
       offset walk.rows - 1 limit 1
     ) last`,
    [walks.map(({ webhookId }) => webhookId), ...walkValues(walks), now],
  );
  return new Map(rows.map(({ webhookId, ...position }) => [webhookId, position]));
}
