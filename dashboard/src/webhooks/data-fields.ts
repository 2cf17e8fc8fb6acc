import { useQuery } from '@tanstack/react-query';
import { eventTypesQuery, type MergeField, mergeFieldsQuery } from '../data/event-types.ts';
import type { WebhookDraft } from './draft.ts';

/** The first type of the catalog that a draft wants: what its samples are taken from. */
export function useFirstType(account: string, { allEvents, events }: WebhookDraft): string | undefined {
  const { data: types } = useQuery(eventTypesQuery(account));
  const wants = (name: string) =>
    allEvents ||
    events.some((event) => event === name || (event.endsWith('.*') && name.startsWith(event.slice(0, -1))));
  return types?.find(({ name }) => wants(name))?.name;
}

/** The paths into the data of the events a draft wants, as far as the catalog tells. */
export function useDataFields(account: string, draft: WebhookDraft): string[] {
  const type = useFirstType(account, draft);
  const { data } = useQuery({ ...mergeFieldsQuery(account, type ?? '', ''), enabled: type !== undefined });
  return [...new Set((data ?? []).flatMap(pathsOf))];
}

function pathsOf(field: MergeField): string[] {
  const path = field.liquid.split('|')[0]?.trim() ?? '';
  return path === '' || field.fields ? [] : [path];
}
