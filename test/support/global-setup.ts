import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Database } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { PARTITIONS_AHEAD_MS } from '../../src/maintenance.ts';
import { ensurePartitions } from '../../src/store/partitions.ts';
import { startPostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the server's `postgres` database. */
    postgresUrl: string;
    /** A migrated data directory nobody has open: copied, it spares each test the 3 s of making one. */
    embeddedTemplate: string;
  }
}

export const POSTGRES_TEMPLATE = 'waybill_template';

/** One PostgreSQL for all tests, and a migrated database of each kind that every test starts from a copy of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Nothing here must survive a power cut, and fsync is what would take the time.
  const server = await startPostgresServer({ fsync: false });
  const directory = mkdtempSync(join(tmpdir(), 'waybill-template-'));
  await prepareEmbedded(directory);
  await preparePostgres(server.url);
  project.provide('postgresUrl', server.url);
  project.provide('embeddedTemplate', directory);
  return async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}

async function prepareEmbedded(directory: string): Promise<void> {
  const database = await openEmbedded(directory);
  await prepare(database);
  await database.close();
}

/** With the partitions that every start makes where they are missing: each test would wait for its own. */
async function prepare(database: Database): Promise<void> {
  await migrate(database);
  const now = Date.now();
  await ensurePartitions(
    database,
    new Date(now).toISOString(),
    new Date(now + PARTITIONS_AHEAD_MS).toISOString(),
  );
}

async function preparePostgres(url: string): Promise<void> {
  const onError = (error: Error): void => console.error(error);
  const admin = openPostgres({ connectionString: url, maxConnections: 1, onError });
  await admin.query(`create database ${POSTGRES_TEMPLATE}`);
  await admin.close();
  const template = openPostgres({
    connectionString: databaseUrl(url, POSTGRES_TEMPLATE),
    maxConnections: 1,
    onError,
  });
  await prepare(template);
  await template.close();
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
