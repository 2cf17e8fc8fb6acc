import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { AttemptRequest } from '../../../src/manage/attempt-requests.ts';
import type { AttemptView, DeliveryView, DeliveryWithAttempts } from '../../../src/manage/delivery-view.ts';
import { accountPath, get, post } from '../api.ts';

export type { AttemptRequest, AttemptView, DeliveryView, DeliveryWithAttempts };

const LIVE_MS = 2_000;

/** A delivery with its attempts; read again every two seconds until it has ended. */
export const deliveryQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'deliveries', id)],
    queryFn: ({ signal }) =>
      get<DeliveryWithAttempts>(accountPath(account, 'deliveries', id), undefined, signal),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? LIVE_MS : false),
  });

/** What an attempt sent, made once more. */
export const attemptRequestQuery = (account: string, delivery: string, attempt: string) => {
  const path = accountPath(account, 'deliveries', delivery, 'attempts', attempt, 'request');
  return queryOptions({
    queryKey: [path],
    queryFn: ({ signal }) => get<AttemptRequest>(path, undefined, signal),
  });
};

/** What came of sending several again: how many were taken, and why the first of the others wasn't. */
export interface SentAgain {
  readonly sent: number;
  readonly refused: number;
  readonly reason: unknown;
}

export function useSendAgain(account: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (ids: readonly string[]): Promise<SentAgain> => {
      let sent = 0;
      let reason: unknown;
      for (const id of ids) {
        try {
          await post(accountPath(account, 'deliveries', id, 'retry'));
          sent += 1;
        } catch (error) {
          reason ??= error;
        }
      }
      return { sent, refused: ids.length - sent, reason };
    },
    onSettled: refresh,
  });
}

export function useCancel(account: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => post(accountPath(account, 'deliveries', id, 'cancel')),
    onSettled: refresh,
  });
}

function useRefresh(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () =>
    queryClient.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[0]).includes('/deliveries'),
    });
}
