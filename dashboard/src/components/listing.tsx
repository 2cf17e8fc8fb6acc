import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { get, type Listing } from '../api.ts';
import { useFocusFurther } from './focus-further.ts';
import { Outdated } from './outdated.ts';
import { ShowMore } from './show-more.tsx';
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
    refetchInterval: ({ state }) =>
      filter.search || (state.data?.pages.length ?? 0) > 1 || wasAskedForMore(state) ? false : LIVE_MS,
    // Other filters leave standing what was there; another account's rows would be shown as this one's.
    placeholderData: (before: Pages<Item> | undefined, query) =>
      query?.queryKey[0] === path ? before : undefined,
  });
}

interface LastFetch {
  readonly status: string;
  readonly fetchMeta: { readonly fetchMore?: { readonly direction: string } } | null;
}

/** What is read again takes the word about it away that the next page couldn't be had. */
function wasAskedForMore({ status, fetchMeta }: LastFetch): boolean {
  return status === 'error' && fetchMeta?.fetchMore?.direction === 'forward';
}

type Found<Item> = ReturnType<typeof useListing<Item>>;

interface ListedProps<Item> {
  readonly listing: Found<Item>;
  readonly empty: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

/** A list in each of its states, with a way to its next page. */
export function Listed<Item>({ listing, empty, children }: ListedProps<Item>) {
  const { data, isError, error, isPlaceholderData: outdated, hasNextPage } = listing;
  if (data === undefined) {
    return isError ? <Failed error={error} retry={() => void listing.refetch()} /> : <Loading />;
  }
  const items = data.pages.flatMap((page) => page.data);
  if (items.length === 0 && outdated) return <Loading />;
  if (items.length === 0 && !hasNextPage) return empty;
  return (
    <Rows listing={listing} items={items} lookedBackTo={data.pages.at(-1)?.lookedBackTo}>
      {children}
    </Rows>
  );
}

interface RowsProps<Item> extends Omit<ListedProps<Item>, 'empty'> {
  readonly items: readonly Item[];
  readonly lookedBackTo: string | null | undefined;
}

/** While those of other filters are still shown they look and are told to be busy. */
function Rows<Item>({ listing, items, lookedBackTo, children }: RowsProps<Item>) {
  const { t } = useTranslation();
  const { isFetchingNextPage: busy, isPlaceholderData: outdated } = listing;
  const { rows, button, pressed } = useFocusFurther({ count: items.length, busy });
  const more = () => {
    pressed();
    void listing.fetchNextPage();
  };
  return (
    <>
      <div
        ref={rows}
        tabIndex={-1}
        className={outdated ? 'unmarked outdated' : 'unmarked'}
        aria-busy={outdated}
      >
        <Outdated value={outdated}>
          {items.length > 0 ? (
            children(items)
          ) : (
            <Empty title={t('common.nothingYet.title')}>{t('common.nothingYet.text')}</Empty>
          )}
        </Outdated>
      </div>
      {listing.hasNextPage && (
        <ShowMore
          button={button}
          busy={busy}
          disabled={outdated}
          error={listing.isFetchNextPageError ? listing.error : null}
          lookedBackTo={lookedBackTo}
          onMore={more}
        />
      )}
    </>
  );
}
