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

/** What came of doing something to several: how many were taken, and why the first of the others wasn't. */
export interface CameOfAll {
  readonly done: number;
  readonly refused: number;
  readonly reason: unknown;
}

export interface OneDelivery {
  readonly account: string;
  readonly id: string;
}

async function doToEach(deliveries: readonly OneDelivery[], action: 'retry' | 'cancel'): Promise<CameOfAll> {
  let done = 0;
  let reason: unknown;
  for (const { account, id } of deliveries) {
    try {
      await post(accountPath(account, 'deliveries', id, action));
      done += 1;
    } catch (error) {
      reason ??= error;
    }
  }
  return { done, refused: deliveries.length - done, reason };
}

export function useSendAgain(account: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (ids: readonly string[]) =>
      doToEach(
        ids.map((id) => ({ account, id })),
        'retry',
      ),
    onSettled: refresh,
  });
}

export function useCancelAll() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (deliveries: readonly OneDelivery[]) => doToEach(deliveries, 'cancel'),
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
      predicate: ({ queryKey }) => /\/(queue|deliveries)/.test(String(queryKey[0])),
    });
}
