import { useRouter } from '@tanstack/react-router';

type Filter = object;

/** The fields that filter while somebody types. A link can name what the one for numbers then shows: it is that field's. */
const TYPED_IN: Readonly<Record<string, string>> = {
  search: 'search',
  subject: 'search',
  eventId: 'search',
  eventType: 'eventType',
  type: 'type',
  channel: 'channel',
  account: 'account',
  actor: 'actor',
  action: 'action',
};

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The field that made this step of the history by being typed in. */
    readonly typedIn?: string;
  }
}

export interface Step {
  readonly replace?: boolean;
  readonly state?: { readonly typedIn: string };
}

/**
 * How another filter goes into the browser's history: what was chosen is a step to come back from; what is typed in one field
 * is a single step, however often the typing rested.
 *
 * @param typedIn the field whose typing made the step that is left
 */
export function filterStep(before: Filter, next: Filter, typedIn: string | undefined): Step {
  const field = typedField(before, next);
  return field === undefined ? {} : { replace: field === typedIn, state: { typedIn: field } };
}

/** @returns undefined for a choice; taking all filters away is one, too */
function typedField(before: Filter, next: Filter): string | undefined {
  const [old, wanted] = [new Map(Object.entries(before)), new Map(Object.entries(next))];
  const changed = [...new Set([...old.keys(), ...wanted.keys()])].filter(
    (name) => (old.get(name) || '') !== (wanted.get(name) || ''),
  );
  if (changed.some((name) => !wanted.has(name))) return undefined;
  const fields = new Set(changed.map((name) => TYPED_IN[name]));
  return fields.size === 1 ? [...fields][0] : undefined;
}

/** What to navigate with, so that the browser's way back takes filters away one by one. */
export function useFilterStep(filter: Filter): (next: Filter) => Step {
  const router = useRouter();
  return (next) => filterStep(filter, next, router.state.location.state.typedIn);
}
