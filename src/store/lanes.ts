import type { Queryable } from '../db/database.ts';

export const LANES = 64;

/** The lane of a webhook. The last bits of a UUIDv7 are random, so that webhooks spread evenly. */
export function laneOf(webhookId: string): number {
  return Number.parseInt(webhookId.slice(-4), 16) % LANES;
}

export interface LaneRow extends Record<string, unknown> {
  lane: number;
  fence: number;
}

// Leases are judged by the database's clock alone, the one clock all nodes share.

/** Says that the node lives, for `leaseMs` from now, and returns how many nodes live. */
export async function beat(db: Queryable, nodeId: string, leaseMs: number): Promise<number> {
  const { rows } = await db.query<{ others: number }>(
    `with me as (
       insert into waybill.nodes (id, expires_at)
       values ($1::uuid, clock_timestamp() + $2::integer * interval '1 millisecond')
       on conflict (id) do update set expires_at = excluded.expires_at
     ),
     dead as (
       delete from waybill.nodes where id <> $1::uuid and expires_at < clock_timestamp()
     )
     select count(*)::integer as others from waybill.nodes
     where id <> $1::uuid and expires_at >= clock_timestamp()`,
    [nodeId, leaseMs],
  );
  return (rows[0]?.others ?? 0) + 1;
}

/** Prolongs the leases of a node and returns the lanes it still has. */
export async function renewLanes(db: Queryable, nodeId: string, leaseMs: number): Promise<LaneRow[]> {
  const { rows } = await db.query<LaneRow>(
    `update waybill.lanes
     set expires_at = clock_timestamp() + $2::integer * interval '1 millisecond'
     where node_id = $1::uuid
     returning lane, fence`,
    [nodeId, leaseMs],
  );
  return rows;
}

/** Takes up to `count` lanes that nobody has, or whose owner has fallen silent. */
export async function takeLanes(
  db: Queryable,
  nodeId: string,
  leaseMs: number,
  count: number,
): Promise<LaneRow[]> {
  const { rows } = await db.query<LaneRow>(
    `update waybill.lanes l
     set node_id = $1::uuid, fence = l.fence + 1,
       expires_at = clock_timestamp() + $2::integer * interval '1 millisecond'
     from (
       select lane from waybill.lanes
       where node_id is null or expires_at < clock_timestamp()
       order by lane limit $3::integer for update skip locked
     ) free
     where l.lane = free.lane
     returning l.lane, l.fence`,
    [nodeId, leaseMs, count],
  );
  return rows;
}

/** Gives lanes back; all of the node's without `lanes`. */
export async function releaseLanes(
  db: Queryable,
  nodeId: string,
  lanes: readonly number[] | null,
): Promise<void> {
  await db.query(
    `update waybill.lanes set node_id = null, expires_at = null
     where node_id = $1::uuid and ($2::smallint[] is null or lane = any($2::smallint[]))`,
    [nodeId, lanes ? [...lanes] : null],
  );
}

export async function removeNode(db: Queryable, nodeId: string): Promise<void> {
  await db.query('delete from waybill.nodes where id = $1::uuid', [nodeId]);
}

/** Frees every lane whoever has it. Only for a database that no other process can be using. */
export async function clearLeases(db: Queryable): Promise<void> {
  await db.query('update waybill.lanes set node_id = null, expires_at = null where node_id is not null');
  await db.query('delete from waybill.nodes');
}
