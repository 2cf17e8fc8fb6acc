import { invalid, notFound } from '../errors.ts';
import { ACCOUNT_ID } from '../manage/accounts.ts';
import type { Caller } from '../people/caller.ts';
import { roleIn } from '../people/permissions.ts';
import { filterText } from './filters.ts';
import { presetName } from './formats.ts';

/** Whose catalog is asked for. */
export const asSeenBy = {
  account: filterText(64)
    .meta({ pattern: ACCOUNT_ID.source })
    .optional()
    .describe('As this account sees them. For a key of an account, that one.'),
  preset: presetName.optional().describe('Those of this preset, imported or not, as they are in force.'),
};
/** Whoever is of one account sees the catalog as that account does. */
export function viewOf(caller: Caller | undefined, account: string | undefined): string | undefined {
  if (!caller) return account;
  if (account !== undefined) {
    if (roleIn(caller, account) === undefined) throw notFound('resource');
    return account;
  }
  if (caller.kind === 'account' || caller.kind === 'portal') return caller.accountId;
  if (caller.kind === 'platform' || caller.platformRole !== null) return undefined;
  const [own, ...others] = caller.accountRoles.keys();
  if (own !== undefined && others.length === 0) return own;
  throw invalid([{ path: 'account', code: 'required', message: 'is needed of who has several accounts' }]);
}
