import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** What stands before an id on the wire, so that a stray id says what it belongs to. */
export type IdPrefix =
  | 'evt'
  | 'wh'
  | 'dlv'
  | 'att'
  | 'key'
  | 'alr'
  | 'rcp'
  | 'rpl'
  | 'bat'
  | 'sec'
  | 'usr'
  | 'ses'
  | 'inv'
  | 'pln'
  | 'aud';

const RANDOM_BYTES = 16;
const pool = new Uint8Array(RANDOM_BYTES * 256);
let poolAt = pool.length;
let lastMs = 0;
let sequence = 0;

/** A new UUIDv7 (RFC 9562): ids sort by when they were made, also within a millisecond of this process. */
export function newId(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // Begun at random, so that two processes don't count the same numbers in the same millisecond.
    sequence = new DataView(randomBytes().buffer, poolAt - RANDOM_BYTES).getUint32(0) >>> 1;
  } else {
    sequence += 1;
  }
  return v7({ msecs: lastMs, seq: sequence, random: randomBytes() });
}

/** Asking the system for random bytes once for many ids makes an id take 1 µs instead of 6. */
function randomBytes(): Uint8Array {
  if (poolAt === pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  poolAt += RANDOM_BYTES;
  return pool.subarray(poolAt - RANDOM_BYTES, poolAt);
}

/** `evt_` and the 32 hexadecimal digits of the UUID. */
export function toWireId(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${uuid.replaceAll('-', '')}`;
}

/** The UUID in an id of the wire, or undefined if it isn't one of that kind. */
export function fromWireId(prefix: IdPrefix, text: string): string | undefined {
  const digits = text.slice(prefix.length + 1);
  if (!text.startsWith(`${prefix}_`) || !/^[0-9a-f]{32}$/.test(digits)) return undefined;
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}

/** When a UUIDv7 was made: its first 48 bits are milliseconds since 1970. */
export function timeOfId(uuid: string): Date {
  return new Date(Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16));
}
