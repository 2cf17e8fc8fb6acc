import type { Caller, Role } from './caller.ts';

/** Look at things; change them; say who may. */
export type Permission = 'look' | 'change' | 'people';

const OF_ROLE: Record<Role, readonly Permission[]> = {
  viewer: ['look'],
  admin: ['look', 'change', 'people'],
  owner: ['look', 'change', 'people'],
};

/**
 * The role of a caller in an account, or (null) of the platform; undefined: to them it isn't there. Whoever has a role
 * of the platform has it in every account; of two the higher one counts.
 */
export function roleIn(caller: Caller, accountId: string | null): Role | undefined {
  if (caller.kind === 'platform') return 'owner';
  if (caller.kind === 'user') {
    const own = accountId === null ? undefined : caller.accountRoles.get(accountId);
    return higher(caller.platformRole ?? undefined, own);
  }
  if (accountId === null || caller.accountId !== accountId) return undefined;
  return caller.kind === 'portal' ? caller.role : 'admin';
}

/** What a caller may do in an account, or (null) of the platform. None: to them it isn't there. */
export function permissionsIn(caller: Caller, accountId: string | null): readonly Permission[] {
  const role = roleIn(caller, accountId);
  if (role === undefined) return [];
  const all = OF_ROLE[role];
  // Who may sign in is decided by people who have, and by the platform: what a key of an account or a link could
  // add would outlive it.
  return caller.kind === 'account' || caller.kind === 'portal' ? all.filter((one) => one !== 'people') : all;
}

const RANK: Record<Role, number> = { viewer: 1, admin: 2, owner: 3 };

/**
 * Whether a caller may give or take this role in an account, or (null) of the platform: that of an owner only owners
 * may, and in accounts also the platform's admins.
 */
export function mayAssign(caller: Caller, accountId: string | null, role: Role): boolean {
  if (!permissionsIn(caller, accountId).includes('people')) return false;
  if (role !== 'owner') return true;
  if (accountId !== null && isOfPlatform(caller)) return true;
  return roleIn(caller, accountId) === 'owner';
}

/** Whether a caller changes things for the platform, in every account. */
export function isOfPlatform(caller: Caller): boolean {
  if (caller.kind === 'platform') return true;
  return caller.kind === 'user' && (caller.platformRole === 'owner' || caller.platformRole === 'admin');
}

function higher(first: Role | undefined, second: Role | undefined): Role | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return RANK[first] >= RANK[second] ? first : second;
}
