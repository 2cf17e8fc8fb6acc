import type { Catalogs } from '../catalog/catalogs.ts';
import type { Database, Queryable } from '../db/database.ts';
import { lockCatalog, touchCatalog } from '../store/presets.ts';
import { inTransaction } from './in-transaction.ts';

/** What has come of a change of presets or event types. */
export interface Changed {
  /** Whether anything is other than it was. */
  readonly changed: boolean;
  /** The webhooks that are sent to in another way now. */
  readonly touched: readonly string[];
}

/**
 * Changes presets or event types, one change at a time on all nodes: what `work` finds known is what is true until its
 * transaction ends, and all nodes learn of what it has changed.
 */
export async function changeCatalog<T extends Changed>(
  database: Database,
  catalogs: Catalogs,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  const result = await inTransaction(database, async (tx) => {
    await lockCatalog(tx);
    // Before anything is written: what is read here of a change that is rolled back would be taken for true.
    await catalogs.refresh(tx);
    const done = await work(tx);
    if (done.changed) await touchCatalog(tx);
    return done;
  });
  await catalogs.refresh(database);
  return result;
}
