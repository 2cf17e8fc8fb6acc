import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { conflict, notFound } from '../errors.ts';
import { fromWireId, toWireId } from '../ids.ts';
import {
  deleteRole,
  deleteUserWithoutRoles,
  findMember,
  listMembers,
  lockOwners,
  type MemberRow,
  putRole,
} from '../store/user-roles.ts';
import type { Caller, Role } from './caller.ts';
import { isOfPlatform, mayAssign } from './permissions.ts';
import { mayNot } from './refusals.ts';

export interface MemberView {
  id: string;
  email: string;
  name: string;
  role: Role;
  createdAt: string;
  /** When the newest of their sessions began. */
  lastSignInAt: string | null;
}

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Audit;
}

/** Who has a role of an account, or (null) of the platform. Ids are `usr_…`. */
export class Members {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** In the order they first came. */
  async list(
    account: string | null,
    { after = null, limit = 50 }: { readonly after?: string | null; readonly limit?: number } = {},
  ): Promise<{ items: MemberView[]; next: string | null }> {
    const rows = await listMembers(this.#options.database, account, after, limit + 1);
    const shown = rows.slice(0, limit);
    return { items: shown.map(memberView), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  /** @throws WaybillError `not_found`; `forbidden` (403): only owners make and unmake owners; `last_owner` (409) */
  async setRole(caller: Caller, account: string | null, wireId: string, role: Role): Promise<MemberView> {
    return this.#options.database.transaction(async (tx) => {
      const before = await this.#changeable(tx, caller, account, wireId, role);
      if (before.role === role) return memberView(before);
      await putRole(tx, before.id, account, role, this.#now());
      const { email } = before;
      await this.#options.audit.record(tx, {
        account,
        action: 'user.role-changed',
        target: wireId,
        before: { email, role: before.role },
        after: { email, role },
      });
      return memberView({ ...before, role });
    });
  }

  /** Takes the role away. Whoever has none left is forgotten, and signed out everywhere. */
  async remove(caller: Caller, account: string | null, wireId: string): Promise<void> {
    await this.#options.database.transaction(async (tx) => {
      const { id, email, role } = await this.#changeable(tx, caller, account, wireId, undefined);
      await deleteRole(tx, id, account);
      await deleteUserWithoutRoles(tx, id);
      await this.#options.audit.record(tx, {
        account,
        action: 'user.removed',
        target: wireId,
        before: { email, role },
      });
    });
  }

  /** @param to the role they are to have; undefined: none */
  async #changeable(
    tx: Queryable,
    caller: Caller,
    account: string | null,
    wireId: string,
    to: Role | undefined,
  ): Promise<MemberRow> {
    const id = fromWireId('usr', wireId);
    const owners = await lockOwners(tx, account);
    const member = id && (await findMember(tx, account, id));
    if (!member) throw notFound('user');
    if (!mayAssign(caller, account, member.role) || !mayAssign(caller, account, to ?? member.role)) {
      throw mayNot('Only owners make and unmake owners.', 'owners');
    }
    const isLast = owners.length === 1 && owners[0] === member.id && to !== 'owner';
    // An account may be left without an owner by the platform, which can make another one.
    if (isLast && (account === null || !isOfPlatform(caller))) {
      throw conflict('last_owner', 'This is the last owner. Make another one first.');
    }
    return member;
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

function memberView(row: MemberRow): MemberView {
  return {
    id: toWireId('usr', row.id),
    email: row.email,
    name: row.name,
    role: row.role,
    createdAt: row.createdAt.toISOString(),
    lastSignInAt: row.lastSignInAt?.toISOString() ?? null,
  };
}
