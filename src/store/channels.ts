import type { Queryable } from '../db/database.ts';

export interface ChannelRow extends Record<string, unknown> {
  name: string;
  title: string | null;
  firstSeenAt: Date;
}

export interface ChannelKey {
  readonly accountId: string;
  readonly name: string;
}

const COLUMNS = 'name, title, first_seen_at as "firstSeenAt"';

/** Which of the given channels are known. One that has only just been named may be missing. */
export async function findChannels(db: Queryable, channels: readonly ChannelKey[]): Promise<ChannelKey[]> {
  const { rows } = await db.query<ChannelKey & Record<string, unknown>>(
    `select c.account_id as "accountId", c.name
     from unnest($1::text[], $2::text[]) as wanted (account_id, name)
     join waybill.channels c on c.account_id = wanted.account_id and c.name = wanted.name`,
    [channels.map(({ accountId }) => accountId), channels.map(({ name }) => name)],
  );
  return rows;
}

/**
 * Moves channels that committed events have named to those that are known, at most `limit` of what was noted, and
 * returns how much it was. In the order of their keys: two that make the same ones don't wait for each other.
 */
export async function moveNamedChannels(db: Queryable, limit: number): Promise<number> {
  const { rows } = await db.query<{ moved: number }>(
    `with moved as (
       delete from waybill.named_channels
       where ctid = any(array(select ctid from waybill.named_channels limit $1::integer for update skip locked))
       returning account_id, name, named_at
     ),
     known as (
       insert into waybill.channels (account_id, name, first_seen_at)
       select account_id, name, min(named_at) from moved
       where exists (select from waybill.accounts a where a.id = account_id)
       group by account_id, name order by account_id, name
       on conflict do nothing
     )
     select count(*)::integer as moved from moved`,
    [limit],
  );
  return rows[0]?.moved ?? 0;
}

/** Makes the channel or changes its title. */
export async function putChannel(
  db: Queryable,
  { accountId, name }: ChannelKey,
  title: string | null,
): Promise<ChannelRow> {
  const { rows } = await db.query<ChannelRow>(
    `insert into waybill.channels (account_id, name, title, first_seen_at)
     select $1::text, $2::text, $3::text, coalesce(min(named_at), now())
     from waybill.named_channels where account_id = $1::text and name = $2::text
     on conflict (account_id, name) do update set title = excluded.title
     returning ${COLUMNS}`,
    [accountId, name, title],
  );
  return rows[0] as ChannelRow;
}

/** By name, those after `after`: also those that are known so far only by what was noted with the events. */
export async function listChannels(
  db: Queryable,
  accountId: string,
  after: string,
  limit: number,
): Promise<ChannelRow[]> {
  const { rows } = await db.query<ChannelRow>(
    `select ${COLUMNS} from (
       select name, title, first_seen_at from waybill.channels where account_id = $1::text
       union all
       select n.name, null, min(n.named_at) from waybill.named_channels n
       where n.account_id = $1::text and not exists (
         select from waybill.channels c where c.account_id = n.account_id and c.name = n.name
       )
       group by n.name
     ) channel
     where name collate "C" > $2::text collate "C"
     order by name collate "C" limit $3::integer`,
    [accountId, after, limit],
  );
  return rows;
}
