import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from '../api.ts';

/** What the platform puts in place of our name and colour. */
export interface Branding {
  readonly name: string | null;
  readonly logoUrl: string | null;
  /** `#rrggbb` */
  readonly color: string | null;
}

const PLAIN: Branding = { name: null, logoUrl: null, color: null };

export const brandingQuery = queryOptions({
  queryKey: ['branding'],
  queryFn: ({ signal }) => get<Branding>('/v1/branding', undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export function useBranding(): Branding {
  return useQuery(brandingQuery).data ?? PLAIN;
}
