import type { Queryable } from '../db/database.ts';
import type { DeliveryFilter } from './deliveries.ts';
import type { EventFilter } from './events.ts';

/** What a text that is searched for means for the keys of events. Its letters A to Z are small. */
export interface SearchKey {
  /** Where it is the id of an event. */
  readonly eventId: string | null;
  /** What a subject ends in, after the last slash. */
  readonly subjectEnd: string;
  /** The whole subject, where the text has a slash; null: the end is enough. */
  readonly subject: string | null;
}

/** What a text that is searched for may look like in JSON; more than it finds is judged by whoever asks. */
export interface SearchProbe {
  /** With small letters A to Z. */
  readonly text: string;
  /** Digits that a number of this value has, unless it is written with an exponent; null: it is no number. */
  readonly digits: string | null;
}

// As the index events_by_subject_end has it.
const SUBJECT_END = `lower(split_part(e.subject, '/', -1) collate "C")`;

/** Looked up one by one: a join might read all of an account to find a thousand. */
function eventOf(account: string, id: string): string {
  return `(select * from waybill.events where account_id = ${account} and id = ${id} limit 1)`;
}

function hasSubject(end: string, whole: string): string {
  return `${SUBJECT_END} = ${end}::text
    and (${whole}::text is null or lower(e.subject collate "C") = ${whole}::text)`;
}

