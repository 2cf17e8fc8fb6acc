import { queryOptions } from '@tanstack/react-query';
import type { EventView as LibraryView } from '../../../src/manage/events.ts';
import { accountPath, get } from '../api.ts';

/** An event as the API answers it: its data is JSON there, and text in the library. */
export type EventView = Omit<LibraryView, 'data'> & { readonly data: unknown };

export const eventQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'events', id)],
    queryFn: ({ signal }) => get<EventView>(accountPath(account, 'events', id), undefined, signal),
    staleTime: 60_000,
  });
