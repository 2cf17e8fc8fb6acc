import type { Queryable } from '../db/database.ts';

/**
 * The tables, each partition for itself, that have changed much since they were analysed, or never were: by the rows that
 * were written since this process began, or, as these aren't remembered beyond it, by how many pages they have grown.
 *
 * @returns their names as SQL takes them
 */
export async function findWornTables(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     left join pg_stat_user_tables s on s.relid = c.oid
     cross join lateral (select pg_relation_size(c.oid) / current_setting('block_size')::integer as pages) now
     where n.nspname = 'waybill' and c.relkind = 'r' and now.pages > 0
       and (c.reltuples < 0 or now.pages > 32 + c.relpages * 1.2
         or s.n_mod_since_analyze > 1000 + c.reltuples * 0.2)
     order by now.pages`,
  );
  return rows.map(({ name }) => name);
}

/** Frees the place of rows that were deleted or replaced. Not in a transaction. @param table as `findWornTables` tells it */
export async function vacuumTable(db: Queryable, table: string): Promise<void> {
  await db.query(`vacuum ${table}`);
}

/** Tells the planner what is in a table. @param table as `findWornTables` tells it */
export async function analyzeTable(db: Queryable, table: string): Promise<void> {
  await db.query(`analyze ${table}`);
}
