import { MutationCache, notifyManager, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api.ts';
import { noteFailure, noteReached } from './reach.ts';
import { type Me, meQuery } from './session.ts';

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** Whoever asked for the change is shown on the spot why it failed. */
      readonly showsError?: true;
    };
  }
}

// By default it is told in a task of its own, and a key that is held down presses a button again before that is busy.
notifyManager.setScheduler(queueMicrotask);

const RETRIES = 2;

interface Reactions {
  /** The session of this person isn't one any more: it expired, or was ended elsewhere. */
  readonly sessionEnded: (me: Me) => void;
  /** A change failed, and nothing on the screen says so. */
  readonly changeFailed: (error: unknown) => void;
}

/** What the dashboard reads and changes the API through. */
export function createQueryClient({ sessionEnded, changeFailed }: Reactions): QueryClient {
  /** Somebody who was let in is refused. Those who never were are asked to sign in by the router. */
  const endedBy = (error: unknown): boolean => {
    const me = client.getQueryData(meQuery.queryKey);
    // `sign_in_failed` is a 401 too, and ends nothing.
    if (!me || !(error instanceof ApiProblem) || error.code !== 'unauthorized') return false;
    sessionEnded(me);
    return true;
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onSuccess: noteReached,
      onError: (error) => {
        noteFailure(error);
        endedBy(error);
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, { meta }) => {
        if (!endedBy(error) && !meta?.showsError) changeFailed(error);
      },
    }),
    defaultOptions: {
      // Without a network a change fails, and isn't made by itself once there is one again.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        staleTime: 2_000,
        // What was refused will be refused again; what couldn't be reached may be back.
        retry: (count, error) => {
          const passing = !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500;
          return passing && count < RETRIES;
        },
      },
    },
  });
  return client;
}

/** How the platform looks is the same for everybody; the page of a guest who comes in is still on the screen. */
const OF_NOBODY: readonly unknown[] = ['branding', 'portal-session'];

/** Forgets all that was read as somebody. */
export function forgetSession(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => !OF_NOBODY.includes(queryKey[0]) });
}
