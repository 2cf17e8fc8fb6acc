import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from './api.ts';

export type Role = 'owner' | 'admin' | 'viewer';

/** Who has signed in, and where they may do what. */
export interface Me {
  readonly kind: 'user' | 'portal';
  readonly name: string | null;
  readonly email: string | null;
  /** The role on the platform as a whole, which holds for every account; null: none. */
  readonly platformRole: Role | null;
  readonly accounts: readonly { readonly account: string; readonly role: Role }[];
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

export function roleIn(me: Me, account: string): Role | null {
  return me.platformRole ?? me.accounts.find((one) => one.account === account)?.role ?? null;
}

/** Whether they may change things of this account; the API refuses whatever the buttons leave out. */
export function useMayChange(account: string): boolean {
  const role = roleIn(useMe(), account);
  return role === 'owner' || role === 'admin';
}

/** Whether they may change what belongs to the platform. */
export function useMayChangePlatform(): boolean {
  const { platformRole } = useMe();
  return platformRole === 'owner' || platformRole === 'admin';
}
