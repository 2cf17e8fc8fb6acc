import { queryOptions } from '@tanstack/react-query';
import type { EventTypeView } from '../../../src/manage/event-type-view.ts';
import type { VersionChanges } from '../../../src/manage/version-changes.ts';
import { get, type Listing } from '../api.ts';

export type { EventTypeView };

const MOST_PAGES = 10;
const PER_PAGE = 100;

/** The event types an account can choose from: all of them, as catalogs are small. */
export const eventTypesQuery = (account: string) =>
  queryOptions({
    queryKey: ['/v1/event-types', account],
    queryFn: async ({ signal }) => {
      const types: EventTypeView[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const query = { account, limit: PER_PAGE, cursor };
        const { data, nextCursor } = await get<Listing<EventTypeView>>('/v1/event-types', query, signal);
        types.push(...data);
        if (nextCursor === null) break;
        cursor = nextCursor;
      }
      return types;
    },
    staleTime: 60_000,
  });

export const eventTypeQuery = (account: string, name: string) =>
  queryOptions({
    queryKey: ['/v1/event-types', account, name],
    queryFn: ({ signal }) =>
      get<EventTypeView>(`/v1/event-types/${encodeURIComponent(name)}`, { account }, signal),
    staleTime: 60_000,
  });

/** How one version of what is sent of events of a type differs from another. */
export const versionChangesQuery = (account: string, name: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['/v1/event-types', account, name, 'changes', from, to],
    queryFn: ({ signal }) => {
      const path = `/v1/event-types/${encodeURIComponent(name)}/changes`;
      return get<VersionChanges>(path, { account, from, to }, signal);
    },
    staleTime: 60_000,
  });

/** What a payload template can use of events of a type. */
export interface MergeField {
  /** What stands between `$$` and `$$`; null: Liquid alone reaches it. */
  readonly name: string | null;
  readonly liquid: string;
  readonly type: string;
  readonly sample: string | null;
  readonly fields?: readonly MergeField[];
}

/** @param subject those that the newest event about it has, with its values; empty: all, with samples */
export const mergeFieldsQuery = (account: string, eventType: string, subject: string) =>
  queryOptions({
    queryKey: ['/v1/event-types', account, eventType, 'merge-fields', subject],
    queryFn: async ({ signal }) => {
      const path = `/v1/event-types/${encodeURIComponent(eventType)}/merge-fields`;
      const query = { account, ...(subject !== '' && { subject }) };
      return (await get<{ data: readonly MergeField[] }>(path, query, signal)).data;
    },
    staleTime: 30_000,
  });
