import { Button, Group, Text } from '@mantine/core';
import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type Listing } from '../api.ts';
import { formatLocale } from '../i18n.ts';
import { Empty, Failed, Loading } from './states.tsx';

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
    // A search is work for the database: it is done when somebody asks for it.
    refetchInterval: ({ state }) => (filter.search || (state.data?.pages.length ?? 0) > 1 ? false : LIVE_MS),
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
  if (items.length === 0 && !listing.hasNextPage) return empty;
  const lookedBackTo = listing.data.pages.at(-1)?.lookedBackTo;
  return (
    <>
      {items.length > 0 ? (
        children(items)
      ) : (
        <Empty title={t('common.nothingYet.title')}>{t('common.nothingYet.text')}</Empty>
      )}
      {listing.hasNextPage && (
        <Group p="sm" gap="xs" justify="center">
          {lookedBackTo && <LookedBack to={lookedBackTo} />}
          <Button
            variant="subtle"
            loading={listing.isFetchingNextPage}
            onClick={() => void listing.fetchNextPage()}
          >
            {t(lookedBackTo ? 'common.lookFurther' : 'common.more')}
          </Button>
        </Group>
      )}
    </>
  );
}

function LookedBack({ to }: { to: string }) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(formatLocale(i18n.language), {
    dateStyle: 'long',
    timeStyle: 'short',
  });
  return (
    <Text size="sm" c="dimmed" role="status">
      {t('common.lookedBack', { time: time.format(Date.parse(to)) })}
    </Text>
  );
}
