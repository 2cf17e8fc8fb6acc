import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { misconfigured, WaybillError } from '../errors.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface Sealed {
  readonly keyId: string;
  /** 12 bytes nonce, ciphertext, 16 bytes tag. */
  readonly sealed: Uint8Array;
}

/** Encrypts what Waybill keeps for others (signing secrets, credentials), with AES-256-GCM (NIST SP 800-38D). */
export interface Keyring {
  /** `context` is authenticated with the text: a value copied to another row can't be opened there. */
  seal(text: string, context: string): Sealed;
  /** @throws WaybillError `encryption_key_unknown` */
  open(sealed: Sealed, context: string): string;
  /** @throws WaybillError `encryption_key_unknown` if one of these keys isn't there */
  requireKeys(keyIds: readonly string[]): void;
  readonly currentKeyId: string;
}

/**
 * @param text base64 of 32 bytes. Several, separated by commas: the first one seals, all of them open,
 *   which is how a key is rotated.
 * @throws WaybillError `misconfigured`
 */
export function createKeyring(text: string): Keyring {
  const keys = new Map<string, Buffer>();
  for (const part of text.split(',')) {
    const key = parseKey(part.trim());
    keys.set(keyIdOf(key), key);
  }
  const [current] = keys;
  if (!current) throw misconfigured('WAYBILL_ENCRYPTION_KEY is empty.');
  const [currentKeyId, currentKey] = current;
  return {
    currentKeyId,
    requireKeys: (keyIds) => {
      const unknown = keyIds.find((keyId) => !keys.has(keyId));
      if (unknown !== undefined) throw unknownKey(unknown);
    },
    seal: (plain, context) => ({ keyId: currentKeyId, sealed: seal(currentKey, plain, context) }),
    open: ({ keyId, sealed }, context) => {
      const key = keys.get(keyId);
      if (!key) throw unknownKey(keyId);
      return open(key, sealed, context);
    },
  };
}

function unknownKey(keyId: string): WaybillError {
  return new WaybillError(
    'encryption_key_unknown',
    500,
    `Secrets in this database were encrypted with another key (id ${keyId}). Start with the ` +
      'WAYBILL_ENCRYPTION_KEY they were made with; to change keys, put the new one first and the old one ' +
      'behind it: "NEW,OLD".',
  );
}

/** A new key as `WAYBILL_ENCRYPTION_KEY` wants it. */
export function generateEncryptionKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

function parseKey(text: string): Buffer {
  const key = Buffer.from(text, 'base64');
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text) || key.length !== KEY_BYTES) {
    throw misconfigured(
      'WAYBILL_ENCRYPTION_KEY must be 32 bytes in base64 (44 characters). Make one with: openssl rand -base64 32',
    );
  }
  return key;
}

/** Names a key without telling anything about it. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('waybill encryption key id').update(key).digest('hex').slice(0, 16);
}

function seal(key: Buffer, plain: string, context: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, sealed: Uint8Array, context: string): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}
