import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Sent } from '../egress/send.ts';
import { newId } from '../ids.ts';
import { isSuccess } from '../profile/profile.ts';
import type { Settlement } from '../store/settle.ts';
import { classify, notSent, type Outcome } from './classify.ts';
import type { Congestion } from './concurrency.ts';
import type { QueuedDelivery } from './delivery.ts';
import { fingerprintOf } from './fingerprint.ts';
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

/** Of one answer, for all deliveries of a batch together, and for each at least. */
const KEPT_BYTES = 64 * 1024;
const LEAST_KEPT_BYTES = 256;

/** A gateway says that nobody is behind it. A 503 is an answer: whoever gives it is asked less and less. */
const NOBODY_BEHIND = new Set([502, 504]);

/** An attempt that has ended: what to write, and what it taught about the receiver. */
export interface Attempted {
  /** One for each delivery that was sent. */
  readonly settlements: readonly Settlement[];
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
  const prepared = orFailure(webhook, delivery.id, tools, (startedAt) =>
    prepare(delivery, webhook, startedAt, tools.connectTimeoutMs),
  );
  const ended = await send(prepared, webhook, tools);
  return ended && conclude(ended, { deliveries: [delivery], batchId: null, fence }, webhook, tools);
}

/** A request that has ended, or couldn't be made. Times are milliseconds since 1970. */
export interface Ended {
  readonly url: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly answer: Exclude<Sent, { kind: 'aborted' }> | undefined;
  readonly outcome: Outcome;
  /** Of what was sent; null: nothing was. */
  readonly fingerprint: string | null;
}

/** Sends what was prepared; undefined if it was given up because the node stops. */
export async function send(
  prepared: Prepared | Unprepared,
  webhook: LiveWebhook,
  tools: AttemptTools,
): Promise<Ended | undefined> {
  const { url, startedAt } = prepared;
  const sent = 'failure' in prepared ? prepared : await sendAuthorized(prepared, webhook, tools);
  if ('kind' in sent && sent.kind === 'aborted') return undefined;
  const endedAt = tools.clock.now();
  if (!('kind' in sent)) {
    const outcome = notSent(sent.failure);
    return { url, startedAt, endedAt, answer: undefined, outcome, fingerprint: null };
  }
  const outcome = classify(sent, endedAt, (status) => isSuccess(webhook.profile, status));
  const fingerprint = 'failure' in prepared ? null : fingerprintOf(prepared);
  return { url, startedAt, endedAt, answer: sent, outcome, fingerprint };
}

/** What a request was made for. */
interface Carried {
  readonly deliveries: readonly QueuedDelivery[];
  /** null: it was no batch. */
  readonly batchId: string | null;
  readonly fence: number;
}

/** What a request that has ended means: the same for all deliveries it was made for. */
export function conclude(
  { url, startedAt, endedAt, answer, outcome, fingerprint }: Ended,
  { deliveries, batchId, fence }: Carried,
  webhook: LiveWebhook,
  tools: AttemptTools,
): Attempted {
  const tries = deliveries.reduce((most, one) => Math.max(most, one.tries), 0);
  const shared = {
    webhookId: webhook.id,
    lane: webhook.lane,
    fence,
    batchId,
    batchItems: batchId === null ? null : deliveries.length,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    url,
    requestFingerprint: fingerprint,
    ...answerOf(answer, deliveries.length),
    ...nextState(outcome, tries, webhook, endedAt, tools.random),
  };
  return {
    congestion: outcome.congestion,
    answered: answer && answer.kind === 'response' && !NOBODY_BEHIND.has(answer.status),
    holdUntil: outcome.kind === 'failed' && outcome.retryAfterMs ? endedAt + holdMs(outcome.retryAfterMs) : 0,
    settlements: deliveries.map((delivery) => ({
      ...shared,
      attemptId: newId(),
      accountId: delivery.accountId,
      deliveryId: delivery.id,
      number: delivery.attempts + 1,
      round: delivery.round,
      orderKey: delivery.orderKey,
      failureRun: null,
    })),
  };
}

/** What breaks in `make` is a bug of ours, and breaks each time: it ends as a failure that somebody sees, and is logged. */
export function orFailure<Made>(
  webhook: LiveWebhook,
  deliveryId: string,
  { clock, log }: AttemptTools,
  make: (startedAt: number) => Made,
): Made | Unprepared {
  const startedAt = clock.now();
  try {
    return make(startedAt);
  } catch (error) {
    log.error({ err: error, deliveryId }, 'a request could not be made');
    const reason = 'was not sent, because its request could not be made by the profile of the webhook';
    return { url: webhook.url, startedAt, failure: { code: 'not_prepared', reason } };
  }
}

function answerOf(answer: Ended['answer'], items: number) {
  const response = answer?.kind === 'response' ? answer : undefined;
  const body = response?.body.subarray(0, keptBytes(items));
  return {
    durationMs: Math.round(answer?.durationMs ?? 0),
    statusCode: answer?.status ?? null,
    responseHeaders: response ? JSON.stringify(response.headers) : null,
    responseBody: body && body.length > 0 ? body : null,
    responseTruncated: (response?.bodyTruncated ?? false) || body?.length !== response?.body.length,
  };
}

/** Every delivery of a batch has the answer on record: of a large batch less of it, or it would be kept a thousand times. */
function keptBytes(items: number): number {
  return items === 1 ? Number.POSITIVE_INFINITY : Math.max(LEAST_KEPT_BYTES, Math.floor(KEPT_BYTES / items));
}

function nextState(
  outcome: Outcome,
  tries: number,
  webhook: LiveWebhook,
  endedAt: number,
  random: () => number,
) {
  if (outcome.kind === 'delivered') {
    return {
      outcome: 'delivered',
      failureCode: null,
      failureReason: null,
      failureParams: null,
      status: 'delivered',
      statusReason: null,
      dueAt: null,
      health: 'healthy',
      failing: null,
    } as const;
  }
  const failure = {
    outcome: 'failed',
    failureCode: outcome.code,
    failureReason: outcome.reason,
    failureParams: outcome.params ?? null,
  } as const;
  const delayMs = outcome.gone
    ? null
    : retryDelayMs({
        schedule: webhook.retrySchedule,
        tries: tries + 1,
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
