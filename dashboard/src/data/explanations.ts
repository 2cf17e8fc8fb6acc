import { queryOptions } from '@tanstack/react-query';
import type { ExplainedGroup } from '../../../src/condition/explain.ts';
import { accountPath, post } from '../api.ts';
import type { Rule } from '../words/rule-words.ts';

/** Whether a webhook gets an event, rule by rule. */
export interface Explanation {
  readonly fires: boolean;
  readonly rules: readonly Rule[];
  /** Its condition, rule by rule; null if it has none. */
  readonly condition: { readonly rules: ExplainedGroup } | null;
  readonly deliveryId: string | null;
}

/** Whether a saved webhook gets, or would have got, a published event. */
export const explanationQuery = (account: string, webhookId: string, eventId: string) =>
  queryOptions({
    queryKey: [accountPath(account, 'webhooks', webhookId, 'explain'), eventId],
    queryFn: () => post<Explanation>(accountPath(account, 'webhooks', webhookId, 'explain'), { eventId }),
  });
