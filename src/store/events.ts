import type { Queryable } from '../db/database.ts';
import type { NewEvent } from './enqueue.ts';

export interface EventRow extends Record<string, unknown> {
  id: string;
  accountId: string;
  type: string;
  subject: string | null;
  channel: string | null;
  version: string | null;
  occurredAt: Date;
  receivedAt: Date;
  /** JSON as published. */
  data: string;
  /** What it breaks of its schema. */
  warnings:
    | { path: string; rule: string; message: string; params?: Readonly<Record<string, string | number>> }[]
    | null;
  deliveries: number;
  /** Made to try one webhook. */
  isTest: boolean;
}

export interface EventFilter {
  readonly type: string | null;
  readonly subject: string | null;
  readonly channel: string | null;
  /** When it was received: from this moment on, and before that one. ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
}

const COLUMNS = `e.id, e.account_id as "accountId", e.type, e.subject, e.channel, e.version,
  e.occurred_at as "occurredAt", e.received_at as "receivedAt", e.data, e.warnings,
  e.is_test as "isTest",
  (select count(*)::integer from waybill.deliveries d
   where d.event_id = e.id and d.account_id = e.account_id) as deliveries`;

export async function findEvent(db: Queryable, accountId: string, id: string): Promise<EventRow | undefined> {
  const { rows } = await db.query<EventRow>(
    `select ${COLUMNS} from waybill.events e where e.account_id = $1::text and e.id = $2::uuid`,
    [accountId, id],
  );
  return rows[0];
}

/** Newest first, those before `before`. */
export async function listEvents(
  db: Queryable,
  accountId: string,
  filter: EventFilter,
  before: string | null,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await db.query<EventRow>(
    `select ${COLUMNS} from waybill.events e
     where e.account_id = $1::text
       and ($2::uuid is null or e.id < $2::uuid)
       and ($3::text is null or e.type = $3::text)
       and ($4::text is null or e.subject = $4::text)
       and ($5::text is null or e.channel = $5::text)
       and ($6::timestamptz is null or e.id >= waybill.uuid_at($6::timestamptz))
       and ($7::timestamptz is null or e.id < waybill.uuid_at($7::timestamptz))
     order by e.id desc limit $8::integer`,
    [accountId, before, filter.type, filter.subject, filter.channel, filter.from, filter.to, limit],
  );
  return rows;
}

/** Those of these that are there, in any order. */
export async function findEvents(
  db: Queryable,
  accountId: string,
  ids: readonly string[],
): Promise<EventRow[]> {
  const { rows } = await db.query<EventRow>(
    `select ${COLUMNS} from waybill.events e where e.account_id = $1::text and e.id = any($2::uuid[])`,
    [accountId, [...ids]],
  );
  return rows;
}

/** An event made to try one webhook: no subscription is asked about it. */
export async function insertTestEvent(db: Queryable, event: NewEvent, receivedAt: string): Promise<void> {
  await db.query(
    `insert into waybill.events
       (id, account_id, type, subject, channel, version, occurred_at, received_at, data, is_test)
     values ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::timestamptz, $8::timestamptz, $9::text,
       true)`,
    [
      event.id,
      event.accountId,
      event.type,
      event.subject,
      event.channel,
      event.version,
      event.occurredAt,
      receivedAt,
      event.data,
    ],
  );
}

/** How many events came, in spans of `stepSeconds`. An id is time, so the key of the table is enough to tell. */
export async function countEvents(
  db: Queryable,
  accountId: string,
  {
    from,
    until,
    stepSeconds,
  }: { readonly from: string; readonly until: string; readonly stepSeconds: number },
): Promise<{ at: Date; events: number }[]> {
  const { rows } = await db.query<{ at: Date; events: number }>(
    `select span.at, (
       select count(*)::integer from waybill.events e
       where e.account_id = $1::text and e.id >= waybill.uuid_at(span.at)
         and e.id < waybill.uuid_at(least(span.at + make_interval(secs => $4::integer), $3::timestamptz))
     ) as events
     from generate_series($2::timestamptz, $3::timestamptz - interval '1 millisecond',
       make_interval(secs => $4::integer)) as span (at)`,
    [accountId, from, until, stepSeconds],
  );
  return rows;
}
