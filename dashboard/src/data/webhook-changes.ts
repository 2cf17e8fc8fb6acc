import { useMutation, useQueryClient } from '@tanstack/react-query';
import { accountPath, post, remove } from '../api.ts';
import type { WebhookView } from './webhooks.ts';

/** Pauses a webhook, or lets it run again. */
export function useSetRunning(account: string) {
  const refresh = useRefresh(account);
  return useMutation({
    mutationFn: ({ id, running }: { id: string; running: boolean }) =>
      post<WebhookView>(accountPath(account, 'webhooks', id, running ? 'resume' : 'pause')),
    onSettled: refresh,
  });
}

export function useDeleteWebhook(account: string) {
  const refresh = useRefresh(account);
  return useMutation({
    mutationFn: (id: string) => remove<void>(accountPath(account, 'webhooks', id)),
    onSettled: refresh,
  });
}

function useRefresh(account: string): () => Promise<void> {
  const queryClient = useQueryClient();
  const start = accountPath(account, 'webhooks');
  return () =>
    queryClient.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(start) });
}
