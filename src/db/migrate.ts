import { readdirSync, readFileSync } from 'node:fs';
import { WaybillError } from '../errors.ts';
import type { Database, Queryable, Transaction } from './database.ts';

const DIRECTORY = new URL('../../migrations/', import.meta.url);
// Any number will do, as long as it is always the same one.
const ADVISORY_LOCK = 7_294_110_553;

export interface Migration {
  readonly number: number;
  readonly name: string;
}

/** The migrations this version brings, in order. */
export function listMigrations(): Migration[] {
  return readdirSync(DIRECTORY)
    .filter((file) => /^\d{4}_.+\.sql$/.test(file))
    .sort()
    .map((file) => ({ number: Number(file.slice(0, 4)), name: file }));
}

// Read once: the files of a node that is being replaced may be replaced before it is.
const NEWEST = listMigrations().at(-1)?.number ?? 0;

/**
 * Brings the schema `waybill` up to this version and returns the migrations that were applied. All or
 * nothing, and safe when several nodes start at once: one does the work while the others wait for its lock.
 *
 * @throws WaybillError `database_too_new` when a newer version of Waybill has been here.
 */
export async function migrate(database: Database): Promise<Migration[]> {
  return database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(${ADVISORY_LOCK})`);
    const applied = await appliedNumbers(tx);
    const known = listMigrations();
    refuseNewer(applied, known);
    const due = known.filter((migration) => !applied.has(migration.number));
    for (const migration of due) await apply(tx, migration);
    return due;
  });
}

/** The newest migration of a database, if this version doesn't know it, and the newest one it knows. */
export async function findNewerMigration(
  db: Queryable,
): Promise<{ readonly applied: number; readonly known: number } | undefined> {
  const { rows } = await db.query<{ newest: number }>(
    'select max(number)::integer as newest from waybill.migrations',
  );
  const applied = rows[0]?.newest ?? 0;
  return applied > NEWEST ? { applied, known: NEWEST } : undefined;
}

async function appliedNumbers(tx: Transaction): Promise<Set<number>> {
  // Asking first keeps a role without the right to create schemas working once the schema is there.
  const { rows } = await tx.query<{ there: boolean }>(
    `select to_regclass('waybill.migrations') is not null as there`,
  );
  if (!rows[0]?.there) {
    await tx.exec(`
      create schema if not exists waybill;
      create table waybill.migrations (
        number integer primary key,
        name text not null,
        applied_at timestamptz not null default now()
      );
    `);
  }
  const applied = await tx.query<{ number: number }>('select number from waybill.migrations');
  return new Set(applied.rows.map((row) => row.number));
}

function refuseNewer(applied: ReadonlySet<number>, known: readonly Migration[]): void {
  const newest = known.at(-1)?.number ?? 0;
  const beyond = [...applied].filter((number) => number > newest);
  if (beyond.length === 0) return;
  throw new WaybillError(
    'database_too_new',
    500,
    `The database has migration ${Math.max(...beyond)}, this version of Waybill knows only up to ${newest}. ` +
      'Run the newer version.',
  );
}

/** Recorded first: a second run that could ever slip through fails on the primary key before it changes anything. */
async function apply(tx: Transaction, migration: Migration): Promise<void> {
  await tx.query('insert into waybill.migrations (number, name) values ($1::integer, $2::text)', [
    migration.number,
    migration.name,
  ]);
  await tx.exec(readFileSync(new URL(migration.name, DIRECTORY), 'utf8'));
}
