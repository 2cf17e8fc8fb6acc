import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { AlertView } from '../../../src/manage/alerts.ts';
import { accountPath, get, type Listing, post } from '../api.ts';

export type { AlertView };

const LIVE_MS = 10_000;
const SHOWN = 50;

/** The newest alerts that nobody has dealt with. */
export const openAlertsQuery = (account: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'alerts'), 'open'],
    queryFn: async ({ signal }) => {
      const query = { status: 'open', limit: SHOWN };
      return (await get<Listing<AlertView>>(accountPath(account, 'alerts'), query, signal)).data;
    },
    refetchInterval: LIVE_MS,
  });

export function useAcknowledge(account: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => post<AlertView>(accountPath(account, 'alerts', id, 'acknowledge')),
    onSettled: () => queryClient.invalidateQueries({ queryKey: [accountPath(account, 'alerts')] }),
  });
}
