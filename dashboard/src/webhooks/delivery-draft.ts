import type { WebhookView } from '../data/webhooks.ts';

/** How several events go in one request, as it stands in the form. Numbers that were deleted are ''. */
export interface BatchDraft {
  maxItems: number | '';
  maxWaitSeconds: number | '';
  by: string;
}

const NEW_BATCH: BatchDraft = { maxItems: 100, maxWaitSeconds: 5, by: '' };

export function newBatch(): BatchDraft {
  return { ...NEW_BATCH };
}

export function batchDraftOf(batch: WebhookView['batch']): BatchDraft | null {
  return batch && { maxItems: batch.maxItems, maxWaitSeconds: batch.maxWaitMs / 1000, by: batch.by ?? '' };
}

/** What was left out is for the API to ask for. */
export function batchBody(batch: BatchDraft | null): Record<string, unknown> | null {
  if (batch === null) return null;
  const { maxItems, maxWaitSeconds, by } = batch;
  return {
    ...(maxItems !== '' && { maxItems }),
    ...(maxWaitSeconds !== '' && { maxWaitMs: Math.round(maxWaitSeconds * 1000) }),
    ...(by.trim() !== '' && { by: by.trim() }),
  };
}
