import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueuedDeliveryView, QueueView } from '../../../src/manage/queue.ts';
import { accountPath, get, patch, post } from '../api.ts';

export type { QueuedDeliveryView };
export type QueueDepth = Pick<QueueView, 'total' | 'priorities'>;

const LIVE_MS = 5_000;

/** What the address bar holds of a queue. */
export interface QueueFilter {
  readonly account?: string;
  readonly webhookId?: string;
  readonly priority?: string;
  /** `due`: by due time. By priority otherwise. */
  readonly order?: string;
}

export type QueueOrder = 'priority' | 'due';

export function orderOf({ order }: QueueFilter): QueueOrder {
  return order === 'due' ? 'due' : 'priority';
}

/** @param account null: the queue of the platform */
export function queuePath(account: string | null, ...rest: readonly string[]): string {
  return account === null ? ['/v1/queue', ...rest].join('/') : accountPath(account, 'queue', ...rest);
}

/** How much waits, in all and by priority. */
export const queueDepthQuery = (account: string | null, { priority: _, order: __, ...filter }: QueueFilter) =>
  queryOptions({
    queryKey: [queuePath(account), filter],
    queryFn: ({ signal }) => get<QueueDepth>(queuePath(account), { ...filter, limit: 1 }, signal),
    refetchInterval: LIVE_MS,
    placeholderData: keepPreviousData,
  });

export type QueuedChange =
  | { readonly delivery: QueuedDeliveryView; readonly action: 'run-now' | 'cancel' }
  | { readonly delivery: QueuedDeliveryView; readonly priority: number };

/**
 * Makes a delivery that waits due, cancels it, or gives it a priority of its own.
 *
 * @param onDone is told also where the row it was asked for in is gone by then
 */
export function useChangeQueued(onDone: (change: QueuedChange) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ delivery, ...change }: QueuedChange) => {
      const path = accountPath(delivery.account, 'deliveries', delivery.id);
      return 'action' in change ? post<unknown>(`${path}/${change.action}`) : patch<unknown>(path, change);
    },
    onSuccess: (_answer, change) => onDone(change),
    onSettled: () =>
      queryClient.invalidateQueries({
        predicate: ({ queryKey }) => /\/(queue|deliveries)/.test(String(queryKey[0])),
      }),
  });
}
