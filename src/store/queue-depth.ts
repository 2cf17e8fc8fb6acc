import type { Queryable } from '../db/database.ts';

/** Whose queues are asked for; null: everybody's, all of them. */
export interface QueueFilter {
  readonly accountId: string | null;
  readonly webhookId: string | null;
  readonly priority: number | null;
}

/** More of one webhook, and of all in a total, isn't counted: a backlog of millions must not make this slow. */
export const MAX_COUNTED_OF_WEBHOOK = 10_000;
export const MAX_COUNTED = 100_000;

export const NONE_BEFORE = '00000000-0000-0000-0000-000000000000';

/**
 * SQL of the webhooks that have anything pending, after $1, as `backlogged (id)`. Of all webhooks the index of what is due
 * is asked for one after the other, each time for the next one: the others aren't looked at, however many there are. $2
 * and $3 are the account and the webhook.
 */
export function backlogged({ accountId, webhookId }: QueueFilter): string {
  if (accountId === null && webhookId === null) {
    return `with recursive backlogged as (
      (select d.webhook_id as id from waybill.deliveries d
       where d.status = 'pending' and d.webhook_id > $1::uuid order by d.webhook_id limit 1)
      union all
      select next.id from backlogged b cross join lateral (
        select d.webhook_id as id from waybill.deliveries d
        where d.status = 'pending' and d.webhook_id > b.id order by d.webhook_id limit 1
      ) next
      where $2::text is null and $3::uuid is null
    )`;
  }
  return `with backlogged as (
    select w.id from waybill.webhooks w
    where w.id > $1::uuid and ($2::text is null or w.account_id = $2::text) and ($3::uuid is null or w.id = $3::uuid)
      and exists (select from waybill.deliveries d where d.webhook_id = w.id and d.status = 'pending')
  )`;
}

export interface QueueDepthRow extends Record<string, unknown> {
  id: string;
  accountId: string;
  status: 'active' | 'paused' | 'disabled';
  priority: number;
  lane: number;
  /** One more than the bound: there are more. */
  pending: number;
  /** All of them if it isn't active, when none is due. */
  held: number;
  due: number;
  oldestDueAt: Date | null;
}

/** The queues of webhooks that have anything pending, by id, those after `after`. */
export async function listQueueDepths(
  db: Queryable,
  filter: QueueFilter,
  now: string,
  after: string | null,
  limit: number,
): Promise<QueueDepthRow[]> {
  const { rows } = await db.query<QueueDepthRow>(
    `${backlogged(filter)}
     select w.id, w.account_id as "accountId", w.status, w.priority, w.lane, depth.*,
       case when w.status = 'active' then 0 else depth.pending end as held
     from (
       select w.* from backlogged b
       join waybill.webhooks w on w.id = b.id and w.deleted_at is null
       where $4::smallint is null or w.priority = $4::smallint
       order by w.id limit $6::integer
     ) w
     cross join lateral (
       select count(*)::integer as pending,
         (count(*) filter (where d.due_at <= $5::timestamptz and w.status = 'active'))::integer as due,
         min(d.due_at) filter (where d.due_at <= $5::timestamptz and w.status = 'active') as "oldestDueAt"
       from (
         select due_at from waybill.deliveries
         where webhook_id = w.id and status = 'pending'
         order by due_at limit ${MAX_COUNTED_OF_WEBHOOK + 1}
       ) d
     ) depth
     order by w.id`,
    [after ?? NONE_BEFORE, filter.accountId, filter.webhookId, filter.priority, now, limit],
  );
  return rows;
}

export interface PriorityDepthRow extends Record<string, unknown> {
  priority: number;
  pending: number;
  /** Of these, those of webhooks that aren't active, which are never due. */
  held: number;
  due: number;
  oldestDueAt: Date | null;
  /** Whether a webhook has more than is counted of one. */
  hasMore: boolean;
}

/** The same for each priority. What is oldest is exact, whatever is counted. */
export async function readPriorityDepths(
  db: Queryable,
  filter: QueueFilter,
  now: string,
): Promise<PriorityDepthRow[]> {
  const { rows } = await db.query<PriorityDepthRow>(
    `${backlogged(filter)},
     wanted as materialized (
       select w.id, w.priority, w.status = 'active' as active, first.due_at
       from backlogged b
       join waybill.webhooks w on w.id = b.id and w.deleted_at is null
       cross join lateral (
         select d.due_at from waybill.deliveries d
         where d.webhook_id = w.id and d.status = 'pending' order by d.due_at limit 1
       ) first
       where $4::smallint is null or w.priority = $4::smallint
     ),
     counted as (
       select id, count(*) as pending, count(*) filter (where due_at <= $5::timestamptz) as due
       from (
         select w.id, d.due_at
         from wanted w
         cross join lateral (
           select due_at from waybill.deliveries
           where webhook_id = w.id and status = 'pending'
           order by due_at limit ${MAX_COUNTED_OF_WEBHOOK + 1}
         ) d
         limit ${MAX_COUNTED + 1}
       ) bounded
       group by id
     )
     select w.priority, coalesce(sum(c.pending), 0)::integer as pending,
       coalesce(sum(c.pending) filter (where not w.active), 0)::integer as held,
       coalesce(sum(c.due) filter (where w.active), 0)::integer as due,
       min(w.due_at) filter (where w.active and w.due_at <= $5::timestamptz) as "oldestDueAt",
       coalesce(bool_or(c.pending > ${MAX_COUNTED_OF_WEBHOOK}), false) as "hasMore"
     from wanted w left join counted c on c.id = w.id
     group by w.priority order by w.priority desc`,
    [NONE_BEFORE, filter.accountId, filter.webhookId, filter.priority, now],
  );
  return rows;
}
