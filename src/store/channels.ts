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

/** Makes the channels that aren't there, in the order of their keys: two that make the same ones don't wait for each other. */
export async function ensureChannels(db: Queryable, channels: readonly ChannelKey[]): Promise<void> {
  await db.query(
    `insert into waybill.channels (account_id, name)
     select distinct c.account_id, c.name from unnest($1::text[], $2::text[]) as c (account_id, name)
     order by 1, 2
     on conflict do nothing`,
    [channels.map(({ accountId }) => accountId), channels.map(({ name }) => name)],
  );
}

/** Makes the channel or changes its title. */
export async function putChannel(
  db: Queryable,
  { accountId, name }: ChannelKey,
  title: string | null,
): Promise<ChannelRow> {
  const { rows } = await db.query<ChannelRow>(
    `insert into waybill.channels (account_id, name, title) values ($1::text, $2::text, $3::text)
     on conflict (account_id, name) do update set title = excluded.title
     returning ${COLUMNS}`,
    [accountId, name, title],
  );
  return rows[0] as ChannelRow;
}

/** By name, those after `after`. */
export async function listChannels(
  db: Queryable,
  accountId: string,
  after: string,
  limit: number,
): Promise<ChannelRow[]> {
  const { rows } = await db.query<ChannelRow>(
    `select ${COLUMNS} from waybill.channels
     where account_id = $1::text and name collate "C" > $2::text collate "C"
     order by name collate "C" limit $3::integer`,
    [accountId, after, limit],
  );
  return rows;
}
