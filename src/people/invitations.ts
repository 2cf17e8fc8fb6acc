import { z } from 'zod';
import { actingAs } from '../audit/actor.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { conflict, notFound } from '../errors.ts';
import { fromWireId, newId, toWireId } from '../ids.ts';
import { emailSchema, parseInput } from '../input.ts';
import { ensureAccount } from '../store/accounts.ts';
import * as store from '../store/invitations.ts';
import { findMember, putRole } from '../store/user-roles.ts';
import { actorOf } from './actor.ts';
import type { AuthLibrary } from './auth-library.ts';
import type { Caller, Role } from './caller.ts';
import { admit, personNameSchema } from './new-user.ts';
import { hashOfToken, newToken, tokenLink } from './one-time-token.ts';
import { linkInvalid, tokenSchema } from './owner-link.ts';
import { passwordSchema } from './password.ts';
import { mayAssign } from './permissions.ts';
import { mayNot } from './refusals.ts';
import type { Client, SignedIn, UserSessions } from './user-sessions.ts';

const EXPIRE_MS = 7 * 24 * 3600 * 1000;

export const roleSchema = z.enum(['owner', 'admin', 'viewer']);
export const invitationSchema = z.strictObject({ email: emailSchema, role: roleSchema });
export const acceptSchema = z.strictObject({
  token: tokenSchema,
  name: personNameSchema.optional().describe('Needed of somebody who is new here.'),
  password: passwordSchema.describe('A new one; of somebody who is known here, theirs.'),
});

export interface InvitationView {
  id: string;
  email: string;
  role: Role;
  /** null: to the platform. */
  account: string | null;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
}

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly library: AuthLibrary;
  readonly sessions: UserSessions;
  readonly baseUrl: string;
}

/** Asks people in, to an account or (null) to the platform. Ids are `inv_…`. */
export class Invitations {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Invites an e-mail. What it was sent before to the same place no longer works.
   *
   * @returns the invitation, and its link this once
   * @throws WaybillError `validation_failed`; `forbidden` (403): only owners make owners; `already_member` (409)
   */
  async create(
    caller: Caller,
    account: string | null,
    input: z.input<typeof invitationSchema>,
  ): Promise<InvitationView & { url: string }> {
    const { email, role } = parseInput(invitationSchema, input);
    if (!mayAssign(caller, account, role)) throw mayNot('Only owners make owners.', 'owners');
    const { database, audit, baseUrl } = this.#options;
    const token = newToken();
    const now = this.#now();
    const row = await database.transaction(async (tx) => {
      if (account !== null) await ensureAccount(tx, account);
      if (await this.#isMember(tx, account, email)) {
        throw conflict('already_member', 'There is a user of this e-mail here already.');
      }
      await store.revokeInvitationsTo(tx, account, email, now);
      const made = await store.insertInvitation(tx, {
        id: newId(),
        accountId: account,
        email,
        role,
        hash: hashOfToken(token),
        invitedBy: actorOf(caller).name,
        createdAt: now,
        expiresAt: new Date(this.#options.clock.now() + EXPIRE_MS).toISOString(),
      });
      await audit.record(tx, {
        account,
        action: 'invitation.created',
        target: toWireId('inv', made.id),
        after: { email, role },
      });
      return made;
    });
    return { ...invitationView(row), url: tokenLink(baseUrl, '/invitation', token) };
  }

  /** Those that can still be accepted, newest first. */
  async list(
    account: string | null,
    { after = null, limit = 50 }: { readonly after?: string | null; readonly limit?: number } = {},
  ): Promise<{ items: InvitationView[]; next: string | null }> {
    const rows = await store.listInvitations(this.#options.database, account, this.#now(), after, limit + 1);
    const shown = rows.slice(0, limit);
    return {
      items: shown.map(invitationView),
      next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  }

  /** @throws WaybillError `not_found` */
  async revoke(account: string | null, wireId: string): Promise<void> {
    const id = fromWireId('inv', wireId);
    const { database, audit } = this.#options;
    await database.transaction(async (tx) => {
      const row = id && (await store.revokeInvitation(tx, account, id, this.#now()));
      if (!row) throw notFound('invitation');
      const { email, role } = row;
      await audit.record(tx, {
        account,
        action: 'invitation.revoked',
        target: wireId,
        before: { email, role },
      });
    });
  }

  /** What a link invites to, for the page that asks for a name and a password. @throws WaybillError `link_invalid` (404) */
  async look(token: string): Promise<InvitationView> {
    const row = await store.findInvitation(this.#options.database, hashOfToken(token), this.#now());
    if (!row) throw linkInvalid();
    return invitationView(row);
  }

  /**
   * Gives somebody the role they were invited to, and signs them in.
   *
   * @throws WaybillError `validation_failed`, `link_invalid` (404), `sign_in_failed` (401), `too_many_attempts` (429)
   */
  async accept(input: z.input<typeof acceptSchema>, client: Client): Promise<SignedIn> {
    const { token, name, password } = parseInput(acceptSchema, input);
    const { database, audit } = this.#options;
    const row = await store.findInvitation(database, hashOfToken(token), this.#now());
    if (!row) throw linkInvalid();
    const { id, email, role, accountId } = row;
    const parts = { ...this.#options, transaction: database.transaction.bind(database) };
    return admit(parts, { email, name, password }, client, async (tx, userId) => {
      if (!(await store.acceptInvitation(tx, id, this.#now()))) throw linkInvalid();
      // Who has come another way meanwhile keeps the role they have.
      if (await findMember(tx, accountId, userId)) return;
      await putRole(tx, userId, accountId, role, this.#now());
      const wireId = toWireId('usr', userId);
      await actingAs({ kind: 'link', id: toWireId('inv', id), name: email }, () =>
        audit.record(tx, {
          account: accountId,
          action: 'user.added',
          target: wireId,
          after: { email, role },
        }),
      );
    });
  }

  async #isMember(tx: Queryable, account: string | null, email: string): Promise<boolean> {
    const { library } = this.#options;
    const { internalAdapter } = await (await library.get()).$context;
    const found = await library.inside(tx, () => internalAdapter.findUserByEmail(email));
    return found !== null && (await findMember(tx, account, found.user.id)) !== undefined;
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

function invitationView(row: store.InvitationRow): InvitationView {
  return {
    id: toWireId('inv', row.id),
    email: row.email,
    role: row.role,
    account: row.accountId,
    invitedBy: row.invitedBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
