import type { Queryable } from '../db/database.ts';
import { packTexts, plainArray, unpackTexts } from './array.ts';
import type { ChannelKey } from './channels.ts';
import { CHANNEL } from './notify.ts';

export interface NewEvent {
  readonly id: string;
  readonly accountId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly channel: string | null;
  readonly version: string | null;
  /** ISO 8601. */
  readonly occurredAt: string;
  readonly data: string;
  /** JSON: what the data breaks of its schema; null: nothing that is known. */
  readonly warnings: string | null;
}

export interface NewDelivery {
  readonly id: string;
  readonly accountId: string;
  readonly webhookId: string;
  readonly eventId: string;
  /** What must keep its order with it; null: nothing. */
  readonly orderKey: string | null;
  /** What there may be only one of that waits; null: any number. */
  readonly uniqueKey: string | null;
}

export interface NewIdempotencyKey {
  readonly accountId: string;
  readonly key: string;
  /** SHA-256, hexadecimal. */
  readonly requestHash: string;
  /** JSON. */
  readonly answer: string;
}

export interface EnqueueBatch {
  /** When it was received, ISO 8601: from then on the deliveries are due. */
  readonly receivedAt: string;
  /** The accounts concerned and the version of their webhooks that was matched against. */
  readonly accountVersions: ReadonlyMap<string, number>;
  readonly events: readonly NewEvent[];
  readonly deliveries: readonly NewDelivery[];
  readonly idempotencyKeys: readonly NewIdempotencyKey[];
  /** Channels of the events that may not be known yet. */
  readonly channels: readonly ChannelKey[];
  /** Payloads of NOTIFY, sent when the transaction commits. */
  readonly notifications: readonly string[];
  /**
   * How long to wait at most for another transaction that is using an idempotency key; null: as long as it takes.
   * Only without a transaction: it stays in force until that ends.
   */
  readonly lockTimeoutMs: number | null;
}

/**
 * Stores events and their deliveries in one statement, so that outside a transaction it commits as a whole.
 * Stores nothing if the webhooks of an account have changed since they were matched, and returns those
 * accounts: match again and come back.
 *
 * @throws the driver's unique violation if an idempotency key has been taken in the meantime, and its lock time-out
 */
export async function enqueue(db: Queryable, batch: EnqueueBatch): Promise<string[]> {
  const { events, deliveries, idempotencyKeys } = batch;
  const { rows } = await db.query<{ stale: string[] | null }>(
    `with patience as materialized (
       select set_config('lock_timeout', $21::text, true) where $21::text is not null
     ),
     stale as (
       select known.id
       from unnest($1::text[], $2::integer[]) as known (id, version)
       where not exists (
         select from waybill.accounts a where a.id = known.id and a.webhooks_version = known.version
       )
     ),
     -- All that is inserted comes through here, so that the time-out is set before any lock is waited for.
     fresh as (select from (select count(*) from patience) p where not exists (select from stale)),
     new_keys as (
       insert into waybill.idempotency_keys (account_id, key, request_hash, answer, created_at)
       select k.account_id, k.key, decode(k.request_hash, 'hex'), k.answer::json, $3::timestamptz
       from fresh, unnest($4::text[], $5::text[], $6::text[], $7::text[])
         as k (account_id, key, request_hash, answer)
       order by k.account_id, k.key
     ),
     new_events as (
       insert into waybill.events
         (id, account_id, type, subject, channel, version, occurred_at, received_at, data, warnings)
       select e.id, e.account_id, e.type, e.subject, e.channel, e.version, e.occurred_at, $3::timestamptz, e.data,
         e.warnings::json
       from fresh, unnest(
           $8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[],
           ${unpackTexts('$15')}, $22::text[]
         ) as e (id, account_id, type, subject, channel, version, occurred_at, data, warnings)
     ),
     new_deliveries as (
       insert into waybill.deliveries (id, account_id, webhook_id, event_id, due_at, order_key, unique_key)
       select d.id, d.account_id, d.webhook_id, d.event_id, $3::timestamptz, d.order_key, d.unique_key
       from fresh, unnest($16::uuid[], $17::text[], $18::uuid[], $19::uuid[], $23::text[], $24::text[])
         as d (id, account_id, webhook_id, event_id, order_key, unique_key)
     ),
     -- Nothing here can be waited for: neither the keys of waybill.channels nor its accounts are touched.
     new_channels as (
       insert into waybill.named_channels (account_id, name, named_at)
       select c.account_id, c.name, $3::timestamptz
       from fresh, unnest($25::text[], $26::text[]) as c (account_id, name)
     )
     select
       (select array_agg(stale.id) from stale) as stale,
       (select count(pg_notify('${CHANNEL}', n.payload))::integer from fresh, unnest($20::text[]) as n (payload))
         as notified`,
    [
      [...batch.accountVersions.keys()],
      [...batch.accountVersions.values()],
      batch.receivedAt,
      idempotencyKeys.map((key) => key.accountId),
      idempotencyKeys.map((key) => key.key),
      idempotencyKeys.map((key) => key.requestHash),
      idempotencyKeys.map((key) => key.answer),
      plainArray(events.map((event) => event.id)),
      events.map((event) => event.accountId),
      events.map((event) => event.type),
      events.map((event) => event.subject),
      events.map((event) => event.channel),
      events.map((event) => event.version),
      plainArray(events.map((event) => event.occurredAt)),
      packTexts(events.map((event) => event.data)),
      plainArray(deliveries.map((delivery) => delivery.id)),
      deliveries.map((delivery) => delivery.accountId),
      plainArray(deliveries.map((delivery) => delivery.webhookId)),
      plainArray(deliveries.map((delivery) => delivery.eventId)),
      [...batch.notifications],
      batch.lockTimeoutMs === null ? null : String(batch.lockTimeoutMs),
      unlessAllNull(events.map((event) => event.warnings)),
      unlessAllNull(deliveries.map((delivery) => delivery.orderKey)),
      unlessAllNull(deliveries.map((delivery) => delivery.uniqueKey)),
      batch.channels.map((channel) => channel.accountId),
      batch.channels.map((channel) => channel.name),
    ],
  );
  return rows[0]?.stale ?? [];
}

/** `unnest` fills up shorter arrays with nulls: those that would hold nothing else needn't travel. */
function unlessAllNull(values: readonly (string | null)[]): readonly (string | null)[] {
  return values.some((value) => value !== null) ? values : [];
}
