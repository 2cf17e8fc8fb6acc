import { createPrivateKey, type KeyObject } from 'node:crypto';
import { childrenOf, octetsOf, readElement } from './ber.ts';
import { type IdentityProblem, problem } from './identity-problem.ts';
import type { WorkLimit } from './key-derivation.ts';
import { decrypt } from './passphrase-encryption.ts';
import { type PemBlock, pemBlocks } from './pem.ts';

export type OpenedKey = { readonly ok: true; readonly key: KeyObject } | IdentityProblem;

const FORMATS: Readonly<Record<string, 'pkcs8' | 'pkcs1' | 'sec1'>> = {
  'PRIVATE KEY': 'pkcs8',
  'RSA PRIVATE KEY': 'pkcs1',
  'EC PRIVATE KEY': 'sec1',
};
const ENCRYPTED = 'ENCRYPTED PRIVATE KEY';

/** Reads the first private key of a PEM text, with its passphrase if it has one. */
export async function openPrivateKey(
  pem: string,
  passphrase: string | undefined,
  limit: WorkLimit,
): Promise<OpenedKey> {
  const block = pemBlocks(pem).find(({ label }) => label === ENCRYPTED || label in FORMATS);
  if (block === undefined) {
    return problem(
      'key_unreadable',
      'There is no private key in it. Paste the text from -----BEGIN PRIVATE KEY----- to its END line.',
    );
  }
  if (block.label === ENCRYPTED) return openEncryptedKey(block.der, passphrase, limit);
  if (block.text.includes('DEK-Info:')) return openKeyWithHeaders(block, passphrase);
  return readKey(block.der, FORMATS[block.label] ?? 'pkcs8');
}

/** Opens an EncryptedPrivateKeyInfo (RFC 5958, 3). */
export async function openEncryptedKey(
  der: Buffer,
  passphrase: string | undefined,
  limit: WorkLimit,
): Promise<OpenedKey> {
  const [algorithm, data] = childrenOf(readElement(der));
  if (algorithm === undefined || data === undefined) return damaged();
  if (passphrase === undefined) return needsPassphrase();
  const decrypted = await decrypt(algorithm, octetsOf(data), passphrase, limit);
  if (decrypted.ok) return readKey(decrypted.bytes, 'pkcs8');
  switch (decrypted.why) {
    case 'wrong_passphrase':
      return problem('passphrase_wrong', 'The passphrase does not open the private key.');
    case 'too_much_work':
      return problem(
        'key_unreadable',
        'The private key takes too many rounds to decrypt. Encrypt it again with the defaults of OpenSSL.',
      );
    case 'unsupported':
      return problem(
        'key_unreadable',
        'The private key is encrypted in a way that is not supported. Encrypt or export it again with AES.',
      );
  }
}

/**
 * The older form, with headers inside of the block. Its passphrase takes one round of MD5, so nothing is to
 * be limited.
 */
function openKeyWithHeaders({ text }: PemBlock, passphrase: string | undefined): OpenedKey {
  if (passphrase === undefined) return needsPassphrase();
  try {
    return { ok: true, key: createPrivateKey({ key: text, format: 'pem', passphrase }) };
  } catch {
    return problem(
      'passphrase_wrong',
      'The passphrase does not open the private key, or its encryption is too old. ' +
        'If the passphrase is right, convert the key with openssl pkcs8 -topk8.',
    );
  }
}

/** Reads a private key in DER that isn't encrypted. */
export function readKey(der: Buffer, type: 'pkcs8' | 'pkcs1' | 'sec1'): OpenedKey {
  try {
    return { ok: true, key: createPrivateKey({ key: der, format: 'der', type }) };
  } catch {
    return damaged();
  }
}

function damaged(): IdentityProblem {
  return problem('key_unreadable', 'The private key is damaged or of an unknown kind. Copy it again, whole.');
}

function needsPassphrase(): IdentityProblem {
  return problem('passphrase_wrong', 'The private key is encrypted: give its passphrase too.');
}
