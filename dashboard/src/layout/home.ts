import { keep, readKept } from '../kept.ts';
import type { Me } from '../session.ts';

const KEPT_AS = 'waybill-account';

/** Where somebody begins: the account they last looked at, else their first, else the list of all. */
export function homeOf(me: Me) {
  const last = lastAccount();
  const mine = me.accounts.map(({ id }) => id);
  const account = last !== null && (me.platform || mine.includes(last)) ? last : mine[0];
  if (account === undefined) return { to: '/accounts' } as const;
  return { to: '/accounts/$account', params: { account } } as const;
}

export function lastAccount(): string | null {
  return readKept(KEPT_AS);
}

export function keepAccount(account: string): void {
  keep(KEPT_AS, account);
}
