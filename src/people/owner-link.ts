import { z } from 'zod';
import { actingAs } from '../audit/actor.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { conflict, WaybillError } from '../errors.ts';
import { toWireId } from '../ids.ts';
import { emailSchema, parseInput } from '../input.ts';
import { insertOwnerLink, isOwnerLink, putOwnerLink, takeOwnerLink } from '../store/owner-link.ts';
import { hasPlatformOwner, putRole } from '../store/user-roles.ts';
import type { AuthLibrary } from './auth-library.ts';
import { admit, personNameSchema } from './new-user.ts';
import { hashOfToken, newToken, tokenLink } from './one-time-token.ts';
import { passwordSchema } from './password.ts';
import type { Client, SignedIn, UserSessions } from './user-sessions.ts';

export const tokenSchema = z.string().min(20).max(200);

export const setupSchema = z.strictObject({
  token: tokenSchema,
  email: emailSchema,
  name: personNameSchema,
  password: passwordSchema,
});
export type SetupInput = z.input<typeof setupSchema>;

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly library: AuthLibrary;
  readonly sessions: UserSessions;
  readonly baseUrl: string;
}

/** The one-time link that makes the first owner of the platform. */
export class OwnerLink {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * The link of the first start; undefined if one has been made before, or there is an owner.
   *
   * @param baseUrl where the server listens, if it isn't configured where people reach it
   */
  async first(baseUrl = this.#options.baseUrl): Promise<string | undefined> {
    const { database } = this.#options;
    if (await hasPlatformOwner(database)) return undefined;
    const token = newToken();
    const made = await insertOwnerLink(database, hashOfToken(token), this.#now());
    return made ? tokenLink(baseUrl, '/setup', token) : undefined;
  }

  /** A new link, in the place of the one before. @throws WaybillError `owner_exists` (409) */
  async renew(): Promise<string> {
    const { database, audit, baseUrl } = this.#options;
    const token = newToken();
    await database.transaction(async (tx) => {
      if (await hasPlatformOwner(tx)) throw ownerExists();
      await putOwnerLink(tx, hashOfToken(token), this.#now());
      await audit.record(tx, { account: null, action: 'owner-link.created', target: 'owner-link' });
    });
    return tokenLink(baseUrl, '/setup', token);
  }

  /**
   * Makes the owner and signs them in. The link is used up.
   *
   * @throws WaybillError `validation_failed`, `link_invalid` (404), `owner_exists` (409), `sign_in_failed` (401)
   */
  async use(input: SetupInput, client: Client): Promise<SignedIn> {
    const { token, ...newcomer } = parseInput(setupSchema, input);
    const { database, audit } = this.#options;
    const hash = hashOfToken(token);
    // Before a password is hashed, which takes its time.
    if (!(await isOwnerLink(database, hash))) throw linkInvalid();
    const parts = { ...this.#options, transaction: database.transaction.bind(database) };
    return admit(parts, newcomer, client, async (tx, userId) => {
      if (!(await takeOwnerLink(tx, hash))) throw linkInvalid();
      if (await hasPlatformOwner(tx)) throw ownerExists();
      await putRole(tx, userId, null, 'owner', this.#now());
      const id = toWireId('usr', userId);
      await actingAs({ kind: 'link', id: 'owner-link', name: newcomer.email }, () =>
        audit.record(tx, {
          account: null,
          action: 'user.added',
          target: id,
          after: { email: newcomer.email, role: 'owner' },
        }),
      );
    });
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

/** Used, expired, taken back and never made look the same. */
export function linkInvalid(): WaybillError {
  return new WaybillError('link_invalid', 404, 'This link has been used, has expired, or never was one.');
}

function ownerExists(): WaybillError {
  return conflict('owner_exists', 'There is an owner already. Owners invite others.');
}
