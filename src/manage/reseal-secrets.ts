import type { Database } from '../db/database.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { listEncryptionKeyIds, readSecretsSealedOtherwise, updateSealed } from '../store/webhook-secrets.ts';

const SECRETS_PER_ROUND = 500;

/**
 * Seals with the current key whatever an older one sealed, so that the older one can be left out of the
 * configuration next time. Several nodes may do it at once.
 *
 * @throws WaybillError `encryption_key_unknown` if a key is missing; then nothing is changed
 */
export async function resealSecrets(database: Database, keyring: Keyring): Promise<void> {
  const keyIds = await listEncryptionKeyIds(database);
  keyring.requireKeys(keyIds);
  if (keyIds.every((keyId) => keyId === keyring.currentKeyId)) return;
  for (;;) {
    const rows = await readSecretsSealedOtherwise(database, keyring.currentKeyId, SECRETS_PER_ROUND);
    if (rows.length === 0) return;
    for (const row of rows) {
      const { keyId, sealed } = keyring.seal(keyring.open(row, row.webhookId), row.webhookId);
      await updateSealed(database, { id: row.id, keyId, sealed });
    }
  }
}
