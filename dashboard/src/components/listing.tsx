import { Button, Center } from '@mantine/core';
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type Listing } from '../api.ts';
import { Failed, Loading } from './states.tsx';

const LIVE_MS = 5_000;

type Pages<Item> = InfiniteData<Listing<Item>, string | undefined>;
type Filter = Readonly<Record<string, string | number | undefined>>;

/**
 * A list of the API, a page at a time. While only its first page is shown it is read again every few seconds; once
 * more has been asked for, nothing moves under the reader's eyes.
 */
export function useListing<Item>(path: string, filter: Filter = {}) {
  return useInfiniteQuery({
    queryKey: [path, filter],
    queryFn: ({ pageParam, signal }) => get<Listing<Item>>(path, { ...filter, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : LIVE_MS),
    // Other filters leave standing what was there; another account's rows would be shown as this one's.
    placeholderData: (before: Pages<Item> | undefined, query) =>
      query?.queryKey[0] === path ? before : undefined,
  });
}

/** A list in each of its states, with a way to its next page. */
export function Listed<Item>({
  listing,
  empty,
  children,
}: {
  listing: ReturnType<typeof useListing<Item>>;
  empty: ReactNode;
  children: (items: readonly Item[]) => ReactNode;
}) {
  const { t } = useTranslation();
  if (listing.data === undefined) {
    return listing.isError ? (
      <Failed error={listing.error} retry={() => void listing.refetch()} />
    ) : (
      <Loading />
    );
  }
  const items = listing.data.pages.flatMap(({ data }) => data);
  if (items.length === 0) return empty;
  return (
    <>
      {children(items)}
      {listing.hasNextPage && (
        <Center p="sm">
          <Button
            variant="subtle"
            loading={listing.isFetchingNextPage}
            onClick={() => void listing.fetchNextPage()}
          >
            {t('common.more')}
          </Button>
        </Center>
      )}
    </>
  );
}
