import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from './database.ts';
import { openEmbedded } from './embedded.ts';
import { logged } from './outage.ts';
import { openPostgres } from './postgres.ts';

const MAX_CONNECTIONS = 10;

/** The database the configuration names: a server, or the embedded one in the data directory. */
export async function openDatabase(config: Config, log: Logger): Promise<Database> {
  if (config.databaseUrl === undefined) return openEmbedded(config.dataDir);
  return openPostgres({
    connectionString: config.databaseUrl,
    maxConnections: MAX_CONNECTIONS,
    onError: (error) => log.warn(logged(error), 'a connection to the database was lost'),
  });
}
