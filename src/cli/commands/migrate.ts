import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import { migrate } from '../../db/migrate.ts';
import { openDatabase } from '../../db/open.ts';
import { createLog } from '../../log.ts';
import { environmentHelp } from '../environment-help.ts';
import { addDatabaseOptions, type Settings } from '../settings.ts';

const HELP = `
Brings the schema "waybill" of the database up to this version: all of it or nothing, and safe when several
nodes do it at once. "waybill serve" does the same when it starts; this command is for deployments that
migrate apart, with a user of more rights.

Example:
  $ DATABASE_URL=postgres://owner:…@db/waybill waybill migrate
`;

/** `waybill migrate` */
export function addMigrate(program: Command): void {
  addDatabaseOptions(program.command('migrate').description('bring the database up to this version'))
    .addHelpText('after', () => HELP + environmentHelp('DATABASE_URL', 'WAYBILL_DATA_DIR'))
    .action((settings: Settings) => run(settings));
}

async function run(settings: Settings): Promise<void> {
  const config = loadConfig(settings, process.env);
  const database = await openDatabase(config, createLog('silent'));
  try {
    const applied = await migrate(database);
    for (const { name } of applied) process.stdout.write(`applied ${name}\n`);
    if (applied.length === 0) process.stdout.write('The database is up to date.\n');
  } finally {
    await database.close();
  }
}
