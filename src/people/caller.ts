import type { PortalRole } from '../store/portal.ts';
import type { Role } from '../store/user-roles.ts';

export type { PortalRole, Role };

/** A program with a key of the platform or of one account. */
export type KeyCaller = { readonly keyId: string; readonly keyName: string } & (
  | { readonly kind: 'platform' }
  | { readonly kind: 'account'; readonly accountId: string }
);

/** Somebody who has signed in. */
export interface UserCaller {
  readonly kind: 'user';
  /** UUIDs. */
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly name: string;
  readonly platformRole: Role | null;
  readonly accountRoles: ReadonlyMap<string, Role>;
  readonly expiresAt: Date;
}

/** Somebody who came by a link of the platform's into one account. */
export interface PortalCaller {
  readonly kind: 'portal';
  /** A UUID. */
  readonly linkId: string;
  readonly accountId: string;
  readonly role: PortalRole;
  readonly name: string | null;
  readonly expiresAt: Date;
}

/** Who makes a request. */
export type Caller = KeyCaller | UserCaller | PortalCaller;
