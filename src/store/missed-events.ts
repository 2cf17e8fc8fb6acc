import type { Queryable } from '../db/database.ts';
import { ofEvent } from './of-event.ts';
import { type ReplayEventRow, type ReplayPortion, withinBytes } from './replay-events.ts';
import type { ReplayFilter } from './replays.ts';

/**
 * What a webhook has missed since it was disabled, and was neither sent nor has declined since: events it was sent
 * nothing of, and those whose deliveries were cancelled by disabling it. Not test events, which are for one webhook alone.
 * After `cursor` and in the order they were published. Each kind has its own index, so that all that did arrive isn't
 * walked through. None of them is pending. With `withData` also their data, which is
 * `null` else.
 */
export async function readMissedEvents(
  db: Queryable,
  key: { readonly accountId: string; readonly webhookId: string },
  filter: ReplayFilter,
  { cursor, limit, maxBytes, withData }: Omit<ReplayPortion, 'withPending'>,
): Promise<ReplayEventRow[]> {
  const { rows } = await db.query<ReplayEventRow>(
    `with cut_off as (
       select e.id
       from waybill.webhooks w
       join waybill.deliveries d on d.webhook_id = w.id and d.status = 'cancelled'
         and d.status_reason = 'webhook_disabled'
         and d.settled_at >= coalesce(w.cut_off_since, w.disabled_at - interval '1 minute')
       join waybill.events e on e.account_id = d.account_id and e.id = d.event_id and not e.is_test
       where w.id = $2::uuid and d.account_id = $1::text and w.missed_done_of is distinct from w.disabled_at
         and d.event_id >= waybill.uuid_at($3::timestamptz) and d.event_id < waybill.uuid_at($4::timestamptz)
         and ($5::uuid is null or d.event_id > $5::uuid)
         and ($6::text is null or e.channel = $6::text)
         and ($7::text is null or e.subject = $7::text)
         and not exists (
           select from ${ofEvent('d.event_id')} later
           where later.account_id = d.account_id and later.webhook_id = d.webhook_id and later.id > d.id
         )
       order by d.event_id limit $8::integer
     ),
     never_sent as (
       select missed.id
       from waybill.webhooks w
       cross join lateral unnest(
         -- A node of an earlier version has disabled it, which knows of no spans.
         case when w.status = 'disabled' and not upper_inf(w.missed_spans)
           then w.missed_spans + tstzmultirange(tstzrange(w.missed_since, null)) else w.missed_spans end
       ) as span
       -- Of each span for itself, or all that was published since ever is looked up before it is held to be of none.
       cross join lateral (
         select e.id from waybill.events e
         where e.account_id = $1::text and not e.is_test
           and e.id >= waybill.uuid_at(lower(span)) and (upper_inf(span) or e.id < waybill.uuid_at(upper(span)))
           and e.id >= waybill.uuid_at($3::timestamptz) and e.id < waybill.uuid_at($4::timestamptz)
           and ($5::uuid is null or e.id > $5::uuid)
           and ($6::text is null or e.channel = $6::text)
           and ($7::text is null or e.subject = $7::text)
           and not exists (
             select from ${ofEvent('e.id')} d
             where d.account_id = e.account_id and d.webhook_id = $2::uuid
           )
         order by e.id limit $8::integer
       ) missed
       where w.id = $2::uuid and w.account_id = $1::text and w.missed_done_of is distinct from w.disabled_at
       order by missed.id limit $8::integer
     )
     ${withinBytes(
       `select e.*, false as "isPending"
       from (select id from cut_off union all select id from never_sent order by id limit $8::integer) missed
       -- Each by its id, or those of the whole account are read.
       cross join lateral (
         select id, type, subject, channel, case when $9::boolean then data else 'null' end as data
         from waybill.events where account_id = $1::text and id = missed.id offset 0
       ) e`,
       '$10::integer',
     )}`,
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
      maxBytes,
    ],
  );
  return rows;
}

/**
 * Nothing that a webhook has missed until now is missed any more. While it is disabled it goes on missing what comes.
 *
 * @param disabledAt does nothing if the webhook was disabled last at another time; null: whenever that was
 * @param at now, ISO 8601
 */
export async function forgetMissed(
  db: Queryable,
  webhookId: string,
  disabledAt: string | null,
  at: string,
): Promise<void> {
  await db.query(
    `update waybill.webhooks
     set missed_since = now(), cut_off_since = $3::timestamptz,
       missed_spans = case when status = 'disabled' then tstzmultirange(tstzrange(now(), null)) else '{}' end,
       missed_done_of = case when status <> 'disabled' then disabled_at end
     where id = $1::uuid and disabled_at is not null
       and ($2::timestamptz is null or disabled_at = $2::timestamptz)`,
    [webhookId, disabledAt, at],
  );
}
