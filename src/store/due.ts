import type { Queryable } from '../db/database.ts';
import { type BoundedWalk, boundedWalkValues } from './due-walk.ts';

/** A delivery that may be attempted now, with all of its event that sending needs. */
export interface DueRow extends Record<string, unknown> {
  webhookId: string;
  deliveryId: string;
  accountId: string;
  attempts: number;
  tries: number;
  round: number;
  orderKey: string | null;
  uniqueKey: string | null;
  /** null: as its webhook says. */
  priority: number | null;
  dueAt: Date;
  batchId: string | null;
  eventId: string;
  type: string;
  subject: string | null;
  channel: string | null;
  version: string | null;
  occurredAt: Date;
  data: string;
}

export interface Wanted extends BoundedWalk {
  /** Of the webhook: what has a higher one of its own is read first. */
  readonly priority: number;
  /** How many bytes of event data at most; the first row comes whatever its size. */
  readonly maxBytes: number;
}

/**
 * How many there may be of those with a higher priority than their webhook. What has waited for longest must be in memory, or
 * its turn could never come.
 */
export function raisedLimit(limit: number): number {
  return Math.max(limit - 1 - Math.floor(limit / 16), 1);
}

/** Of a delivery `d` and its event `e` all that sending needs, but for its data and its times. */
const DUE_COLUMNS = `d.id as "deliveryId", d.account_id as "accountId", d.attempts, d.tries, d.round,
  d.order_key as "orderKey", d.unique_key as "uniqueKey", d.priority, d.batch_id as "batchId",
  d.event_id as "eventId", e.type, e.subject, e.channel, e.version, e.occurred_at as "occurredAt"`;
/** Of what must keep its order only the first that waits, be it due or not. */
const FIRST_OF_ITS_KEY = `(order_key is null or not exists (
  select from waybill.deliveries earlier
  where earlier.webhook_id = one.webhook_id and earlier.status = 'pending'
    and earlier.order_key = one.order_key and earlier.id < one.id
))`;
/** Nothing of the batches that are to be left. */
const NOT_WITHOUT = '(batch_id is null or batch_id <> all($10::uuid[]))';

/**
 * What is due for each of the given webhooks: what has a higher priority than its webhook first, then the oldest. Each
 * webhook is asked for on its own, along its own index and no further than it may walk, so that one with a backlog of
 * millions takes nothing from the others.
 *
 * @param without nothing of these batches
 */
export async function loadDue(
  db: Queryable,
  wanted: readonly Wanted[],
  now: string,
  without: readonly string[],
): Promise<DueRow[]> {
  const { rows } = await db.query<DueRow>(
    `select wanted.webhook_id as "webhookId", due.*, due.due_at as "dueAt"
     from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::integer[], $5::timestamptz[], $6::uuid[], $7::integer[], $8::smallint[],
         $11::integer[])
       as wanted (webhook_id, after_due_at, after_id, room, until_due_at, until_id, max_bytes, priority, room_of_raised)
     cross join lateral (
       select one.* from (
         select ${DUE_COLUMNS}, e.data, d.due_at, d.raised_to,
           sum(octet_length(e.data)) over (order by d.raised_to desc, d.due_at, d.id rows unbounded preceding)
             - octet_length(e.data) as bytes_before
         from (
           (select one.*, priority as raised_to from waybill.deliveries one
            where webhook_id = wanted.webhook_id and status = 'pending' and due_at <= $9::timestamptz
              and priority > wanted.priority and ${FIRST_OF_ITS_KEY} and ${NOT_WITHOUT}
            order by priority desc, due_at, id
            limit wanted.room_of_raised)
           union all
           (select one.*, -1 from (
              select * from waybill.deliveries
              where webhook_id = wanted.webhook_id and status = 'pending' and due_at <= $9::timestamptz
                and (due_at, id) > (wanted.after_due_at, wanted.after_id)
                and (wanted.until_id is null or (due_at, id) <= (wanted.until_due_at, wanted.until_id))
              order by due_at, id
              limit case when wanted.until_id is null then wanted.room end
            ) one
            where (priority is null or priority <= wanted.priority) and ${FIRST_OF_ITS_KEY} and ${NOT_WITHOUT})
           order by raised_to desc, due_at, id
           limit wanted.room
         ) d
         join waybill.events e on e.account_id = d.account_id and e.id = d.event_id
       ) one
       where one.bytes_before < wanted.max_bytes
     ) due
     order by due.raised_to desc, due.due_at, due."deliveryId"`,
    [
      wanted.map((one) => one.webhookId),
      ...boundedWalkValues(wanted),
      wanted.map((one) => one.maxBytes),
      wanted.map((one) => one.priority),
      now,
      [...without],
      wanted.map(({ limit }) => raisedLimit(limit)),
    ],
  );
  return rows;
}

