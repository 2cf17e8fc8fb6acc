import type { Database } from '../db/database.ts';

// Two nodes that make the same partition at once would fail; they take turns instead.
const ADVISORY_LOCK = 7_294_110_554;

/** Makes the weekly partitions that cover the given span, and returns how many were missing. */
export async function ensurePartitions(database: Database, from: string, until: string): Promise<number> {
  return database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(${ADVISORY_LOCK})`);
    const { rows } = await tx.query<{ made: number }>(
      'select waybill.ensure_partitions($1::timestamptz, $2::timestamptz) as made',
      [from, until],
    );
    return rows[0]?.made ?? 0;
  });
}
