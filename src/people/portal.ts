import { z } from 'zod';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { newId, toWireId } from '../ids.ts';
import { parseInput } from '../input.ts';
import { ensureAccount } from '../store/accounts.ts';
import {
  deletePortalSession,
  findPortalSession,
  insertPortalLink,
  insertPortalSession,
  takePortalLink,
} from '../store/portal.ts';
import type { PortalCaller } from './caller.ts';
import { personNameSchema } from './new-user.ts';
import { hashOfToken, newToken, tokenLink } from './one-time-token.ts';
import { linkInvalid } from './owner-link.ts';

/** What a session's token begins with: no key does that Waybill has made. */
export const PORTAL_PREFIX = 'wbp_';

const DEFAULT_LINK_SECONDS = 5 * 60;
const MAX_LINK_SECONDS = 3600;
const DEFAULT_SESSION_SECONDS = 8 * 3600;
const MAX_SESSION_SECONDS = 24 * 3600;

export const portalLinkSchema = z.strictObject({
  role: z.enum(['admin', 'viewer']).default('admin'),
  name: personNameSchema.optional().describe('Whom it is for, as the audit log names them.'),
  expiresInSeconds: z
    .int()
    .min(1)
    .max(MAX_LINK_SECONDS)
    .default(DEFAULT_LINK_SECONDS)
    .describe('How long the link can be used.'),
  sessionSeconds: z
    .int()
    .min(60)
    .max(MAX_SESSION_SECONDS)
    .default(DEFAULT_SESSION_SECONDS)
    .describe('How long what it opens stays open.'),
});

interface Options {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly baseUrl: string;
}

/** Lets the platform's own customers in from the platform's own pages: into one account, without a user. */
export class Portal {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A link that lets somebody in once. The account comes into being if it is new. @throws WaybillError `validation_failed` */
  async createLink(
    accountId: string,
    input: z.input<typeof portalLinkSchema>,
  ): Promise<{ id: string; url: string; expiresAt: string }> {
    const { role, name, expiresInSeconds, sessionSeconds } = parseInput(portalLinkSchema, input);
    const { database, clock, audit, baseUrl } = this.#options;
    const now = clock.now();
    const expiresAt = new Date(now + expiresInSeconds * 1000).toISOString();
    const id = newId();
    const token = newToken();
    await database.transaction(async (tx) => {
      await ensureAccount(tx, accountId);
      const hash = hashOfToken(token);
      const createdAt = new Date(now).toISOString();
      await insertPortalLink(tx, {
        id,
        accountId,
        role,
        name: name ?? null,
        hash,
        sessionSeconds,
        createdAt,
        expiresAt,
      });
      const after = { role, name: name ?? null, expiresAt };
      await audit.record(tx, {
        account: accountId,
        action: 'portal-link.created',
        target: toWireId('pln', id),
        after,
      });
    });
    return { id: toWireId('pln', id), url: tokenLink(baseUrl, '/portal', token), expiresAt };
  }

  /** Uses a link up for a session. @returns its token, this once @throws WaybillError `link_invalid` (404) */
  async exchange(
    token: string,
  ): Promise<{ token: string; account: string; role: 'admin' | 'viewer'; expiresAt: string }> {
    const { database, clock } = this.#options;
    const now = clock.now();
    const createdAt = new Date(now).toISOString();
    const sessionToken = newToken(PORTAL_PREFIX);
    const link = await database.transaction(async (tx) => {
      const taken = await takePortalLink(tx, hashOfToken(token), createdAt);
      if (!taken) throw linkInvalid();
      const expiresAt = new Date(now + taken.sessionSeconds * 1000).toISOString();
      await insertPortalSession(tx, {
        hash: hashOfToken(sessionToken),
        linkId: taken.id,
        createdAt,
        expiresAt,
      });
      return { ...taken, expiresAt };
    });
    return { token: sessionToken, account: link.accountId, role: link.role, expiresAt: link.expiresAt };
  }

  /** Whose session this is; undefined if it is none, or has ended. */
  async identify(token: string): Promise<PortalCaller | undefined> {
    const { database, clock } = this.#options;
    const row = await findPortalSession(database, hashOfToken(token), new Date(clock.now()).toISOString());
    return row && { kind: 'portal', ...row };
  }

  async end(caller: PortalCaller): Promise<void> {
    await deletePortalSession(this.#options.database, caller.linkId);
  }
}
