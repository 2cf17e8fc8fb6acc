import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Missed } from '../../../src/manage/missed.ts';
import { accountPath, post, remove } from '../api.ts';
import { offerMissed } from '../replays/missed-offers.ts';
import type { WebhookView } from './webhooks.ts';

/** A webhook that was changed; of one that was disabled and isn't any more, also what it has missed. */
export type ChangedWebhook = WebhookView & { readonly missed?: Missed };

/** Pauses a webhook, or lets it run again. */
export function useSetRunning(account: string) {
  const refresh = useRefresh(account);
  return useMutation({
    mutationFn: ({ id, running }: { id: string; running: boolean }) =>
      post<ChangedWebhook>(accountPath(account, 'webhooks', id, running ? 'resume' : 'pause')),
    onSuccess: (answer) => offerMissed(account, answer),
    onSettled: refresh,
  });
}

export function useDeleteWebhook(account: string) {
  const refresh = useRefresh(account);
  return useMutation({
    mutationFn: (id: string) => remove<void>(accountPath(account, 'webhooks', id)),
    // It isn't waited for: what has been deleted may take with it the place where that is told.
    onSettled: () => void refresh(),
  });
}

function useRefresh(account: string): () => Promise<void> {
  const queryClient = useQueryClient();
  const start = accountPath(account, 'webhooks');
  return () =>
    queryClient.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(start) });
}
