import { onTestFinished } from 'vitest';
import type { Database } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { createTestDatabase, type DatabaseKind } from './database.ts';

/** A migrated, empty database of this test alone, without a Waybill. Closed and gone when the test has ended. */
export async function openTestDatabase(kind: DatabaseKind, maxConnections = 1): Promise<Database> {
  const { databaseUrl, dataDir } = await createTestDatabase(kind);
  const database =
    databaseUrl === undefined
      ? await openEmbedded(dataDir as string)
      : openPostgres({ connectionString: databaseUrl, maxConnections, onError: () => undefined });
  onTestFinished(() => database.close());
  return database;
}