/** Events found by their id or subject, newest first, those before `before`; ids. */
export async function listKeyedEvents(
  db: Queryable,
  accountId: string,
  key: SearchKey,
  filter: EventFilter,
  before: string | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select e.id from (
       (select e.id, e.type, e.subject, e.channel from waybill.events e where e.account_id = $1::text and e.id = $4::uuid)
       union all
       (select e.id, e.type, e.subject, e.channel from waybill.events e
        where e.account_id = $1::text and e.subject is not null and ${hasSubject('$2', '$3')}
          and ($4::uuid is null or e.id <> $4::uuid)
          and ($5::uuid is null or e.id < $5::uuid)
          and ${fitsEvent(6)}
        order by e.id desc limit $11::integer)
     ) e
     where ($5::uuid is null or e.id < $5::uuid) and ${fitsEvent(6)}
     order by e.id desc limit $11::integer`,
    [accountId, key.subjectEnd, key.subject, key.eventId, before, ...eventFilterValues(filter), limit],
  );
  return rows.map(({ id }) => id);
}

/** A place in a list that a search comes by. */
export interface SearchPlace extends Record<string, unknown> {
  id: string;
  eventId: string;
  /** Whether the other filters let it through. */
  fits: boolean;
}

/** The next events of an account, newest first, whatever is in them. */
export async function listEventPlaces(
  db: Queryable,
  accountId: string,
  filter: EventFilter,
  before: string,
  limit: number,
): Promise<SearchPlace[]> {
  const { rows } = await db.query<SearchPlace>(
    `select e.id, e.id as "eventId", ${fitsEvent(3)} as fits
     from waybill.events e
     where e.account_id = $1::text and e.id < $2::uuid
       and ($6::timestamptz is null or e.id >= waybill.uuid_at($6::timestamptz))
       and ($7::timestamptz is null or e.id < waybill.uuid_at($7::timestamptz))
     order by e.id desc limit $8::integer`,
    [accountId, before, ...eventFilterValues(filter), limit],
  );
  return rows;
}

/** The next deliveries of an account, or of a webhook, newest first, whatever their events are. */
export async function listDeliveryPlaces(
  db: Queryable,
  accountId: string,
  filter: DeliveryFilter,
  before: string,
  limit: number,
): Promise<SearchPlace[]> {
  const { rows } = await db.query<SearchPlace>(
    `with place as materialized (
       select d.* from waybill.deliveries d
       where d.account_id = $1::text and d.id < $10::uuid
         and ($2::uuid is null or d.webhook_id = $2::uuid)
         and ($7::timestamptz is null or d.id >= waybill.uuid_at($7::timestamptz))
         and ($8::timestamptz is null or d.id < waybill.uuid_at($8::timestamptz))
       order by d.id desc limit $11::integer
     )
     select d.id, d.event_id as "eventId", coalesce(${FITS_DELIVERY}, false) as fits
     from place d
     left join lateral ${eventOf('$1::text', 'd.event_id')} e on true
     order by d.id desc`,
    [accountId, ...deliveryFilterValues(filter), before, limit],
  );
  return rows;
}

/** The deliveries of these events, by event, newest first; after the one that is given. */
export async function listDeliveriesOf(
  db: Queryable,
  accountId: string,
  eventIds: readonly string[],
  filter: DeliveryFilter,
  after: { readonly eventId: string; readonly id: string } | null,
  limit: number,
): Promise<{ id: string; eventId: string }[]> {
  const { rows } = await db.query<{ id: string; eventId: string }>(
    `select d.id, d.event_id as "eventId"
     from unnest($10::uuid[]) as wanted (id)
     cross join lateral ${eventOf('$1::text', 'wanted.id')} e
     cross join lateral (
       select * from waybill.deliveries where event_id = e.id and account_id = $1::text offset 0
     ) d
     where ${FITS_DELIVERY}
       and ($11::uuid is null or (e.id, d.id) < ($11::uuid, $12::uuid))
     order by e.id desc, d.id desc limit $13::integer`,
    [
      accountId,
      ...deliveryFilterValues(filter),
      [...eventIds],
      after?.eventId ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  return rows;
}

export interface SearchedEvent extends Record<string, unknown> {
  id: string;
  bytes: number;
  /** JSON that may have what is searched for; null: it doesn't, or the event is found by its keys. */
  data: string | null;
}

/**
 * Looks at the data of events in the order given, until it has come to `maxBytes`; at least at one. What has a backslash may
 * have anything in it, and a number with an exponent may be any number.
 */
export async function searchEventData(
  db: Queryable,
  accountId: string,
  eventIds: readonly string[],
  key: SearchKey,
  probe: SearchProbe,
  maxBytes: number,
): Promise<SearchedEvent[]> {
  const { rows } = await db.query<SearchedEvent>(
    `with asked as (
       select o.id, o.place, e.subject, e.data, coalesce(octet_length(e.data), 0) as bytes,
         sum(octet_length(e.data)) over (order by o.place) - octet_length(e.data) as bytes_before
       from unnest($2::uuid[]) with ordinality as o (id, place)
       left join lateral ${eventOf('$1::text', 'o.id')} e on true
     )
     select e.id, e.bytes, case
       when e.id = $5::uuid or e.subject is not null and ${hasSubject('$3', '$4')} then null
       when strpos(lower(e.data collate "C"), $6::text) > 0 or strpos(e.data, E'\\\\') > 0
         or strpos(e.data, $7::text) > 0 or ($7::text is not null and e.data ~ '[0-9][eE][+-]?[0-9]') then e.data
       end as data
     from asked e
     where coalesce(e.bytes_before, 0) < $8::bigint
     order by e.place`,
    [accountId, [...eventIds], key.subjectEnd, key.subject, key.eventId, probe.text, probe.digits, maxBytes],
  );
  return rows;
}

/** Whether an event `e` has what is asked for by parameters from `$first` on. */
function fitsEvent(first: number): string {
  const at = (offset: number) => `$${first + offset}`;
  return `(${at(0)}::text is null or e.type = ${at(0)}::text)
    and (${at(1)}::text is null or e.subject is not distinct from ${at(1)}::text)
    and (${at(2)}::text is null or e.channel is not distinct from ${at(2)}::text)
    and (${at(3)}::timestamptz is null or e.id >= waybill.uuid_at(${at(3)}::timestamptz))
    and (${at(4)}::timestamptz is null or e.id < waybill.uuid_at(${at(4)}::timestamptz))`;
}

function eventFilterValues({ type, subject, channel, from, to }: EventFilter): unknown[] {
  return [type, subject, channel, from, to];
}

/** Of a delivery `d` and its event `e`; what is asked for is in the parameters 2 to 9. */
const FITS_DELIVERY = `($2::uuid is null or d.webhook_id = $2::uuid)
  and ($3::uuid is null or d.event_id = $3::uuid)
  and ($4::text is null or e.type = $4::text)
  and ($5::text is null or e.subject is not distinct from $5::text)
  and ($6::text is null or d.status = $6::text)
  and ($7::timestamptz is null or d.id >= waybill.uuid_at($7::timestamptz))
  and ($8::timestamptz is null or d.id < waybill.uuid_at($8::timestamptz))
  and ($9::uuid is null or d.batch_id is not distinct from $9::uuid)`;

function deliveryFilterValues(filter: DeliveryFilter): unknown[] {
  const { webhookId, eventId, eventType, subject, status, from, to, batchId } = filter;
  return [webhookId, eventId, eventType, subject, status, from, to, batchId];
}
