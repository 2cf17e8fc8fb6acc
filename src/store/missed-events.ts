import type { Queryable } from '../db/database.ts';
import type { ReplayEventRow, ReplayFilter, ReplayPortion } from './replays.ts';

/**
 * What a webhook has missed since it was last disabled, and hasn't been sent since: events it was sent nothing of, and
 * those whose deliveries were cancelled by disabling it. After `cursor` and in the order they were published. Each kind
 * has its own index, so that all that did arrive isn't walked through. None of them is pending.
 */
export async function readMissedEvents(
  db: Queryable,
  key: { readonly accountId: string; readonly webhookId: string },
  filter: ReplayFilter,
  { cursor, limit, withData }: Omit<ReplayPortion, 'withPending'>,
): Promise<ReplayEventRow[]> {
  const { rows } = await db.query<ReplayEventRow>(
    `with cut_off as (
       select e.id
       from waybill.webhooks w
       -- What is cancelled says so by the clock of the node that did it: a minute for those that differ.
       join waybill.deliveries d on d.webhook_id = w.id and d.status = 'cancelled'
         and d.status_reason = 'webhook_disabled' and d.settled_at >= w.disabled_at - interval '1 minute'
       join waybill.events e on e.account_id = d.account_id and e.id = d.event_id
       where w.id = $2::uuid and d.account_id = $1::text
         and d.event_id >= waybill.uuid_at($3::timestamptz) and d.event_id < waybill.uuid_at($4::timestamptz)
         and ($5::uuid is null or d.event_id > $5::uuid)
         and ($6::text is null or e.channel = $6::text)
         and ($7::text is null or e.subject = $7::text)
         and not exists (
           select from waybill.deliveries later
           where later.event_id = d.event_id and later.account_id = d.account_id
             and later.webhook_id = d.webhook_id and later.id > d.id
         )
       order by d.event_id limit $8::integer
     ),
     never_sent as (
       select e.id
       from waybill.webhooks w
       join waybill.events e on e.account_id = w.account_id and e.id >= waybill.uuid_at(w.missed_since)
       where w.id = $2::uuid and w.account_id = $1::text
         and e.id >= waybill.uuid_at($3::timestamptz) and e.id < waybill.uuid_at($4::timestamptz)
         and ($5::uuid is null or e.id > $5::uuid)
         and ($6::text is null or e.channel = $6::text)
         and ($7::text is null or e.subject = $7::text)
         and not exists (
           select from waybill.deliveries d
           where d.event_id = e.id and d.account_id = e.account_id and d.webhook_id = w.id
         )
       order by e.id limit $8::integer
     )
     select e.id, e.type, e.subject, e.channel, case when $9::boolean then e.data else 'null' end as data,
       false as "isPending"
     from (select id from cut_off union all select id from never_sent order by id limit $8::integer) missed
     join waybill.events e on e.account_id = $1::text and e.id = missed.id
     order by e.id`,
    [
      key.accountId,
      key.webhookId,
      filter.from,
      filter.until,
      cursor,
      filter.channel,
      filter.subject,
      limit,
      withData,
    ],
  );
  return rows;
}
