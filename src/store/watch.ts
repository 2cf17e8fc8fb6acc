import type { Queryable } from '../db/database.ts';

const ADVISORY_LOCK = 7_294_110_555;

/** Whether nobody else looks for what to alert of; until the transaction ends nobody else does. */
export async function takeWatch(tx: Queryable): Promise<boolean> {
  const { rows } = await tx.query<{ taken: boolean }>(
    `select pg_try_advisory_xact_lock(${ADVISORY_LOCK}) as taken`,
  );
  return rows[0]?.taken === true;
}
