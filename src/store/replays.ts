import type { Queryable } from '../db/database.ts';
import { ofEvent } from './of-event.ts';

export type ReplayStatus = 'running' | 'paused' | 'done' | 'cancelled';
export type LastStatus = 'delivered' | 'failed' | 'cancelled' | 'superseded' | 'missing' | 'missed';

/** Which events are sent again. */
export interface ReplayFilter {
  /** Received from then on, and before then: ISO 8601. */
  readonly from: string;
  readonly until: string;
  /** Patterns; none: those of the webhook. */
  readonly types: readonly string[];
  readonly channel: string | null;
  readonly subject: string | null;
  /**
   * Of the last delivery to the webhook; `missing`: there is none; `missed`: there is none, or it was cancelled, because
   * the webhook was disabled; null: any.
   */
  readonly lastStatus: LastStatus | null;
}

export interface ReplayRow extends Record<string, unknown> {
  id: string;
  accountId: string;
  webhookId: string;
  from: Date;
  until: Date;
  types: string[];
  channel: string | null;
  subject: string | null;
  lastStatus: LastStatus | null;
  ratePerSecond: number | null;
  status: ReplayStatus;
  total: number;
  made: number;
  cursor: string | null;
  /** When its webhook had been disabled last, if this sends all that it has missed; null: it may leave some. */
  missedOf: Date | null;
  createdAt: Date;
  endedAt: Date | null;
}

const COLUMNS = `id, account_id as "accountId", webhook_id as "webhookId", from_time as "from", until_time as "until",
  types, channel, subject, last_status as "lastStatus", rate_per_second as "ratePerSecond", status, total, made,
  cursor, missed_of as "missedOf", created_at as "createdAt", ended_at as "endedAt"`;

/** A replay that begins now. One of nothing has ended. */
export async function insertReplay(
  db: Queryable,
  key: { readonly id: string; readonly accountId: string; readonly webhookId: string },
  filter: ReplayFilter,
  rest: Pick<ReplayRow, 'ratePerSecond' | 'total' | 'missedOf'> & { readonly now: string },
): Promise<ReplayRow> {
  const { rows } = await db.query<ReplayRow>(
    `insert into waybill.replays
       (id, account_id, webhook_id, from_time, until_time, types, channel, subject, last_status, rate_per_second,
        total, next_at, created_at, missed_of, status, ended_at)
     values
       ($1::uuid, $2::text, $3::uuid, $4::timestamptz, $5::timestamptz, $6::text[], $7::text, $8::text, $9::text,
        $10::double precision, $11::integer, $12::timestamptz, $12::timestamptz,
        $13::timestamptz, case when $11::integer = 0 then 'done' else 'running' end,
        case when $11::integer = 0 then $12::timestamptz end)
     returning ${COLUMNS}`,
    [
      key.id,
      key.accountId,
      key.webhookId,
      filter.from,
      filter.until,
      [...filter.types],
      filter.channel,
      filter.subject,
      filter.lastStatus,
      rest.ratePerSecond,
      rest.total,
      rest.now,
      rest.missedOf?.toISOString() ?? null,
    ],
  );
  return rows[0] as ReplayRow;
}

export async function findReplay(
  db: Queryable,
  accountId: string,
  id: string,
): Promise<ReplayRow | undefined> {
  const { rows } = await db.query<ReplayRow>(
    `select ${COLUMNS} from waybill.replays where account_id = $1::text and id = $2::uuid`,
    [accountId, id],
  );
  return rows[0];
}

/** Newest first, those before `before`. */
export async function listReplays(
  db: Queryable,
  accountId: string,
  before: string | null,
  limit: number,
): Promise<ReplayRow[]> {
  const { rows } = await db.query<ReplayRow>(
    `select ${COLUMNS} from waybill.replays
     where account_id = $1::text and ($2::uuid is null or id < $2::uuid)
     order by id desc limit $3::integer`,
    [accountId, before, limit],
  );
  return rows;
}

/** Undefined if there is no such replay, or its status is none of `from`. */
export async function setReplayStatus(
  db: Queryable,
  accountId: string,
  id: string,
  from: readonly ReplayStatus[],
  to: 'running' | 'paused' | 'cancelled',
  now: string,
): Promise<ReplayRow | undefined> {
  const { rows } = await db.query<ReplayRow>(
    `update waybill.replays
     -- Pausing and resuming makes nothing come sooner than its rate allows.
     set status = $4::text, next_at = greatest(next_at, $5::timestamptz),
       ended_at = case when $4::text = 'cancelled' then $5::timestamptz end
     where account_id = $1::text and id = $2::uuid and status = any($3::text[])
     returning ${COLUMNS}`,
    [accountId, id, [...from], to, now],
  );
  return rows[0];
}

