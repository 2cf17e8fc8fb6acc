import type { Queryable } from '../db/database.ts';
import { DELIVERY_COLUMNS, type DeliveryRow } from './deliveries.ts';
import { backlogged, NONE_BEFORE, type QueueFilter } from './queue-depth.ts';
import type { WebhookStatus } from './webhooks.ts';

/** A delivery that waits, with what of its webhook tells why. */
export interface QueuedDeliveryRow extends DeliveryRow {
  webhookName: string;
  webhookStatus: WebhookStatus;
  webhookPriority: number;
  /** Where in the list it is: microseconds since 1970, and its id. */
  position: string;
}

/**
 * What waits, by when it is due, after a position. Each webhook is asked for its first ones: one with a backlog of millions
 * costs no more than any other.
 */
export async function listQueuedDeliveries(
  db: Queryable,
  filter: QueueFilter,
  after: { readonly dueAtMicros: string; readonly id: string } | null,
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
     select ${DELIVERY_COLUMNS}, d.webhook_name as "webhookName", d.webhook_status as "webhookStatus",
       d.webhook_priority as "webhookPriority",
       (extract(epoch from d.due_at) * 1000000)::bigint || '_' || d.id as position
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
