import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiProblem, accountPath, get, type Listing } from '../api.ts';
import type { EventView } from './events.ts';

const SHOWN = 30;
const LATEST = 100;

interface Wanted {
  readonly account: string;
  /** Undefined: of any. */
  readonly type?: string | undefined;
  /** An id, a subject, or what stands last in one, such as the number of an order. Empty: the newest events. */
  readonly text: string;
}

/** The newest events that somebody may mean by what is typed. */
export const foundEventsQuery = ({ account, type, text }: Wanted) =>
  queryOptions({
    queryKey: [accountPath(account, 'events'), 'found', type, text],
    queryFn: async ({ signal }): Promise<readonly EventView[]> => {
      const read = async (query: Record<string, string | number>) => {
        const all = { ...query, ...(type !== undefined && { type }) };
        return (await get<Listing<EventView>>(accountPath(account, 'events'), all, signal)).data;
      };
      if (text === '') return read({ limit: SHOWN });
      try {
        return await read({ limit: SHOWN, search: text });
      } catch (error) {
        // A server that can't search, or not for this: then among the newest, and by a subject in full.
        if (!(error instanceof ApiProblem) || error.status !== 400) throw error;
        const [exact, latest] = await Promise.all([
          read({ limit: SHOWN, subject: text }),
          read({ limit: LATEST }),
        ]);
        return withoutRepeats([...exact, ...latest.filter((event) => isMeant(event, text))]).slice(0, SHOWN);
      }
    },
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

/** Whether somebody who types this may mean an event. */
export function isMeant(
  { id, type, subject }: Pick<EventView, 'id' | 'type' | 'subject'>,
  text: string,
): boolean {
  const wanted = text.toLowerCase();
  return [id, type, subject ?? ''].some((one) => one.toLowerCase().includes(wanted));
}

function withoutRepeats(events: readonly EventView[]): EventView[] {
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

/** The newest event about each subject, of a list that has the newest first. */
export function newestBySubject<Event extends Pick<EventView, 'subject'>>(events: readonly Event[]): Event[] {
  const about = events.filter(({ subject }) => subject !== null).toReversed();
  return [...new Map(about.map((event) => [event.subject, event])).values()].toReversed();
}
