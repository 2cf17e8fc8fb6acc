import type { Queryable } from '../db/database.ts';

/** The version of PostgreSQL. */
export async function readServerVersion(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ version: string }>(`select current_setting('server_version') as version`);
  return rows[0]?.version ?? '';
}

export interface TableSizeRow extends Record<string, unknown> {
  name: string;
  /** With its indexes, and all its partitions. */
  bytes: number;
}

/** The tables of Waybill, the largest first. */
export async function listTableSizes(db: Queryable): Promise<TableSizeRow[]> {
  const { rows } = await db.query<TableSizeRow>(
    `select root.relname as name, sum(pg_total_relation_size(c.oid))::float8 as bytes
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'waybill'
     join pg_class root on root.oid = coalesce(pg_partition_root(c.oid), c.oid)
     where c.relkind in ('r', 'p')
     group by root.relname order by 2 desc, 1`,
  );
  return rows;
}

export interface NodeRow extends Record<string, unknown> {
  id: string;
  startedAt: Date;
  /** How many lanes it sends for. */
  lanes: number;
}

/** The nodes that live, the oldest first, by the clock of the database. */
export async function listNodes(db: Queryable): Promise<NodeRow[]> {
  const { rows } = await db.query<NodeRow>(
    `select n.id, n.started_at as "startedAt", count(l.lane)::integer as lanes
     from waybill.nodes n
     left join waybill.lanes l on l.node_id = n.id and l.expires_at > clock_timestamp()
     where n.expires_at > clock_timestamp()
     group by n.id, n.started_at order by n.started_at, n.id`,
  );
  return rows;
}
