import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { lockDataDirectory } from './data-directory-lock.ts';
import type { Database, Row, Transaction } from './database.ts';

/**
 * PostgreSQL in this process (PGlite), its files in `dataDir`. It survives a killed process; it doesn't
 * survive a power cut, because it never calls fsync. One process at a time.
 *
 * @throws WaybillError `data_dir_in_use`
 */
export async function openEmbedded(dataDir: string): Promise<Database> {
  makeDirectory(dataDir);
  const unlock = lockDataDirectory(dataDir);
  try {
    const pglite = await PGlite.create({ dataDir: join(dataDir, 'pgdata') });
    return embeddedDatabase(pglite, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Not `recursive: true`, with which Node 26 never returns where a directory is there but can't be written to, as /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** Wraps a PGlite that is open already. `onClose` runs after it has been closed. */
export function embeddedDatabase(pglite: PGlite, onClose: () => void = () => undefined): Database {
  return {
    kind: 'embedded',
    query: <R extends Row>(text: string, values?: unknown[]) => pglite.query<R>(text, values),
    transaction: <T>(work: (tx: Transaction) => Promise<T>) =>
      pglite.transaction((tx) =>
        work({
          query: <R extends Row>(text: string, values?: unknown[]) => tx.query<R>(text, values),
          exec: async (text) => {
            await tx.exec(text);
          },
        }),
      ) as Promise<T>,
    listen: (channel, onPayload) => pglite.listen(channel, onPayload),
    connections: () => null,
    close: async () => {
      await pglite.close();
      onClose();
    },
  };
}
