import { describe, expect, it } from 'vitest';
import { createKeyring, generateEncryptionKey } from './keyring.ts';

describe('keyring', () => {
  it('opens what it sealed, and seals differently each time', () => {
    const keyring = createKeyring(generateEncryptionKey());
    const first = keyring.seal('whsec_abc', 'webhook-1');
    const second = keyring.seal('whsec_abc', 'webhook-1');
    expect(keyring.open(first, 'webhook-1')).toBe('whsec_abc');
    expect(Buffer.from(first.sealed)).not.toEqual(Buffer.from(second.sealed));
    expect(Buffer.from(first.sealed).includes('whsec_abc')).toBe(false);
  });

  it('does not open a value moved to another context or changed by a bit', () => {
    const keyring = createKeyring(generateEncryptionKey());
    const sealed = keyring.seal('whsec_abc', 'webhook-1');
    expect(() => keyring.open(sealed, 'webhook-2')).toThrow();
    const changed = Buffer.from(sealed.sealed);
    changed[20] = (changed[20] ?? 0) ^ 1;
    expect(() => keyring.open({ ...sealed, sealed: changed }, 'webhook-1')).toThrow();
  });

  it('after a rotation seals with the new key and still opens what the old one sealed', () => {
    const oldKey = generateEncryptionKey();
    const newKey = generateEncryptionKey();
    const sealed = createKeyring(oldKey).seal('whsec_abc', 'w');
    const rotated = createKeyring(`${newKey},${oldKey}`);
    expect(rotated.open(sealed, 'w')).toBe('whsec_abc');
    expect(rotated.seal('x', 'w').keyId).not.toBe(sealed.keyId);
    expect(() => createKeyring(newKey).open(sealed, 'w')).toThrowError(/encrypted with another key/);
  });

  it.each(['', 'short', Buffer.alloc(16).toString('base64'), `${'A'.repeat(43)}!`])(
    'refuses %j as a key and says how to make one',
    (text) => {
      expect(() => createKeyring(text)).toThrowError(/openssl rand -base64 32/);
    },
  );
});
