import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Sent } from '../egress/send.ts';
import { newId } from '../ids.ts';
import { isSuccess } from '../profile/profile.ts';
import type { Settlement } from '../store/settle.ts';
import { classify, notSent, type Outcome } from './classify.ts';
import type { Congestion } from './concurrency.ts';
import type { QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { type Prepared, prepare, type Unprepared } from './prepare.ts';
import { holdMs, retryDelayMs } from './retry.ts';
import { type AuthorizedSendTools, sendAuthorized } from './send-authorized.ts';

export interface AttemptTools extends AuthorizedSendTools {
  readonly clock: Clock;
  /** 0 ≤ random() < 1. */
  readonly random: () => number;
  readonly connectTimeoutMs: number;
  readonly log: Logger;
}

/** A gateway says that nobody is behind it. A 503 is an answer: whoever gives it is asked less and less. */
const NOBODY_BEHIND = new Set([502, 504]);

/** An attempt that has ended: what to write, and what it taught about the receiver. */
export interface Attempted {
  readonly settlement: Settlement;
  readonly congestion: Congestion;
  /** Whether the receiver has answered, whatever it was; undefined if it wasn't asked. */
  readonly answered: boolean | undefined;
  /** Until when the receiver wants to be left alone, in milliseconds since 1970; 0 if it didn't say. */
  readonly holdUntil: number;
}

/**
 * One attempt: prepare, send, classify; what it leads to is written by the settler.
 *
 * @param fence under which this node owns the webhook's lane
 * @returns undefined if it was given up because the node stops: nothing is known, so nothing is written
 */
export async function attempt(
  delivery: QueuedDelivery,
  webhook: LiveWebhook,
  fence: number,
  tools: AttemptTools,
): Promise<Attempted | undefined> {
  const prepared = prepareOrFail(delivery, webhook, tools);
  const sent = 'failure' in prepared ? prepared : await sendAuthorized(prepared, webhook, tools);
  if ('kind' in sent && sent.kind === 'aborted') return undefined;
  const endedAt = tools.clock.now();
  const outcome =
    'kind' in sent
      ? classify(sent, endedAt, (status) => isSuccess(webhook.profile, status))
      : notSent(sent.failure);
  return {
    congestion: outcome.congestion,
    answered: 'kind' in sent ? sent.kind === 'response' && !NOBODY_BEHIND.has(sent.status) : undefined,
    holdUntil: outcome.kind === 'failed' && outcome.retryAfterMs ? endedAt + holdMs(outcome.retryAfterMs) : 0,
    settlement: {
      attemptId: newId(),
      accountId: delivery.accountId,
      deliveryId: delivery.id,
      webhookId: webhook.id,
      lane: webhook.lane,
      fence,
      number: delivery.attempts + 1,
      round: delivery.round,
      orderKey: delivery.orderKey,
      startedAt: new Date(prepared.startedAt).toISOString(),
      endedAt: new Date(endedAt).toISOString(),
      ...answerOf(prepared.url, 'kind' in sent ? sent : undefined),
      ...nextState(outcome, delivery, webhook, endedAt, tools.random),
    },
  };
}

/** What breaks here is a bug of ours, and breaks each time: it ends as a failure that somebody sees, and is logged. */
function prepareOrFail(
  delivery: QueuedDelivery,
  webhook: LiveWebhook,
  { clock, connectTimeoutMs, log }: AttemptTools,
): Prepared | Unprepared {
  const startedAt = clock.now();
  try {
    return prepare(delivery, webhook, startedAt, connectTimeoutMs);
  } catch (error) {
    log.error({ err: error, deliveryId: delivery.id }, 'a request could not be made');
    const reason = 'was not sent, because its request could not be made by the profile of the webhook';
    return { url: webhook.url, startedAt, failure: { code: 'not_prepared', reason } };
  }
}

function answerOf(url: string, sent: Exclude<Sent, { kind: 'aborted' }> | undefined) {
  const response = sent?.kind === 'response' ? sent : undefined;
  return {
    url,
    durationMs: Math.round(sent?.durationMs ?? 0),
    statusCode: sent?.status ?? null,
    responseHeaders: response ? JSON.stringify(response.headers) : null,
    responseBody: response && response.body.length > 0 ? response.body : null,
    responseTruncated: response?.bodyTruncated ?? false,
  };
}

function nextState(
  outcome: Outcome,
  delivery: QueuedDelivery,
  webhook: LiveWebhook,
  endedAt: number,
  random: () => number,
) {
  if (outcome.kind === 'delivered') {
    return {
      outcome: 'delivered',
      failureCode: null,
      failureReason: null,
      status: 'delivered',
      statusReason: null,
      dueAt: null,
      health: 'healthy',
      failing: null,
    } as const;
  }
  const failure = { outcome: 'failed', failureCode: outcome.code, failureReason: outcome.reason } as const;
  const delayMs = outcome.gone
    ? null
    : retryDelayMs({
        schedule: webhook.retrySchedule,
        tries: delivery.tries + 1,
        retryAfterMs: outcome.retryAfterMs,
        random: random(),
      });
  if (delayMs === null) {
    const ended = { ...failure, status: 'failed', dueAt: null } as const;
    if (outcome.gone) return { ...ended, statusReason: 'gone', health: 'failing', failing: null } as const;
    const { failing } = webhook.profile;
    return { ...ended, statusReason: 'exhausted', health: null, failing } as const;
  }
  const dueAt = new Date(endedAt + delayMs).toISOString();
  return { ...failure, status: 'pending', statusReason: null, dueAt, health: null, failing: null } as const;
}
