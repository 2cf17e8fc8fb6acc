import { type Attempted, type AttemptTools, attempt, conclude, orFailure, send } from './attempt.ts';
import { notSent } from './classify.ts';
import type { QueuedBatch, Sendable } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { type PreparedBatch, prepareBatch } from './prepare-batch.ts';

export type { AttemptTools };

/** One attempt of what goes in one request: see `attempt`, and `attemptBatch`. */
export function attemptSendable(
  sendable: Sendable,
  webhook: LiveWebhook,
  fence: number,
  tools: AttemptTools,
): Promise<Attempted | undefined> {
  if ('deliveries' in sendable) return attemptBatch(sendable, webhook, fence, tools);
  return attempt(sendable, webhook, fence, tools);
}

/**
 * One attempt of a batch: one request, and an outcome for each of its deliveries. One that can't be sent leaves the
 * batch: it is tried again by itself.
 *
 * @param fence under which this node owns the webhook's lane
 * @returns undefined if it was given up because the node stops: nothing is known, so nothing is written
 */
async function attemptBatch(
  batch: QueuedBatch,
  webhook: LiveWebhook,
  fence: number,
  tools: AttemptTools,
): Promise<Attempted | undefined> {
  const made = orFailure(webhook, batch.id, tools, (startedAt) =>
    prepareBatch(batch, webhook, startedAt, tools.connectTimeoutMs),
  );
  const prepared = 'failure' in made ? { request: made, carried: batch.deliveries, unfit: [] } : made;
  const unfit = concludeUnfit(prepared, webhook, fence, tools);
  const { request, carried } = prepared;
  if (!request) return { congestion: 'neutral', answered: undefined, holdUntil: 0, settlements: unfit };
  const sent = await send(request, webhook, tools);
  if (!sent) return undefined;
  const attempted = conclude(sent, { deliveries: carried, batchId: batch.id, fence }, webhook, tools);
  return { ...attempted, settlements: [...attempted.settlements, ...unfit] };
}

function concludeUnfit(
  { unfit }: PreparedBatch,
  webhook: LiveWebhook,
  fence: number,
  tools: AttemptTools,
): Attempted['settlements'] {
  const startedAt = tools.clock.now();
  return unfit.flatMap(({ delivery, failure }) => {
    const ended = {
      url: webhook.url,
      startedAt,
      endedAt: startedAt,
      answer: undefined,
      outcome: notSent(failure),
      fingerprint: null,
    };
    const parts = { deliveries: [delivery], batchId: delivery.id, fence };
    return conclude(ended, parts, webhook, tools).settlements;
  });
}
