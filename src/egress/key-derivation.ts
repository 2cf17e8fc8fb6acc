import { hash, pbkdf2, scrypt } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, Buffer, number, object, Buffer>(scrypt);

/**
 * What one file may cost to open. It says itself how many rounds its passphrase takes, and a hostile one
 * would take hours: the rounds of all its parts together are limited.
 */
export class WorkLimit {
  #rounds: number;

  constructor(rounds = 2_000_000) {
    this.#rounds = rounds;
  }

  /** Whether that many more may be done. */
  allows(rounds: number): boolean {
    this.#rounds -= rounds;
    return this.#rounds >= 0;
  }
}

export interface Pbkdf2Cost {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly digest: string;
}

/** RFC 8018, 5.2. Undefined if it would be too much work. */
export async function keyByPbkdf2(
  passphrase: string,
  { salt, iterations, digest }: Pbkdf2Cost,
  bytes: number,
  limit: WorkLimit,
): Promise<Buffer | undefined> {
  if (!limit.allows(iterations)) return undefined;
  return derivePbkdf2(passphrase, salt, iterations, bytes, digest);
}

export interface ScryptCost {
  readonly salt: Buffer;
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

const SCRYPT_MEMORY_BYTES = 64 * 1024 * 1024;

/** RFC 7914. Undefined if it would be too much work, or if no such costs may be. */
export async function keyByScrypt(
  passphrase: string,
  { salt, n, r, p }: ScryptCost,
  bytes: number,
  limit: WorkLimit,
): Promise<Buffer | undefined> {
  if (!limit.allows(n * r * p)) return undefined;
  return deriveScrypt(passphrase, salt, bytes, { N: n, r, p, maxmem: SCRYPT_MEMORY_BYTES }).catch(
    () => undefined,
  );
}

// RFC 7292, B.2, for SHA-1.
const DIGEST_BYTES = 20;
const BLOCK_BYTES = 64;
/** These rounds are done here, one by one, not by OpenSSL off this thread. */
const PRICE_OF_A_ROUND = 10;
const ROUNDS_AT_A_TIME = 2_000;

/**
 * The derivation of PKCS#12 itself with SHA-1 (RFC 7292, B.2), which older files use.
 *
 * @param passphrase as the file format wants it, see `bmpPassphrase`
 * @param purpose 1: a key; 2: an initial vector
 * @returns undefined if it would be too much work
 */
export async function keyByPkcs12(
  passphrase: Buffer,
  { salt, iterations }: Omit<Pbkdf2Cost, 'digest'>,
  purpose: 1 | 2,
  bytes: number,
  limit: WorkLimit,
): Promise<Buffer | undefined> {
  const blocks = Math.ceil(bytes / DIGEST_BYTES);
  if (!limit.allows(iterations * blocks * PRICE_OF_A_ROUND)) return undefined;
  const diversifier = Buffer.alloc(BLOCK_BYTES, purpose);
  const input = Buffer.concat([filled(salt), filled(passphrase)]);
  const derived: Buffer[] = [];
  for (let block = 0; block < blocks; block += 1) {
    const digest = await hashRepeatedly(Buffer.concat([diversifier, input]), iterations);
    derived.push(digest);
    addToEachBlock(input, Buffer.alloc(BLOCK_BYTES, digest));
  }
  return Buffer.concat(derived).subarray(0, bytes);
}

/** UTF-16, big end first, with a zero at the end (RFC 7292, B.1). */
export function bmpPassphrase(passphrase: string): Buffer {
  return Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
}

/** Other work has its turn in between: thousands of rounds take milliseconds. */
async function hashRepeatedly(data: Buffer, rounds: number): Promise<Buffer> {
  let digest = data;
  for (let round = 0; round < rounds; round += 1) {
    digest = hash('sha1', digest, 'buffer');
    if (round % ROUNDS_AT_A_TIME === ROUNDS_AT_A_TIME - 1) await setImmediate();
  }
  return digest;
}

/** As often as it takes to fill whole blocks; nothing stays nothing. */
function filled(data: Buffer): Buffer {
  return data.length === 0 ? data : Buffer.alloc(Math.ceil(data.length / BLOCK_BYTES) * BLOCK_BYTES, data);
}

/**
 * Makes each block of the input itself plus `addend` plus one, as numbers that begin anew when they overflow.
 */
function addToEachBlock(input: Buffer, addend: Buffer): void {
  for (let start = 0; start < input.length; start += BLOCK_BYTES) {
    let carry = 1;
    for (let at = BLOCK_BYTES - 1; at >= 0; at -= 1) {
      carry += (input[start + at] ?? 0) + (addend[at] ?? 0);
      input[start + at] = carry & 0xff;
      carry >>= 8;
    }
  }
}
