import { useQueries, useQuery } from '@tanstack/react-query';
import { eventTypesQuery, type MergeField, mergeFieldsQuery } from '../data/event-types.ts';
import type { WebhookDraft } from './draft.ts';
import { wants } from './wanted-types.ts';

/** Fields are suggested of no more types than this: a webhook that wants all of a catalog would ask for each. */
const MOST_TYPES = 8;

/** The types of the catalog that a draft wants, as far as they are known; samples are taken from the first one. */
export function useWantedTypes(account: string, draft: WebhookDraft): readonly string[] {
  const { data: types } = useQuery(eventTypesQuery(account));
  return (types ?? []).map(({ name }) => name).filter((name) => wants(draft, name));
}

/** The paths into the data of the events a draft wants, as far as the catalog tells. */
export function useDataFields(account: string, draft: WebhookDraft): string[] {
  const types = useWantedTypes(account, draft).slice(0, MOST_TYPES);
  const fields = useQueries({ queries: types.map((type) => mergeFieldsQuery(account, type, '')) });
  return [...new Set(fields.flatMap(({ data }) => (data ?? []).flatMap(pathsOf)))];
}

function pathsOf(field: MergeField): string[] {
  const path = field.liquid.split('|')[0]?.trim() ?? '';
  return path === '' || field.fields ? [] : [path];
}
