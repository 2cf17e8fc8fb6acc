import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReplayInput, ReplayView } from '../../../src/manage/replays.ts';
import { accountPath, get, type Listing, post } from '../api.ts';

export type { ReplayView };
export type ReplayBody = Omit<ReplayInput, 'dryRun'>;

const LIVE_MS = 2_000;
const CALM_MS = 15_000;
const SHOWN = 20;

/** The newest replays; read often while one is running. */
export const replaysQuery = (account: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'replays')],
    queryFn: async ({ signal }) =>
      (await get<Listing<ReplayView>>(accountPath(account, 'replays'), { limit: SHOWN }, signal)).data,
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => status === 'running') ? LIVE_MS : CALM_MS,
  });

interface Asked {
  readonly webhookId: string;
  readonly body: ReplayBody;
}

/** How many events a replay would send. */
export function useCountReplay(account: string) {
  return useMutation({
    meta: { showsError: true },
    mutationFn: async ({ webhookId, body }: Asked) => {
      const path = accountPath(account, 'webhooks', webhookId, 'replay');
      return (await post<{ count: number }>(path, { ...body, dryRun: true })).count;
    },
  });
}

export function useStartReplay(account: string) {
  const refresh = useRefresh(account);
  return useMutation({
    meta: { showsError: true },
    mutationFn: ({ webhookId, body }: Asked) =>
      post<ReplayView>(accountPath(account, 'webhooks', webhookId, 'replay'), body),
    onSettled: refresh,
  });
}

export function useChangeReplay(account: string) {
  const refresh = useRefresh(account);
  return useMutation({
    mutationFn: ({ id, action }: { id: string; action: 'pause' | 'resume' | 'cancel' }) =>
      post<ReplayView>(accountPath(account, 'replays', id, action)),
    onSettled: refresh,
  });
}

function useRefresh(account: string): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: [accountPath(account, 'replays')] });
}
