import { hkdfSync } from 'node:crypto';
import type { Logger } from 'pino';
import type { Audit } from '../audit/audit.ts';
import { baseUrlOf } from '../base-url.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../db/database.ts';
import { resolveEncryptionKey } from '../secrets/encryption-key-file.ts';
import { createAuthLibrary } from './auth-library.ts';
import { Invitations } from './invitations.ts';
import { Members } from './members.ts';
import { OwnerLink } from './owner-link.ts';
import { Portal } from './portal.ts';
import { SignInLimit } from './sign-in-limit.ts';
import { UserSessions } from './user-sessions.ts';

export interface PeopleOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: Audit;
  readonly config: Config;
}

/** Who may sign in, and how. */
export function createPeople(options: PeopleOptions) {
  const { config, database, clock } = options;
  const baseUrl = baseUrlOf(config);
  const secret = cookieSecret(resolveEncryptionKey(config));
  const library = createAuthLibrary({ ...options, secret, baseUrl });
  const sessions = new UserSessions({ ...options, library, limit: new SignInLimit(database, clock) });
  const parts = { ...options, library, sessions, baseUrl };
  return {
    sessions,
    members: new Members(options),
    invitations: new Invitations(parts),
    ownerLink: new OwnerLink(parts),
    portal: new Portal(parts),
  };
}

export type People = ReturnType<typeof createPeople>;

/** Every node has the same key, so every node knows the others' cookies. A new key signs everybody out. */
function cookieSecret(encryptionKey: string): string {
  const [first = ''] = encryptionKey.split(',');
  const bytes = hkdfSync('sha256', Buffer.from(first.trim(), 'base64'), '', 'waybill session cookies', 32);
  return Buffer.from(bytes).toString('base64');
}
