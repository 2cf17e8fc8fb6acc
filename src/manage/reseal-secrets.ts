import type { Database } from '../db/database.ts';
import type { Keyring } from '../secrets/keyring.ts';
import {
  credentialContext,
  listCredentialKeyIds,
  readCredentialsSealedOtherwise,
  replaceSealedCredential,
} from '../store/webhook-credentials.ts';
import { listEncryptionKeyIds, readSecretsSealedOtherwise, updateSealed } from '../store/webhook-secrets.ts';

const SECRETS_PER_ROUND = 500;

/**
 * Seals with the current key whatever an older one sealed, so that the older one can be left out of the
 * configuration next time. Several nodes may do it at once.
 *
 * @throws WaybillError `encryption_key_unknown` if a key is missing; then nothing is changed
 */
export async function resealSecrets(database: Database, keyring: Keyring): Promise<void> {
  const keyIds = [...(await listEncryptionKeyIds(database)), ...(await listCredentialKeyIds(database))];
  keyring.requireKeys(keyIds);
  if (keyIds.every((keyId) => keyId === keyring.currentKeyId)) return;
  await resealSigningSecrets(database, keyring);
  await resealCredentials(database, keyring);
}

async function resealSigningSecrets(database: Database, keyring: Keyring): Promise<void> {
  for (;;) {
    const rows = await readSecretsSealedOtherwise(database, keyring.currentKeyId, SECRETS_PER_ROUND);
    if (rows.length === 0) return;
    for (const row of rows) {
      const { keyId, sealed } = keyring.seal(keyring.open(row, row.webhookId), row.webhookId);
      await updateSealed(database, { id: row.id, keyId, sealed });
    }
  }
}

async function resealCredentials(database: Database, keyring: Keyring): Promise<void> {
  for (;;) {
    const rows = await readCredentialsSealedOtherwise(database, keyring.currentKeyId, SECRETS_PER_ROUND);
    if (rows.length === 0) return;
    for (const row of rows) {
      const context = credentialContext(row);
      await replaceSealedCredential(database, row, keyring.seal(keyring.open(row, context), context));
    }
  }
}
