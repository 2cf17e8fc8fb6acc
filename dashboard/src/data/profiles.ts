import { queryOptions, useQuery } from '@tanstack/react-query';
import type { AccountView } from '../../../src/manage/accounts.ts';
import type { PresetFilterView } from '../../../src/manage/preset-view.ts';
import type { EffectivePolicy } from '../../../src/manage/webhook-view.ts';
import { accountPath, get } from '../api.ts';

/** A wire format there is. */
export interface ProfileView {
  readonly name: string;
  readonly title: string;
  /** Seconds before each retry; null: the usual ones. */
  readonly retry: { readonly schedule: readonly number[] } | null;
  /** What follows deliveries that are given up. */
  readonly failing: EffectivePolicy['failing'];
  readonly filters: readonly PresetFilterView[];
  /** Those a webhook can pin, and the one of webhooks that pin none. */
  readonly payloadVersions: readonly string[];
  readonly payloadVersion: string | null;
}

export const profilesQuery = queryOptions({
  queryKey: ['/v1/profiles'],
  queryFn: async ({ signal }) =>
    (await get<{ data: readonly ProfileView[] }>('/v1/profiles', undefined, signal)).data,
  staleTime: 60_000,
});

const DEFAULT = 'standard-webhooks';

const accountQuery = (account: string) =>
  queryOptions({
    queryKey: [accountPath(account)],
    queryFn: ({ signal }) => get<AccountView>(accountPath(account), undefined, signal),
    staleTime: 60_000,
  });

/** The wire format webhooks have that name this one; empty: that of the account. Undefined while they are read. */
export function useProfile(account: string, name: string): ProfileView | undefined {
  const { data: profiles } = useQuery(profilesQuery);
  const { data: own } = useQuery({ ...accountQuery(account), enabled: name === '' });
  const wanted = name || (own && (own.effective.preset ?? DEFAULT));
  return profiles?.find((profile) => profile.name === wanted);
}
