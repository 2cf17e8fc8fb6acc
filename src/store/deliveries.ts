import type { Queryable } from '../db/database.ts';
import { ofEvent } from './of-event.ts';

export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'cancelled' | 'superseded';
/** Why a delivery ended without arriving. */
export type StatusReason = 'exhausted' | 'gone' | 'request' | 'webhook_deleted' | 'webhook_disabled';

export interface DeliveryRow extends Record<string, unknown> {
  id: string;
  accountId: string;
  webhookId: string;
  eventId: string;
  eventType: string;
  subject: string | null;
  status: DeliveryStatus;
  statusReason: StatusReason | null;
  attempts: number;
  dueAt: Date | null;
  settledAt: Date | null;
  lastAttemptAt: Date | null;
  lastStatusCode: number | null;
  /** What there may be only one of that waits; null: any number. */
  uniqueKey: string | null;
  /** 9 goes first, 0 last; null: as its webhook says. */
  priority: number | null;
  /** The replay that made it. */
  replayId: string | null;
  /** What it went with in its last request, and goes with in the next; null: alone. */
  batchId: string | null;
  batchItems: number | null;
  /** The delivery that took its place. */
  supersededBy: string | null;
  /** What the last attempt failed of, its stable code and in words; null if there was none or it succeeded. */
  lastFailureCode: string | null;
  lastFailureReason: string | null;
  lastFailureParams: Record<string, string | number> | null;
  /** How long the last attempt took; null if there was none. */
  lastDurationMs: number | null;
}

export interface DeliveryFilter {
  readonly webhookId: string | null;
  readonly eventId: string | null;
  readonly batchId: string | null;
  readonly eventType: string | null;
  readonly subject: string | null;
  readonly status: DeliveryStatus | null;
  /** When it was made: from this moment on, and before that one. ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Of a delivery `d` and its event `e`. */
export const DELIVERY_COLUMNS = `d.id, d.account_id as "accountId", d.webhook_id as "webhookId", d.event_id as "eventId",
  e.type as "eventType", e.subject, d.status, d.status_reason as "statusReason", d.attempts,
  d.due_at as "dueAt", d.settled_at as "settledAt", d.last_attempt_at as "lastAttemptAt",
  d.last_status_code as "lastStatusCode", d.superseded_by as "supersededBy",
  d.unique_key as "uniqueKey", d.priority, d.replay_id as "replayId",
  d.batch_id as "batchId", d.batch_items as "batchItems",
  ${ofLastAttempt('failure_code')} as "lastFailureCode",
  ${ofLastAttempt('failure_reason')} as "lastFailureReason",
  ${ofLastAttempt('failure_params')} as "lastFailureParams", ${ofLastAttempt('duration_ms')} as "lastDurationMs"`;

function ofLastAttempt(column: 'failure_code' | 'failure_reason' | 'failure_params' | 'duration_ms'): string {
  return `(select a.${column} from waybill.attempts a
    where a.account_id = d.account_id and a.delivery_id = d.id
    order by a.id desc limit 1)`;
}

const FROM = `waybill.deliveries d
  join waybill.events e on e.account_id = d.account_id and e.id = d.event_id`;

export async function findDelivery(
  db: Queryable,
  accountId: string,
  id: string,
): Promise<DeliveryRow | undefined> {
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from ${FROM} where d.account_id = $1::text and d.id = $2::uuid`,
    [accountId, id],
  );
  return rows[0];
}

/** Those of these that are there, in any order. */
export async function findDeliveries(
  db: Queryable,
  accountId: string,
  ids: readonly string[],
): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from ${FROM} where d.account_id = $1::text and d.id = any($2::uuid[])`,
    [accountId, [...ids]],
  );
  return rows;
}

/** The newest delivery of an event to a webhook. */
export async function findDeliveryTo(
  db: Queryable,
  accountId: string,
  webhookId: string,
  eventId: string,
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `select d.id from ${ofEvent('$3::uuid')} d
     where d.account_id = $1::text and d.webhook_id = $2::uuid
     order by d.id desc limit 1`,
    [accountId, webhookId, eventId],
  );
  return rows[0]?.id;
}

