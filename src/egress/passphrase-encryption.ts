import { createDecipheriv } from 'node:crypto';
import { childrenOf, type Element, identifierOf, integerOf, octetsOf, readElement } from './ber.ts';
import { bmpPassphrase, keyByPbkdf2, keyByPkcs12, keyByScrypt, type WorkLimit } from './key-derivation.ts';

export type Decrypted =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly why: 'unsupported' | 'too_much_work' | 'wrong_passphrase' };

interface Cipher {
  readonly name: string;
  readonly keyBytes: number;
}

const SEQUENCE = 0x30;

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const PBE_SHA1_3DES = '1.2.840.113549.1.12.1.3';

const TRIPLE_DES: Cipher = { name: 'des-ede3-cbc', keyBytes: 24 };
const CIPHERS: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': TRIPLE_DES,
};
/** HMAC with each of these (RFC 8018, B.1). */
const DIGESTS: Readonly<Record<string, string>> = {
  '': 'sha1',
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/**
 * Decrypts what a passphrase protects in PKCS#8 and PKCS#12: one sequence.
 *
 * @param algorithm an AlgorithmIdentifier
 */
export async function decrypt(
  algorithm: Element | undefined,
  data: Buffer | undefined,
  passphrase: string,
  limit: WorkLimit,
): Promise<Decrypted> {
  const [identifier, parameters] = childrenOf(algorithm);
  switch (identifierOf(identifier)) {
    case PBES2:
      return decryptPbes2(parameters, data, passphrase, limit);
    case PBE_SHA1_3DES:
      return decryptTripleDes(parameters, data, passphrase, limit);
    default:
      return { ok: false, why: 'unsupported' };
  }
}

/** RFC 8018, 6.2. */
async function decryptPbes2(
  parameters: Element | undefined,
  data: Buffer | undefined,
  passphrase: string,
  limit: WorkLimit,
): Promise<Decrypted> {
  const [derivation, scheme] = childrenOf(parameters);
  const [schemeIdentifier, vector] = childrenOf(scheme);
  const cipher = CIPHERS[identifierOf(schemeIdentifier)];
  const iv = octetsOf(vector);
  const [derivationIdentifier, costs] = childrenOf(derivation);
  const derive = DERIVATIONS[identifierOf(derivationIdentifier)]?.(childrenOf(costs));
  if (cipher === undefined || derive === undefined) return { ok: false, why: 'unsupported' };
  const key = await derive(passphrase, cipher.keyBytes, limit);
  return key === undefined ? { ok: false, why: 'too_much_work' } : decipher(cipher, key, iv, data);
}

type Derive = (passphrase: string, bytes: number, limit: WorkLimit) => Promise<Buffer | undefined>;

const DERIVATIONS: Readonly<Record<string, (costs: readonly Element[]) => Derive | undefined>> = {
  [PBKDF2]: ([saltElement, iterationsElement, ...rest]) => {
    const salt = octetsOf(saltElement);
    const iterations = integerOf(iterationsElement);
    // The length of the key may stand before it: the cipher tells the length.
    const [prf] = childrenOf(rest.find((element) => integerOf(element) === undefined));
    const digest = DIGESTS[identifierOf(prf)];
    if (salt === undefined || !iterations || digest === undefined) return undefined;
    return (passphrase, bytes, limit) => keyByPbkdf2(passphrase, { salt, iterations, digest }, bytes, limit);
  },
  [SCRYPT]: ([saltElement, ...numbers]) => {
    const salt = octetsOf(saltElement);
    const [n, r, p] = numbers.map((element) => integerOf(element));
    if (salt === undefined || !n || !r || !p) return undefined;
    return (passphrase, bytes, limit) => keyByScrypt(passphrase, { salt, n, r, p }, bytes, limit);
  },
};

/** RFC 7292, C: what Windows, macOS and older versions of Java and OpenSSL protect keys with. */
async function decryptTripleDes(
  parameters: Element | undefined,
  data: Buffer | undefined,
  passphrase: string,
  limit: WorkLimit,
): Promise<Decrypted> {
  const [saltElement, iterationsElement] = childrenOf(parameters);
  const salt = octetsOf(saltElement);
  const iterations = integerOf(iterationsElement);
  if (salt === undefined || !iterations) return { ok: false, why: 'unsupported' };
  const cost = { salt, iterations };
  let decrypted: Decrypted = { ok: false, why: 'wrong_passphrase' };
  // Programs disagree on whether no passphrase is an empty text or nothing at all.
  for (const bytes of passphrase === ''
    ? [bmpPassphrase(''), Buffer.alloc(0)]
    : [bmpPassphrase(passphrase)]) {
    const key = await keyByPkcs12(bytes, cost, 1, TRIPLE_DES.keyBytes, limit);
    const iv = await keyByPkcs12(bytes, cost, 2, 8, limit);
    if (key === undefined || iv === undefined) return { ok: false, why: 'too_much_work' };
    decrypted = decipher(TRIPLE_DES, key, iv, data);
    if (decrypted.ok) break;
  }
  return decrypted;
}

function decipher(cipher: Cipher, key: Buffer, iv: Buffer | undefined, data: Buffer | undefined): Decrypted {
  try {
    const opened = createDecipheriv(cipher.name, key, iv ?? null);
    const bytes = Buffer.concat([opened.update(data ?? Buffer.alloc(0)), opened.final()]);
    // One wrong key in 256 leaves noise whose padding happens to be right.
    return isSequence(bytes) ? { ok: true, bytes } : { ok: false, why: 'wrong_passphrase' };
  } catch {
    return { ok: false, why: 'wrong_passphrase' };
  }
}

function isSequence(bytes: Buffer): boolean {
  return bytes[0] === SEQUENCE && readElement(bytes)?.whole.length === bytes.length;
}
