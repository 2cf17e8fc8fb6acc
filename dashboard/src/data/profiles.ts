import { queryOptions } from '@tanstack/react-query';
import { get } from '../api.ts';

/** A wire format there is. */
export interface ProfileView {
  readonly name: string;
  readonly title: string;
}

export const profilesQuery = queryOptions({
  queryKey: ['/v1/profiles'],
  queryFn: async ({ signal }) =>
    (await get<{ data: readonly ProfileView[] }>('/v1/profiles', undefined, signal)).data,
  staleTime: 60_000,
});
