import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { newId } from '../ids.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './password.ts';

export const SESSION_SECONDS = 7 * 24 * 3600;

/** The header that hands the library the address of the client, which it reads from headers alone. */
export const ADDRESS_HEADER = 'x-waybill-client-address';

export interface AuthLibraryOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Signs cookies. */
  readonly secret: string;
  /** Where people reach the dashboard: `https://hooks.example.com`. */
  readonly baseUrl: string;
}

/**
 * better-auth over our own tables (decision 11): passwords, sessions and their cookies. It is loaded when it is first
 * needed: a process that only publishes never does.
 */
export function createAuthLibrary(options: AuthLibraryOptions) {
  const within = new AsyncLocalStorage<Queryable>();
  let loading: ReturnType<typeof load> | undefined;
  return {
    get: () => {
      loading ??= load(options, () => within.getStore() ?? options.database);
      return loading;
    },
    /** Lets what the library does in `work` be part of a transaction. */
    inside: <T>(tx: Queryable, work: () => Promise<T>): Promise<T> => within.run(tx, work),
  };
}

export type AuthLibrary = ReturnType<typeof createAuthLibrary>;

async function load({ clock, log, secret, baseUrl }: AuthLibraryOptions, db: () => Queryable) {
  const { betterAuth } = await import('better-auth/minimal');
  const { createAuthRecords } = await import('./auth-records.ts');
  return betterAuth({
    appName: 'Waybill',
    baseURL: baseUrl,
    secret,
    database: createAuthRecords(db, clock),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
    },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    advanced: {
      cookiePrefix: 'waybill',
      useSecureCookies: baseUrl.startsWith('https:'),
      defaultCookieAttributes: { sameSite: 'strict', httpOnly: true, path: '/' },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { generateId: () => newId() },
    },
    // Attempts are counted by us, as they come by other ways than the library's own.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      // Below an error it tells of wrong passwords, which is nobody's business.
      level: 'error',
      log: (_level, message) => log.error({ library: 'better-auth' }, message),
    },
  });
}
