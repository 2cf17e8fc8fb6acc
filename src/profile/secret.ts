import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
const PREFIX = 'whsec_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const NEW_BYTES = 32;

/** A new signing secret: `whsec_` and base64 of 32 random bytes. Any profile can sign with it. */
export function generateSecret(): string {
  return PREFIX + randomBytes(NEW_BYTES).toString('base64');
}

/** The key in a secret: base64 of 24 to 64 bytes behind `whsec_`. Undefined for anything else. */
export function parseSecret(secret: string): KeyObject | undefined {
  const base64 = secret.slice(PREFIX.length);
  if (!secret.startsWith(PREFIX) || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const key = Buffer.from(base64, 'base64');
  if (key.length < MIN_BYTES || key.length > MAX_BYTES) return undefined;
  if (key.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) return undefined;
  return createSecretKey(key);
}

/** Whether a text can be the secret of a profile that signs with its UTF-8 bytes. */
export function isTextSecret(secret: string): boolean {
  return /^[\x21-\x7e]{8,256}$/.test(secret);
}
