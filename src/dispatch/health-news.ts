import type { Settlement } from '../store/settle.ts';
import { afterFailure, failureLimitMs, NO_FAILURES } from './failure-run.ts';
import type { LiveWebhook } from './live-webhook.ts';
import type { WebhookQueue } from './webhook-queue.ts';

/**
 * What an outcome says about its webhook, as far as that is news: what is known already isn't written again, so that a
 * webhook where all goes well costs nothing.
 *
 * @param instanceDays how long nothing but failures may last where the webhook doesn't say; 0: for ever
 */
export function withNews(
  queue: WebhookQueue,
  webhook: LiveWebhook,
  settlement: Settlement,
  instanceDays: number,
): Settlement {
  if (settlement.outcome === 'delivered') return recovered(queue, settlement);
  const news = settlement.health !== null && settlement.health !== queue.health;
  if (news && settlement.health) queue.health = settlement.health;
  // Whether it is called so is for its rule to say; what arrives next ends it in any case.
  if (settlement.statusReason === 'exhausted') queue.health = 'failing';
  const at = Date.parse(settlement.endedAt);
  const next = afterFailure(queue.failures, at, failureLimitMs(webhook.disableAfterDays, instanceDays));
  if (next === 'begin') queue.failures = { since: at, warnedAt: null };
  if (next === 'warn') queue.failures = { ...queue.failures, warnedAt: at };
  const failureRun = next === null ? null : next === 'begin' ? 'begun' : 'lasting';
  return { ...settlement, health: news ? settlement.health : null, failureRun };
}

function recovered(queue: WebhookQueue, settlement: Settlement): Settlement {
  const news = queue.health !== 'healthy' || queue.failures.since !== null;
  queue.health = 'healthy';
  queue.failures = NO_FAILURES;
  return news ? settlement : { ...settlement, health: null };
}

/**
 * What it means that an outcome has been written. It may have been written after one that arrived later, which another
 * transaction didn't hold up: then the next that arrives is news once more.
 *
 * @returns whether the webhook may be disabled now
 */
export function learnWritten(queue: WebhookQueue, settlement: Settlement): boolean {
  const { outcome, statusReason, failing, failureRun, health } = settlement;
  if (statusReason === 'gone') queue.holdUntil = 0;
  const hasEnded = failureRun !== null && queue.failures.since === null;
  if (statusReason === 'exhausted' || health === 'failing' || hasEnded) queue.health = 'failing';
  // It has ended in the database what failed since, too: the next failure begins it anew.
  const since = queue.failures.since ?? Number.NEGATIVE_INFINITY;
  if (outcome === 'delivered' && health !== null && since > Date.parse(settlement.endedAt)) {
    queue.failures = NO_FAILURES;
  }
  const mayBeDisabled = failing?.actions.includes('disable') === true || failureRun === 'lasting';
  return statusReason === 'gone' || mayBeDisabled;
}