/** What must keep its order: of one webhook, what has this key. */
export interface OrderKey {
  readonly webhookId: string;
  readonly orderKey: string;
}

/**
 * Of each key the first delivery that waits, be it due or not. That takes one look into an index, however many wait behind.
 *
 * @param maxBytes of event data in all; the first row comes whatever its size. Beyond that rows are missing
 */
export async function loadFirstOfKeys(
  db: Queryable,
  keys: readonly OrderKey[],
  maxBytes: number,
): Promise<DueRow[]> {
  const { rows } = await db.query<DueRow>(
    `select * from (
       select d.webhook_id as "webhookId", ${DUE_COLUMNS}, d.due_at as "dueAt", e.data,
         sum(octet_length(e.data)) over (order by d.id rows unbounded preceding) - octet_length(e.data) as bytes_before
       from unnest($1::uuid[], $2::text[]) as wanted (webhook_id, order_key)
       cross join lateral (
         select one.* from waybill.deliveries one
         where one.webhook_id = wanted.webhook_id and one.order_key = wanted.order_key and one.status = 'pending'
         order by one.id limit 1
       ) d
       join waybill.events e on e.account_id = d.account_id and e.id = d.event_id
     ) one
     where one.bytes_before < $3::integer
     order by one."deliveryId"`,
    [keys.map(({ webhookId }) => webhookId), keys.map(({ orderKey }) => orderKey), maxBytes],
  );
  return rows;
}

/** What else belongs to a batch of which something is due. */
export interface RestRow extends DueRow {
  /** Whether nothing outside of its batch has to go before it. */
  isFirst: boolean;
}

/**
 * What else is pending of the batches that some of what is due belongs to.
 *
 * @param parts that were read
 */
export async function loadRestOfBatches(
  db: Queryable,
  parts: readonly Pick<DueRow, 'webhookId' | 'deliveryId' | 'batchId'>[],
): Promise<RestRow[]> {
  const { rows } = await db.query<RestRow>(
    `select d.webhook_id as "webhookId", ${DUE_COLUMNS}, d.due_at as "dueAt", e.data,
       (d.order_key is null or not exists (
         select from waybill.deliveries earlier
         where earlier.webhook_id = d.webhook_id and earlier.status = 'pending'
           and earlier.order_key = d.order_key and earlier.id < d.id
           and earlier.batch_id is distinct from d.batch_id
       )) as "isFirst"
     from waybill.deliveries d
     join waybill.events e on e.account_id = d.account_id and e.id = d.event_id
     where d.batch_id = any($1::uuid[]) and d.webhook_id = any($2::uuid[]) and d.status = 'pending'
       and d.id <> all($3::uuid[])
     order by d.due_at, d.id`,
    [
      [...new Set(parts.map(({ batchId }) => batchId))],
      [...new Set(parts.map(({ webhookId }) => webhookId))],
      parts.map(({ deliveryId }) => deliveryId),
    ],
  );
  return rows;
}

/** Which of these deliveries another one has taken the place of. That is for good. */
export async function findSuperseded(
  db: Queryable,
  deliveries: readonly { readonly accountId: string; readonly id: string }[],
): Promise<ReadonlySet<string>> {
  const ids = deliveries.map(({ id }) => id);
  const sorted = ids.toSorted();
  const { rows } = await db.query<{ id: string }>(
    `select d.id
     from unnest($1::text[], $2::uuid[]) as asked (account_id, id)
     join waybill.deliveries d on d.account_id = asked.account_id and d.id = asked.id
     where d.superseded_by is not null and d.id between $3::uuid and $4::uuid`,
    [deliveries.map(({ accountId }) => accountId), ids, sorted[0], sorted.at(-1)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The revisions of webhooks that are active now; whichever is missing must not be sent to. */
export async function readRevisions(
  db: Queryable,
  webhookIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ id: string; revision: number }>(
    `select id, revision from waybill.webhooks
     where id = any($1::uuid[]) and status = 'active' and deleted_at is null`,
    [[...webhookIds]],
  );
  return new Map(rows.map((row) => [row.id, row.revision]));
}
