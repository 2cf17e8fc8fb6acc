import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from './api.ts';

export type Role = 'owner' | 'admin' | 'viewer';
type Permission = 'look' | 'change' | 'people';

interface Held {
  readonly role: Role;
  readonly may: readonly Permission[];
}

/** Who has signed in, and where they may do what. */
export interface Me {
  readonly kind: 'key' | 'user' | 'portal';
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  /** The role on the platform as a whole, which holds for every account; null: none. */
  readonly platform: Held | null;
  readonly accounts: readonly (Held & { readonly id: string })[];
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Me>('/v1/me', undefined, signal),
  staleTime: 60_000,
});

/** Whoever has signed in; the screens that ask are only shown to somebody who has. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error('nobody has signed in');
  return data;
}

/** Whether they may do something in an account, or (null) to the platform; the API refuses whatever is left out here. */
export function useMay(permission: Permission, account: string | null): boolean {
  const me = useMe();
  const own = account === null ? undefined : me.accounts.find(({ id }) => id === account);
  return [me.platform, own].some((held) => held?.may.includes(permission));
}

/** Whether they may make and unmake owners of an account, or (null) of the platform: only owners may, and in accounts its admins. */
export function useMayMakeOwners(account: string | null): boolean {
  const { platform, accounts } = useMe();
  if (platform?.role === 'owner' || (account !== null && platform?.role === 'admin')) return true;
  return accounts.some(({ id, role }) => id === account && role === 'owner');
}

/** Whether they may change things of this account. */
export function useMayChange(account: string): boolean {
  return useMay('change', account);
}
