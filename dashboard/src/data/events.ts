import { queryOptions } from '@tanstack/react-query';
import type { EventView as LibraryView } from '../../../src/manage/events.ts';
import { accountPath, callText } from '../api.ts';
import { memberText } from '../exact-json.ts';

/** An event in a list, where its data isn't looked at. */
export type EventView = Omit<LibraryView, 'data'>;
/** Its data is the text that was published, in which numbers keep all of their digits. */
export type EventWithData = LibraryView;

export const eventQuery = (account: string, id: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'events', id)],
    queryFn: async ({ signal }): Promise<EventWithData> => {
      const text = await callText('GET', accountPath(account, 'events', id), { signal });
      return { ...JSON.parse(text), data: memberText(text, 'data') ?? 'null' };
    },
    staleTime: 60_000,
  });
