import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { notFound, WaybillError } from '../errors.ts';
import { fromWireId, toWireId } from '../ids.ts';
import { rolesOf } from '../store/user-roles.ts';
import { deleteUserSession, listUserSessions, noteSignIn } from '../store/user-sessions.ts';
import { ADDRESS_HEADER, type AuthLibrary } from './auth-library.ts';
import { withLibrary } from './auth-refusal.ts';
import type { UserCaller } from './caller.ts';
import type { SignInLimit } from './sign-in-limit.ts';

/** What is known of a request that comes from a browser. */
export interface Client {
  readonly cookie: string | undefined;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
}

/** What a browser is told: who it is now, and the cookies that say so. */
export interface SignedIn {
  readonly userId: string;
  /** Values of `Set-Cookie`. */
  readonly cookies: readonly string[];
}

export interface SessionView {
  id: string;
  /** Whether it is the one that asks. */
  current: boolean;
  address: string | null;
  userAgent: string | null;
  createdAt: string;
  expiresAt: string;
}

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly library: AuthLibrary;
  readonly limit: SignInLimit;
}

/** Signing in and out, and what a user does with their own sessions and password. */
export class UserSessions {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * What is wrong isn't told: an e-mail that is known and one that isn't look the same, and take the same time.
   *
   * @throws WaybillError `sign_in_failed` (401), `too_many_attempts` (429)
   */
  async signIn(email: string, password: string, client: Client): Promise<SignedIn> {
    await this.#options.limit.count(email, client.address);
    return this.#signInCounted(email, password, client);
  }

  /** Signs in with what has been counted as an attempt already. */
  async #signInCounted(email: string, password: string, client: Client): Promise<SignedIn> {
    const { library, limit, database, clock } = this.#options;
    const auth = await library.get();
    const { headers, response } = await withLibrary(() =>
      auth.api.signInEmail({ body: { email, password }, headers: headersOf(client), returnHeaders: true }),
    );
    await limit.succeeded(email);
    await noteSignIn(database, response.user.id, new Date(clock.now()).toISOString());
    return { userId: response.user.id, cookies: headers.getSetCookie() };
  }

  /** Ends the session at once; asks the browser to forget its cookie. */
  async signOut(caller: UserCaller, client: Client): Promise<readonly string[]> {
    const { database, library } = this.#options;
    await deleteUserSession(database, caller.userId, caller.sessionId);
    const auth = await library.get();
    const { headers } = await withLibrary(() =>
      auth.api.signOut({ headers: headersOf(client), returnHeaders: true }),
    );
    return headers.getSetCookie();
  }

  /** Who has this cookie; undefined if it is none of ours, or its session has ended. */
  async identify(cookie: string): Promise<UserCaller | undefined> {
    // Other cookies of the host are none of the library's business.
    if (!cookie.includes('waybill.session_token=')) return undefined;
    const auth = await this.#options.library.get();
    const found = await withLibrary(() => auth.api.getSession({ headers: new Headers({ cookie }) }));
    if (!found) return undefined;
    const { user, session } = found;
    return {
      kind: 'user',
      userId: user.id,
      sessionId: session.id,
      email: user.email,
      name: user.name,
      expiresAt: session.expiresAt,
      ...(await this.#rolesOf(user.id)),
    };
  }

  /**
   * Gives the user a new password and ends every session but a new one for this browser.
   *
   * @throws WaybillError `wrong_password` (400), `too_many_attempts` (429)
   */
  async changePassword(
    caller: UserCaller,
    passwords: { readonly current: string; readonly new: string },
    client: Client,
  ): Promise<readonly string[]> {
    const { database, library, limit, audit } = this.#options;
    await limit.count(caller.email, client.address);
    const { internalAdapter, password: hasher } = await (await library.get()).$context;
    const credential = await internalAdapter.findCredentialAccount(caller.userId);
    const known = credential?.password ?? '';
    if (known === '' || !(await hasher.verify({ hash: known, password: passwords.current }))) {
      throw new WaybillError('wrong_password', 400, 'currentPassword: is not the password of this user.');
    }
    // Hashing takes its time, which no transaction waits for.
    const hash = await hasher.hash(passwords.new);
    await database.transaction(async (tx) => {
      await library.inside(tx, async () => {
        await internalAdapter.deleteUserSessions(caller.userId);
        await internalAdapter.updatePassword(caller.userId, hash);
      });
      const target = toWireId('usr', caller.userId);
      await audit.record(tx, { account: null, action: 'user.password-changed', target });
    });
    // Counted once: a limit that is reached now would refuse what has been done.
    return (await this.#signInCounted(caller.email, passwords.new, client)).cookies;
  }

  /** Newest first. */
  async list(caller: UserCaller): Promise<SessionView[]> {
    const { database, clock } = this.#options;
    const rows = await listUserSessions(database, caller.userId, new Date(clock.now()).toISOString());
    return rows.map((row) => ({
      id: toWireId('ses', row.id),
      current: row.id === caller.sessionId,
      address: row.ipAddress || null,
      userAgent: row.userAgent || null,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
    }));
  }

  /** Ends one of the caller's own sessions. @throws WaybillError `not_found` */
  async revoke(caller: UserCaller, wireId: string): Promise<void> {
    const { database, audit } = this.#options;
    const id = fromWireId('ses', wireId);
    await database.transaction(async (tx) => {
      if (id === undefined || !(await deleteUserSession(tx, caller.userId, id))) throw notFound('session');
      await audit.record(tx, { account: null, action: 'session.revoked', target: wireId });
    });
  }

  async #rolesOf(userId: string): Promise<Pick<UserCaller, 'platformRole' | 'accountRoles'>> {
    const rows = await rolesOf(this.#options.database, userId);
    const ofAccounts = rows.flatMap(({ accountId, role }) =>
      accountId === null ? [] : [[accountId, role] as const],
    );
    const platformRole = rows.find(({ accountId }) => accountId === null)?.role ?? null;
    return { platformRole, accountRoles: new Map(ofAccounts) };
  }
}

function headersOf({ cookie, address, userAgent }: Client): Headers {
  const headers = new Headers();
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (address !== undefined) headers.set(ADDRESS_HEADER, address);
  if (userAgent !== undefined) headers.set('user-agent', userAgent.slice(0, 300));
  return headers;
}
