import { type Query, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api.ts';
import { Callout } from '../components/tone.tsx';
import { formatLocale } from '../i18n.ts';
import { useUnreachedSince } from '../reach.ts';
import { meQuery } from '../session.ts';

const ASK_AGAIN_MS = 5_000;

/** Says that what is on the screen is no longer live, for as long as the server doesn't answer, or fails. */
export function Unreached() {
  const unreachedSince = useUnreachedSince();
  const staleSince = useStaleSince();
  if (unreachedSince !== null) return <AskingAgain since={unreachedSince} />;
  return staleSince === null ? null : <Bar says="stale" since={staleSince} />;
}

function AskingAgain({ since }: { since: number }) {
  // Not every screen asks for something by itself.
  useQuery({ ...meQuery, refetchInterval: ASK_AGAIN_MS });
  return <Bar says="unreached" since={since} />;
}

function Bar({ says, since }: { says: 'unreached' | 'stale'; since: number }) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(formatLocale(i18n.language), { timeStyle: 'short' }).format(since);
  return (
    <div className="unreached">
      <Callout tone="warn" title={t(`common.${says}`, { time })} />
    </div>
  );
}

/** When the oldest of what is on the screen was read that couldn't be read again since; null: all could. */
function useStaleSince(): number | null {
  const cache = useQueryClient().getQueryCache();
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache]);
  return useSyncExternalStore(subscribe, () => {
    const stale = cache.findAll({ type: 'active' }).filter(isStale);
    return stale.length === 0 ? null : Math.min(...stale.map(({ state }) => state.dataUpdatedAt));
  });
}

/** What is refused is told of where it is, and of a list's next page what asked for it tells. */
function isStale({ state: { status, data, error, fetchMeta } }: Query): boolean {
  const failed = status === 'error' && error instanceof ApiProblem && error.status >= 500;
  return failed && data !== undefined && fetchMeta?.fetchMore === undefined;
}
