import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { misconfigured } from '../errors.ts';
import { generateEncryptionKey } from './keyring.ts';

/**
 * The encryption key to use: the configured one, or for the embedded database the one in its data directory,
 * made there at the first start.
 *
 * @throws WaybillError `misconfigured` for PostgreSQL without a key: several nodes must have the same one
 */
export function resolveEncryptionKey(config: Config): string {
  if (config.encryptionKey !== undefined) return config.encryptionKey;
  if (config.databaseUrl !== undefined) {
    throw misconfigured(
      'WAYBILL_ENCRYPTION_KEY is required with DATABASE_URL: 32 bytes in base64, the same for every node. ' +
        'Make one with: openssl rand -base64 32',
    );
  }
  const path = join(config.dataDir, 'encryption.key');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const key = generateEncryptionKey();
  writeFileSync(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}
