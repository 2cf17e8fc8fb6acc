import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Signature } from './profile.ts';

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const PREFIXES = { whsec: 'whsec_', whsk: 'whsk_' } as const;
const PUBLIC_PREFIX = 'whpk_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const NEW_BYTES = 32;
const SEED_BYTES = 32;

/** What a secret is: any text, a shared key, or a private key for Ed25519. */
export type SecretKind = Signature['key'];

/**
 * A new signing secret. Of 32 random bytes, `whsec_` and their base64, which any profile with shared secrets can sign
 * with; of the kind `whsk`, a private key and its public key in base64.
 */
export function generateSecret(kind: SecretKind = 'whsec'): string {
  if (kind !== 'whsk') return PREFIXES.whsec + randomBytes(NEW_BYTES).toString('base64');
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  return PREFIXES.whsk + Buffer.concat([seed, publicBytes(privateKey)]).toString('base64');
}

/** The key in a secret of this kind; undefined for what can't be one. */
export function parseSecret(secret: string, kind: SecretKind): KeyObject | undefined {
  if (kind === 'text') return createSecretKey(Buffer.from(secret, 'utf8'));
  const bytes = bytesBehind(PREFIXES[kind], secret);
  if (!bytes) return undefined;
  if (kind === 'whsk') return privateKeyOf(bytes);
  return bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES ? createSecretKey(bytes) : undefined;
}

/** What receivers check the signatures of a private key with: `whpk_` and base64. Null for a shared secret. */
export function publicKeyOf(secret: string): string | null {
  const key = parseSecret(secret, 'whsk');
  return key ? PUBLIC_PREFIX + publicBytes(key).toString('base64') : null;
}

/** Whether a text can be the secret of a profile that signs with its UTF-8 bytes. */
export function isTextSecret(secret: string): boolean {
  return /^[\x21-\x7e]{8,256}$/.test(secret);
}

function bytesBehind(prefix: string, secret: string): Buffer | undefined {
  const base64 = secret.slice(prefix.length);
  if (!secret.startsWith(prefix) || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '') ? bytes : undefined;
}

/** The seed alone, or with the public key behind it, which must be its own. */
function privateKeyOf(bytes: Buffer): KeyObject | undefined {
  if (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES) return undefined;
  // A private key in PKCS#8 (RFC 8410, 7) is these bytes and the seed.
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([head, bytes.subarray(0, SEED_BYTES)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const rest = bytes.subarray(SEED_BYTES);
  return rest.length === 0 || rest.equals(publicBytes(key)) ? key : undefined;
}

function publicBytes(key: KeyObject): Buffer {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
}
