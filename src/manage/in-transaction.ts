import type { Database, Queryable } from '../db/database.ts';
import { DEADLOCK, sqlState } from '../db/outage.ts';

const DEADLOCK_ROUNDS = 5;

/**
 * Runs `work` in a transaction, and again if it got into a deadlock: settling locks deliveries first and their
 * webhook then, changing a webhook the other way round.
 */
export async function inTransaction<T>(database: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (sqlState(error) !== DEADLOCK || round === DEADLOCK_ROUNDS) throw error;
    }
  }
}