/** Newest first, those before `before`. */
export async function listDeliveries(
  db: Queryable,
  accountId: string,
  filter: DeliveryFilter,
  before: string | null,
  limit: number,
): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from ${FROM}
     where d.account_id = $1::text
       and ($2::uuid is null or d.id < $2::uuid)
       and ($3::uuid is null or d.webhook_id = $3::uuid)
       and ($4::uuid is null or d.event_id = $4::uuid)
       and ($5::text is null or e.type = $5::text)
       and ($6::text is null or e.subject = $6::text)
       and ($7::text is null or d.status = $7::text)
       and ($8::timestamptz is null or d.id >= waybill.uuid_at($8::timestamptz))
       and ($9::timestamptz is null or d.id < waybill.uuid_at($9::timestamptz))
       and ($10::uuid is null or d.batch_id = $10::uuid)
     order by d.id desc limit $11::integer`,
    [
      accountId,
      before,
      filter.webhookId,
      filter.eventId,
      filter.eventType,
      filter.subject,
      filter.status,
      filter.from,
      filter.to,
      filter.batchId,
      limit,
    ],
  );
  return rows;
}

/** One delivery of an event to a webhook, due at once. @param alone whether it waits for no batch of its webhook */
export async function insertDelivery(
  db: Queryable,
  delivery: { readonly id: string; readonly accountId: string; readonly webhookId: string },
  eventId: string,
  dueAt: string,
  alone: boolean,
): Promise<void> {
  await db.query(
    `insert into waybill.deliveries (id, account_id, webhook_id, event_id, due_at, batch_id, batch_items)
     values ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::timestamptz,
       case when $6::boolean then $1::uuid end, case when $6::boolean then 1 end)`,
    [delivery.id, delivery.accountId, delivery.webhookId, eventId, dueAt, alone],
  );
}

/**
 * `failed` or `cancelled` → `pending`, with its schedule begun anew. Returns whether it was one of these.
 *
 * @param alone whether it waits for no batch of its webhook
 */
export async function reviveDelivery(
  db: Queryable,
  accountId: string,
  id: string,
  dueAt: string,
  alone: boolean,
): Promise<boolean> {
  const { rows } = await db.query(
    `update waybill.deliveries
     set status = 'pending', status_reason = null, tries = 0, round = round + 1, due_at = $3::timestamptz, settled_at = null,
       batch_id = case when $4::boolean then id end, batch_items = case when $4::boolean then 1 end
     where account_id = $1::text and id = $2::uuid and status in ('failed', 'cancelled')
     returning id`,
    [accountId, id, dueAt, alone],
  );
  return rows.length > 0;
}

/** What waits for a retry is due now; its tries are what they were. Returns whether it is pending. */
export async function hurryDelivery(
  db: Queryable,
  accountId: string,
  id: string,
  now: string,
): Promise<boolean> {
  const { rows } = await db.query(
    `update waybill.deliveries set due_at = least(due_at, $3::timestamptz)
     where account_id = $1::text and id = $2::uuid and status = 'pending'
     returning id`,
    [accountId, id, now],
  );
  return rows.length > 0;
}

/** Lets what waits go before or after others of its webhook. Returns whether it is pending. @param priority null: as its webhook says */
export async function setDeliveryPriority(
  db: Queryable,
  accountId: string,
  id: string,
  priority: number | null,
): Promise<boolean> {
  const { rows } = await db.query(
    `update waybill.deliveries set priority = $3::smallint
     where account_id = $1::text and id = $2::uuid and status = 'pending'
     returning id`,
    [accountId, id, priority],
  );
  return rows.length > 0;
}

/** `pending` → `cancelled`. Returns whether it was pending. */
export async function cancelDelivery(
  db: Queryable,
  accountId: string,
  id: string,
  now: string,
): Promise<boolean> {
  const { rows } = await db.query(
    `update waybill.deliveries
     set status = 'cancelled', status_reason = 'request', due_at = null, settled_at = $3::timestamptz
     where account_id = $1::text and id = $2::uuid and status = 'pending'
     returning id`,
    [accountId, id, now],
  );
  return rows.length > 0;
}

/**
 * Cancels what is pending for webhooks that are disabled or deleted, at most `limit` of it, and returns how many
 * that were. In portions, so that no settling waits long for the rows.
 */
export async function cancelOrphans(
  db: Queryable,
  of: { readonly webhookId: string } | { readonly lanes: readonly number[] },
  now: string,
  limit: number,
): Promise<number> {
  const [which, value] =
    'webhookId' in of ? ['w.id = $1::uuid', of.webhookId] : ['w.lane = any($1::smallint[])', [...of.lanes]];
  const { rows } = await db.query<{ cancelled: number }>(
    `with orphans as (
       select d.account_id, d.id,
         case when w.deleted_at is null then 'webhook_disabled' else 'webhook_deleted' end as reason
       from waybill.webhooks w
       join waybill.deliveries d on d.webhook_id = w.id and d.status = 'pending'
       where ${which} and (w.deleted_at is not null or w.status = 'disabled')
       limit $3::integer
       for update of d skip locked
     ),
     cancelled as (
       update waybill.deliveries d
       set status = 'cancelled', status_reason = o.reason, due_at = null, settled_at = $2::timestamptz
       from orphans o
       where d.account_id = o.account_id and d.id = o.id
     )
     select count(*)::integer as cancelled from orphans`,
    [value, now, limit],
  );
  return rows[0]?.cancelled ?? 0;
}
