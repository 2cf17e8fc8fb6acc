import { describe, expect, it } from 'vitest';
import type { Caller, Role } from './caller.ts';
import { mayAssign, permissionsIn, roleIn } from './permissions.ts';

function user(platformRole: Role | null, accountRoles: Record<string, Role> = {}): Caller {
  return {
    kind: 'user',
    userId: 'u',
    sessionId: 's',
    email: 'anna@shop.example',
    name: 'Anna',
    platformRole,
    accountRoles: new Map(Object.entries(accountRoles)),
    expiresAt: new Date(),
  };
}

const accountKey: Caller = { kind: 'account', accountId: 'acme', keyId: 'k', keyName: 'CI' };
const platformKey: Caller = { kind: 'platform', keyId: 'k', keyName: 'first' };

describe('the role of a caller', () => {
  it('is the higher one of that of the platform and that of the account', () => {
    expect(roleIn(user('viewer', { acme: 'owner' }), 'acme')).toBe('owner');
    expect(roleIn(user('admin', { acme: 'viewer' }), 'acme')).toBe('admin');
    expect(roleIn(user('viewer'), 'any')).toBe('viewer');
    expect(roleIn(user(null, { acme: 'owner' }), 'other')).toBeUndefined();
    expect(roleIn(user(null, { acme: 'owner' }), null)).toBeUndefined();
  });

  it('of an account is no role of an account whose name JavaScript gives a meaning to', () => {
    expect(permissionsIn(user(null, { acme: 'owner' }), '__proto__')).toEqual([]);
    expect(permissionsIn(user(null, { acme: 'owner' }), 'constructor')).toEqual([]);
  });
});

describe('who makes owners', () => {
  it.each<[string, Caller, string | null, boolean]>([
    ['the platform’s key, of the platform', platformKey, null, true],
    ['the platform’s owner, of the platform', user('owner'), null, true],
    ['the platform’s admin, of the platform', user('admin'), null, false],
    ['the platform’s admin, of an account', user('admin'), 'acme', true],
    ['the account’s owner, of the account', user(null, { acme: 'owner' }), 'acme', true],
    ['the account’s admin, of the account', user(null, { acme: 'admin' }), 'acme', false],
    ['the account’s owner, of another account', user(null, { acme: 'owner' }), 'other', false],
    ['the account’s owner, of the platform', user(null, { acme: 'owner' }), null, false],
    ['the account’s key, of the account', accountKey, 'acme', false],
  ])('%s', (_, caller, account, may) => {
    expect(mayAssign(caller, account, 'owner')).toBe(may);
  });
});
