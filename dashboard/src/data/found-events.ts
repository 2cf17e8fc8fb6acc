import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiProblem, accountPath, get, type Listing } from '../api.ts';
import type { EventView } from './events.ts';

const SHOWN = 30;
const LATEST = 100;
/** Of more types than this all events are read, and those of others left out. */
const MOST_TYPES = 8;

interface Wanted {
  readonly account: string;
  /** Names, and patterns that end with `*`. Undefined: of any type. */
  readonly types?: readonly string[] | undefined;
  /** An id, a subject, or what stands last in one, such as the number of an order. Empty: the newest events. */
  readonly text: string;
}

/** The newest events that somebody may mean by what is typed. */
export const foundEventsQuery = ({ account, types, text }: Wanted) =>
  queryOptions({
    queryKey: [accountPath(account, 'events'), 'found', types, text],
    queryFn: async ({ signal }): Promise<readonly EventView[]> => {
      const readOf = async (query: Query) =>
        (await get<Listing<EventView>>(accountPath(account, 'events'), query, signal)).data;
      const read = (query: Query) => readByTypes(readOf, query, types);
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

type Query = Readonly<Record<string, string | number>>;

/** The API is asked for one type, or for all. @returns the newest first, as it does */
async function readByTypes(
  read: (query: Query) => Promise<readonly EventView[]>,
  query: Query,
  types: readonly string[] | undefined,
): Promise<readonly EventView[]> {
  if (types === undefined) return read(query);
  if (types.length > MOST_TYPES || types.some((type) => type.endsWith('*'))) {
    const all = await read({ ...query, limit: LATEST });
    return all.filter(({ type }) => types.some((one) => isOf(type, one)));
  }
  const each = await Promise.all(types.map((type) => read({ ...query, type })));
  return each.flat().toSorted((a, b) => Date.parse(b.receivedAt) - Date.parse(a.receivedAt));
}

function isOf(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

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

/** The newest event of each type about each subject, of a list that has the newest first. */
export function newestBySubject<Event extends Pick<EventView, 'subject' | 'type'>>(
  events: readonly Event[],
): Event[] {
  const about = events.filter(({ subject }) => subject !== null).toReversed();
  return [...new Map(about.map((event) => [`${event.type} ${event.subject}`, event])).values()].toReversed();
}
