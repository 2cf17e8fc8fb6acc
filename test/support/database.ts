import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import { databaseUrl, POSTGRES_TEMPLATE } from './global-setup.ts';

/** Both ways to run the one dialect: whatever is tested on one is tested on the other. */
export const DATABASE_KINDS = ['postgres', 'embedded'] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

/**
 * Those of the tests in e2e/: PostgreSQL, and both in `npm run test:all`. The suites in conformance/ hold both to one behaviour
 * each time; over both everything takes longer than a check of a change may.
 */
export const E2E_DATABASE_KINDS: readonly DatabaseKind[] =
  process.env.WAYBILL_TEST_ALL === '1' ? DATABASE_KINDS : ['postgres'];

/** A migrated, empty database of this test alone, as `createWaybill` is told of it. Gone when the test has ended. */
export type TestDatabase = Pick<WaybillOptions, 'databaseUrl' | 'dataDir' | 'encryptionKey' | 'environment'>;

export async function createTestDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  const encryptionKey = randomBytes(32).toString('base64');
  if (kind === 'postgres') return { databaseUrl: await createPostgres(), encryptionKey, environment: {} };
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-test-'));
  cpSync(inject('embeddedTemplate'), dataDir, { recursive: true });
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return { dataDir, encryptionKey, environment: {} };
}

async function createPostgres(): Promise<string> {
  const url = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  // Copied as files: nothing needs the copy in the log, which takes twice as long.
  await asAdmin(url, `create database ${name} template ${POSTGRES_TEMPLATE} strategy file_copy`);
  onTestFinished(() => asAdmin(url, `drop database ${name} with (force)`));
  return databaseUrl(url, name);
}

async function asAdmin(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