/** A replay whose next step is due. */
export interface DueReplay extends ReplayRow {
  /** For how long its next delivery has been due: as many as its rate allows in that time may be made with it. */
  lateSeconds: number;
}

/** A replay whose next step is due, kept from other nodes until the transaction ends. */
export async function takeDueReplay(tx: Queryable, now: string): Promise<DueReplay | undefined> {
  const { rows } = await tx.query<DueReplay>(
    `select ${COLUMNS}, extract(epoch from ($1::timestamptz - next_at))::double precision as "lateSeconds"
     from waybill.replays
     where status = 'running' and next_at <= $1::timestamptz
     order by next_at limit 1
     for update skip locked`,
    [now],
  );
  return rows[0];
}

/** When the first of the replays that run may go on, in milliseconds since 1970; undefined: none runs. */
export async function findNextReplayTime(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ at: number | null }>(
    `select ceil(extract(epoch from min(next_at)) * 1000)::double precision as at
     from waybill.replays where status = 'running'`,
  );
  return rows[0]?.at ?? undefined;
}

/**
 * A step has been taken.
 *
 * The next delivery is due `takenSeconds` after this step's first one was, and not after now: what a step is late by is
 * made up for. It is late by `lateSeconds` at most, as what is older than that is forgone.
 */
export async function advanceReplay(
  tx: Queryable,
  id: string,
  step: {
    readonly made: number;
    readonly cursor: string | null;
    readonly takenSeconds: number;
    readonly lateSeconds: number;
    /** `running`: there is more. */
    readonly status: 'running' | 'done' | 'cancelled';
    readonly now: string;
  },
): Promise<void> {
  await tx.query(
    `update waybill.replays
     set made = made + $2::integer, cursor = coalesce($3::uuid, cursor), status = $4::text,
       next_at = greatest(next_at, $5::timestamptz - make_interval(secs => $6::double precision))
         + make_interval(secs => $7::double precision),
       ended_at = case when $4::text <> 'running' then $5::timestamptz end
     where id = $1::uuid`,
    [id, step.made, step.cursor, step.status, step.now, step.lateSeconds, step.takenSeconds],
  );
}

/** Its next step is put off. */
export async function postponeReplay(db: Queryable, id: string, nextAt: string): Promise<void> {
  await db.query(
    `update waybill.replays set next_at = $2::timestamptz where id = $1::uuid and status = 'running'`,
    [id, nextAt],
  );
}

/** A delivery that a replay makes. */
export interface ReplayDelivery {
  readonly id: string;
  readonly eventId: string;
  readonly orderKey: string | null;
  readonly uniqueKey: string | null;
}

/**
 * Makes deliveries, but for those with a unique key for which a newer event waits, or has arrived since the replay was
 * begun. Older ones may be waiting: their place is to be taken.
 *
 * @returns the ids of those that were made
 */
export async function insertReplayDeliveries(
  tx: Queryable,
  replay: Pick<ReplayRow, 'id' | 'accountId' | 'webhookId' | 'createdAt'>,
  deliveries: readonly ReplayDelivery[],
  now: string,
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into waybill.deliveries
       (id, account_id, webhook_id, event_id, due_at, order_key, unique_key, replay_id)
     select d.id, $2::text, $3::uuid, d.event_id, $4::timestamptz, d.order_key, d.unique_key, $1::uuid
     from unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[]) as d (id, event_id, order_key, unique_key)
     where d.unique_key is null or not exists (
       select from waybill.deliveries p
       where p.webhook_id = $3::uuid and p.unique_key = d.unique_key and p.status = 'pending'
         and p.event_id >= d.event_id
     ) and not exists (
       select from waybill.events e
       join waybill.events n on n.account_id = e.account_id and n.subject = e.subject and n.type = e.type
       cross join lateral ${ofEvent('n.id')} p
       where e.account_id = $2::text and e.id = d.event_id
         and n.id > e.id and p.account_id = n.account_id and p.webhook_id = $3::uuid and p.status = 'delivered'
         and (n.id > $1::uuid or p.settled_at > $9::timestamptz)
     )
     returning id`,
    [
      replay.id,
      replay.accountId,
      replay.webhookId,
      now,
      deliveries.map(({ id }) => id),
      deliveries.map(({ eventId }) => eventId),
      deliveries.map(({ orderKey }) => orderKey),
      deliveries.map(({ uniqueKey }) => uniqueKey),
      replay.createdAt.toISOString(),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}
