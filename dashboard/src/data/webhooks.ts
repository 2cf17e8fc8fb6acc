import { queryOptions, useQuery } from '@tanstack/react-query';
import type { WebhookView } from '../../../src/manage/webhook-view.ts';
import { accountPath, get, type Listing } from '../api.ts';

export type { WebhookView };

const A_PAGE = 100;
const LIVE_MS = 15_000;
const LIVE_LIST_MS = 5_000;

/** All webhooks of an account, for choosing one and for naming those that others mention. */
export const webhooksQuery = (account: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'webhooks'), 'all'],
    queryFn: ({ signal }) => allWebhooks(account, signal),
    staleTime: 10_000,
    refetchInterval: LIVE_MS,
  });

/** The same for the screen that shows how they fare: as fresh as other lists. */
export const liveWebhooksQuery = (account: string) => ({
  ...webhooksQuery(account),
  staleTime: 2_000,
  refetchInterval: LIVE_LIST_MS,
});

export const webhookQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'webhooks', id)],
    queryFn: ({ signal }) => get<WebhookView>(accountPath(account, 'webhooks', id), undefined, signal),
  });

/** Finds a webhook by its id; undefined while they are read, and for one that is gone. */
export function useWebhookById(account: string): (id: string) => WebhookView | undefined {
  const { data } = useQuery(webhooksQuery(account));
  return (id) => data?.find((webhook) => webhook.id === id);
}

async function allWebhooks(account: string, signal: AbortSignal): Promise<readonly WebhookView[]> {
  const webhooks: WebhookView[] = [];
  let cursor: string | undefined;
  do {
    const path = accountPath(account, 'webhooks');
    const page = await get<Listing<WebhookView>>(path, { limit: A_PAGE, cursor }, signal);
    webhooks.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return webhooks;
}
