import type { Queryable } from '../db/database.ts';
import { ofEvent } from './of-event.ts';
import type { ReplayFilter } from './replays.ts';

/** An event that may be sent again. */
export interface ReplayEventRow extends Record<string, unknown> {
  id: string;
  type: string;
  subject: string | null;
  channel: string | null;
  /** JSON. */
  data: string;
  /** Whether its last delivery waits, or is under way. */
  isPending: boolean;
  /** How many events there are up to the limit of the portion, those included that were beyond its bytes. */
  found: number;
}

/** What SQL selects of a portion `one` of rows with their `data` so that it stays within some bytes. */
export function withinBytes(rows: string, maxBytes: string): string {
  return `select id, type, subject, channel, data, "isPending", found
    from (
      select one.*, (count(*) over ())::integer as found,
        sum(octet_length(data)) over (order by id rows unbounded preceding) - octet_length(data) as bytes_before
      from (${rows}) one
    ) one
    where bytes_before < ${maxBytes}
    order by id`;
}

/** Which events are read, and what of them. */
export interface ReplayPortion {
  /** The last one that was looked at; null: from the first. */
  readonly cursor: string | null;
  readonly limit: number;
  /** How many bytes of data at most, if they come with it; the first event comes whatever its size. */
  readonly maxBytes: number;
  /** Whether their data is needed; else it is `null`. */
  readonly withData: boolean;
  /** Whether those are read too that are pending, of whatever status. */
  readonly withPending: boolean;
}

/**
 * The events a filter finds, as far as SQL can tell, after `cursor` and in the order they were published. No test events,
 * which are for one webhook alone; and not those that were missed: `readMissedEvents` finds these.
 *
 * With `withData` also their data, which is `null` else.
 */
export async function readReplayEvents(
  db: Queryable,
  key: { readonly accountId: string; readonly webhookId: string },
  filter: ReplayFilter,
  { cursor, limit, maxBytes, withData, withPending }: ReplayPortion,
): Promise<ReplayEventRow[]> {
  const { rows } = await db.query<ReplayEventRow>(
    withinBytes(
      `select e.id, e.type, e.subject, e.channel, case when $10::boolean then e.data else 'null' end as data,
       coalesce(last.status = 'pending', false) as "isPending"
     from waybill.events e
     left join lateral (
       select d.status from ${ofEvent('e.id')} d
       where d.account_id = e.account_id and d.webhook_id = $2::uuid
       order by d.id desc limit 1
     ) last on true
     where e.account_id = $1::text and not e.is_test
       and e.id >= waybill.uuid_at($3::timestamptz) and e.id < waybill.uuid_at($4::timestamptz)
       and ($5::uuid is null or e.id > $5::uuid)
       and ($6::text is null or e.channel = $6::text)
       and ($7::text is null or e.subject = $7::text)
       and case when last.status = 'pending' then $11::boolean
         else $8::text is null or coalesce(last.status, 'missing') = $8::text end
     order by e.id limit $9::integer`,
      '$12::integer',
    ),
    [
      key.accountId,
      key.webhookId,
      filter.from,
      filter.until,
      cursor,
      filter.channel,
      filter.subject,
      filter.lastStatus,
      limit,
      withData,
      withPending,
      maxBytes,
    ],
  );
  return rows;
}
