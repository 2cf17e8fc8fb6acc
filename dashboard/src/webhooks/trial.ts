import { ApiProblem, type FieldProblem } from '../api.ts';
import { type Tab, tabOf, type WebhookDraft } from './draft.ts';

/** What a draft lacks before anything can be tried with it; undefined: nothing. */
export function missingIn(draft: WebhookDraft): 'events' | 'url' | 'urlAndEvents' | undefined {
  const noUrl = draft.url.trim() === '';
  const noEvents = !draft.allEvents && draft.events.length === 0;
  if (noUrl) return noEvents ? 'urlAndEvents' : 'url';
  return noEvents ? 'events' : undefined;
}

/** What is wrong with a draft that was tried: on the tab it is tried on, and on the first of the others. */
export interface Refusal {
  readonly here: readonly FieldProblem[];
  readonly elsewhere: Tab | undefined;
}

/** @returns undefined where fields have nothing to do with it */
export function refusalOf(error: unknown, tab: Tab): Refusal | undefined {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return undefined;
  // What is tried and isn't saved yet is a part of what was sent.
  const placed = error.errors.map((one) => ({ ...one, path: one.path.replace(/^webhook\./, '') }));
  return {
    here: placed.filter(({ path }) => tabOf(path) === tab),
    elsewhere: placed.map(({ path }) => tabOf(path)).find((other) => other !== tab),
  };
}
