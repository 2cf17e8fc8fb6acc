import { queryOptions } from '@tanstack/react-query';
import type { CodeExample } from '../../../src/code-examples/code-examples.ts';
import { accountPath, get } from '../api.ts';

const examplesAt = (path: string) =>
  queryOptions({
    queryKey: [path],
    queryFn: async ({ signal }) =>
      (await get<{ data: readonly CodeExample[] }>(path, undefined, signal)).data,
    staleTime: 60_000,
  });

/** How the receiver of a webhook verifies what it gets. */
export const webhookExamplesQuery = (account: string, webhook: string) =>
  examplesAt(accountPath(account, 'webhooks', webhook, 'code-examples'));

/** How receivers verify what has this wire format. */
export const profileExamplesQuery = (profile: string) =>
  examplesAt(`/v1/profiles/${encodeURIComponent(profile)}/code-examples`);
