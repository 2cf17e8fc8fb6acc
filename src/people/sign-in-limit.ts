import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { WaybillError } from '../errors.ts';
import { countAttempt, forgetAttempts } from '../store/sign-in-attempts.ts';

export const WINDOW_MS = 15 * 60 * 1000;
export const ATTEMPTS_PER_EMAIL = 10;
export const ATTEMPTS_PER_ADDRESS = 50;

/** Bounds how often passwords are tried: for one e-mail, whoever asks and whether it is known; and from one address. */
export class SignInLimit {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Counts before the password is looked at, so that many at once are counted too. @throws WaybillError `too_many_attempts` (429) */
  async count(email: string, address: string | undefined): Promise<void> {
    if (address !== undefined) await this.#count(addressKey(address), ATTEMPTS_PER_ADDRESS);
    await this.#count(emailKey(email), ATTEMPTS_PER_EMAIL);
  }

  /** The password was right. Those tried from this address still count: one right password hides no others. */
  async succeeded(email: string): Promise<void> {
    await forgetAttempts(this.#database, emailKey(email));
  }

  async #count(key: Buffer, limit: number): Promise<void> {
    const now = this.#clock.now();
    const nowText = new Date(now).toISOString();
    const counted = await countAttempt(this.#database, key, nowText, WINDOW_MS);
    if (counted.attempts <= limit) return;
    const seconds = Math.ceil((counted.windowStartedAt.getTime() + WINDOW_MS - now) / 1000);
    const minutes = Math.max(1, Math.ceil(seconds / 60));
    throw new WaybillError(
      'too_many_attempts',
      429,
      `Too many attempts to sign in. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`,
      { params: { minutes } },
    );
  }
}

function emailKey(email: string): Buffer {
  return createHash('sha256').update(`email ${email}`).digest();
}

function addressKey(address: string): Buffer {
  return createHash('sha256')
    .update(`address ${networkOf(address)}`)
    .digest();
}

/** Of IPv6 somebody has a /64 at least to choose from (RFC 6177): they count as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  const groups = [...first, ...zeros, ...last].slice(0, 4);
  return groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':');
}
