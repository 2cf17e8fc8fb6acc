import type { Queryable } from '../db/database.ts';

/**
 * Keeps others that ask from counting for these accounts until the transaction ends, in the order of the locks.
 *
 * @param timeoutMs how long to wait at most, set for the whole transaction
 * @throws the driver's lock time-out
 */
export async function lockDailyUsage(
  tx: Queryable,
  accountIds: readonly string[],
  timeoutMs: number,
): Promise<void> {
  await tx.query(
    `with patience as materialized (select set_config('lock_timeout', $2::text, true))
     select pg_advisory_xact_lock(key)
     from (select count(*) from patience) set_before, (
       select distinct hashtextextended('daily usage ' || a.id, 0) as key from unnest($1::text[]) as a (id) order by 1
     ) sorted`,
    [[...accountIds], String(timeoutMs)],
  );
}

/** How many events accounts have published on a day, as far as it was counted. @param day `2026-03-13` */
export async function readDailyUsage(
  db: Queryable,
  accountIds: readonly string[],
  day: string,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ accountId: string; events: number }>(
    `select account_id as "accountId", sum(events)::integer as events
     from waybill.daily_usage
     where account_id = any($1::text[]) and day = $2::date
     group by account_id`,
    [[...accountIds], day],
  );
  return new Map(rows.map((row) => [row.accountId, row.events]));
}

/**
 * Counts events, in a part nobody else holds; there is a new one if there is none. Where a part that has changed since
 * the transaction began couldn't be written any more, it is always a new one.
 *
 * @param part a UUID for the new one
 */
export async function addDailyUsage(
  tx: Queryable,
  { accountId, day, events }: { readonly accountId: string; readonly day: string; readonly events: number },
  part: string,
): Promise<void> {
  await tx.query(
    `with free as materialized (
       select part from waybill.daily_usage
       where account_id = $1::text and day = $2::date
         and current_setting('transaction_isolation') = 'read committed'
       limit 1
       for update skip locked
     ),
     added as (
       update waybill.daily_usage u set events = u.events + $3::integer
       from free
       where u.account_id = $1::text and u.day = $2::date and u.part = free.part
     )
     insert into waybill.daily_usage (account_id, day, part, events)
     select $1::text, $2::date, $4::uuid, $3::integer where not exists (select from free)`,
    [accountId, day, events, part],
  );
}

/** Keeps others from counting what of the account's events hasn't been counted, and nobody from publishing. */
export async function lockCounting(tx: Queryable, accountId: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('uncounted usage ' || $1::text, 0))`, [
    accountId,
  ]);
}

/**
 * Counts what of a day's events hasn't been counted, as there was no limit; test events never count. Events are found by their ids, which are made
 * by the system's clock; when they were received is told by the one that is given.
 */
export async function countUncounted(
  tx: Queryable,
  accountId: string,
  day: string,
  part: string,
): Promise<void> {
  await tx.query(
    `insert into waybill.daily_usage (account_id, day, part, events)
     select $1::text, $2::date, $3::uuid, published.events - counted.events
     from (
       select count(*)::integer as events from waybill.events
       where account_id = $1::text and not is_test
         and id >= waybill.uuid_at(least($2::date::timestamp at time zone 'utc', now()) - interval '1 hour')
         and received_at >= $2::date::timestamp at time zone 'utc'
         and received_at < ($2::date + 1)::timestamp at time zone 'utc'
     ) published,
     (
       select coalesce(sum(events), 0)::integer as events from waybill.daily_usage
       where account_id = $1::text and day = $2::date
     ) counted
     where published.events > counted.events`,
    [accountId, day, part],
  );
}

/** Forgets the days before. */
export async function deleteDailyUsage(db: Queryable, before: string): Promise<void> {
  await db.query('delete from waybill.daily_usage where day < $1::date', [before]);
}
