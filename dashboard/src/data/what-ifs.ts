import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { accountPath, post } from '../api.ts';
import type { Failure } from '../words/failure-words.ts';
import type { Explanation } from './explanations.ts';

/** A request as it would be sent, or why none would be. */
export type Preview =
  | {
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly failure: Failure };

interface Question {
  readonly account: string;
  /** Undefined while it hasn't been saved yet. */
  readonly webhookId: string | undefined;
  /** The webhook as it stands in the form. */
  readonly webhook: Readonly<Record<string, unknown>>;
  /** null: the sample of the first type it wants. */
  readonly eventId: string | null;
}

/** What the webhook of a form would send for an event. */
export const previewQuery = (question: Question) =>
  queryOptions({
    queryKey: pathOf(question, 'preview').concat(JSON.stringify(bodyOf(question))),
    queryFn: () => post<Preview>(pathOf(question, 'preview')[0] as string, bodyOf(question)),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Whether the webhook of a form would get an event, rule by rule. */
export const wouldFireQuery = (question: Question) =>
  queryOptions({
    queryKey: pathOf(question, 'explain').concat(JSON.stringify(bodyOf(question))),
    queryFn: () => post<Explanation>(pathOf(question, 'explain')[0] as string, bodyOf(question)),
    placeholderData: keepPreviousData,
    retry: false,
  });

function pathOf({ account, webhookId }: Question, what: 'preview' | 'explain'): string[] {
  const path =
    webhookId === undefined ? accountPath(account, what) : accountPath(account, 'webhooks', webhookId, what);
  return [path];
}

function bodyOf({ webhook, eventId }: Question): unknown {
  return { webhook, ...(eventId !== null && { eventId }) };
}
