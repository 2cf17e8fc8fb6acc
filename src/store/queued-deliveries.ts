import type { Queryable } from '../db/database.ts';
import { DELIVERY_COLUMNS, type DeliveryRow } from './deliveries.ts';
import { backlogged, NONE_BEFORE, type QueueFilter } from './queue-depth.ts';
import type { WebhookStatus } from './webhooks.ts';

/** A delivery that waits, with what of its webhook tells why. */
export interface QueuedDeliveryRow extends DeliveryRow {
  webhookName: string;
  webhookStatus: WebhookStatus;
  webhookPriority: number;
  /** Where in the list it is: what the list is sorted by, joined by underscores. */
  position: string;
}

/** The end of a page by due time. */
export interface AfterDue {
  readonly dueAtMicros: string;
  readonly id: string;
}

/** The end of a page by priority. */
export interface AfterPriority extends AfterDue {
  readonly held: boolean;
  readonly priority: number;
}

const OF_WEBHOOK = `d.webhook_name as "webhookName", d.webhook_status as "webhookStatus",
  d.webhook_priority as "webhookPriority"`;

/** SQL of where a row is in a list by due time: microseconds since 1970, and its id. */
const DUE_POSITION = `(extract(epoch from d.due_at) * 1000000)::bigint || '_' || d.id`;

/**
 * What waits, by when it is due, after a position. Each webhook is asked for its first ones: one with a backlog of millions
 * costs no more than any other.
 */
export async function listQueuedDeliveries(
  db: Queryable,
  filter: QueueFilter,
  after: AfterDue | null,
  limit: number,
): Promise<QueuedDeliveryRow[]> {
  const { rows } = await db.query<QueuedDeliveryRow>(
    `${backlogged(filter)},
     first as materialized (
       select d.*, w.name as webhook_name, w.status as webhook_status, w.priority as webhook_priority
       from backlogged b
       join waybill.webhooks w on w.id = b.id and w.deleted_at is null
       cross join lateral (
         select * from waybill.deliveries
         where webhook_id = w.id and status = 'pending'
           and ($5::text is null
             or (due_at, id) > (timestamptz 'epoch' + $5::bigint * interval '1 microsecond', $6::uuid))
           and ($4::smallint is null or coalesce(priority, w.priority) = $4::smallint)
         order by due_at, id limit $7::integer
       ) d
       where $4::smallint is null or w.priority = $4::smallint or exists (
         select from waybill.deliveries own
         where own.webhook_id = w.id and own.status = 'pending' and own.priority = $4::smallint
       )
       order by d.due_at, d.id limit $7::integer
     )
     select ${DELIVERY_COLUMNS}, ${OF_WEBHOOK}, ${DUE_POSITION} as position
     from first d
     join waybill.events e on e.account_id = d.account_id and e.id = d.event_id
     order by d.due_at, d.id`,
    [
      NONE_BEFORE,
      filter.accountId,
      filter.webhookId,
      filter.priority,
      after?.dueAtMicros ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  return rows;
}

/**
 * What waits, by priority and then by when it is due, after a position; what is held by its webhook comes behind the rest.
 * Each webhook is asked for its first ones with its own priority, which are in the order of the index, and for its first
 * ones with another.
 */
export async function listQueuedByPriority(
  db: Queryable,
  filter: QueueFilter,
  after: AfterPriority | null,
  limit: number,
): Promise<QueuedDeliveryRow[]> {
  const { rows } = await db.query<QueuedDeliveryRow>(
    `${backlogged(filter)},
     wanted as materialized (
       select w.*, w.status <> 'active' as held,
         case when (w.status <> 'active', w.priority) = ($5::boolean, $6::smallint)
           then timestamptz 'epoch' + $7::bigint * interval '1 microsecond' else '-infinity' end as after_due_at,
         case when (w.status <> 'active', w.priority) = ($5::boolean, $6::smallint)
           then $8::uuid else $1::uuid end as after_id
       from backlogged b
       join waybill.webhooks w on w.id = b.id and w.deleted_at is null
     ),
     first as materialized (
       select d.*, w.name as webhook_name, w.status as webhook_status, w.priority as webhook_priority, w.held
       from wanted w
       cross join lateral (
         (select *, w.priority as goes_with from waybill.deliveries
          where webhook_id = w.id and status = 'pending' and priority is null
            and ($4::smallint is null or w.priority = $4::smallint)
            and ($5::boolean is null or (w.held, -w.priority) >= ($5::boolean, -$6::smallint))
            and (due_at, id) > (w.after_due_at, w.after_id)
          order by due_at, id limit $9::integer)
         union all
         (select *, priority as goes_with from waybill.deliveries
          where webhook_id = w.id and status = 'pending' and priority is not null
            and ($4::smallint is null or priority = $4::smallint)
            and ($5::boolean is null or (w.held, -priority, due_at, id)
              > ($5::boolean, -$6::smallint, timestamptz 'epoch' + $7::bigint * interval '1 microsecond', $8::uuid))
          order by priority desc, due_at, id limit $9::integer)
       ) d
       order by w.held, d.goes_with desc, d.due_at, d.id limit $9::integer
     )
     select ${DELIVERY_COLUMNS}, ${OF_WEBHOOK},
       d.held::integer || '_' || d.goes_with || '_' || ${DUE_POSITION} as position
     from first d
     join waybill.events e on e.account_id = d.account_id and e.id = d.event_id
     order by d.held, d.goes_with desc, d.due_at, d.id`,
    [
      NONE_BEFORE,
      filter.accountId,
      filter.webhookId,
      filter.priority,
      after?.held ?? null,
      after?.priority ?? null,
      after?.dueAtMicros ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  return rows;
}
