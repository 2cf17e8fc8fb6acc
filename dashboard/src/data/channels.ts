import { queryOptions } from '@tanstack/react-query';
import type { ChannelView } from '../../../src/manage/channels.ts';
import { accountPath, get, type Listing } from '../api.ts';

/** The order channels that events of an account have named. */
export const channelsQuery = (account: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'channels')],
    queryFn: async ({ signal }) =>
      (await get<Listing<ChannelView>>(accountPath(account, 'channels'), { limit: 100 }, signal)).data,
    staleTime: 30_000,
  });
