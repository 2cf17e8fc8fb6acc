import type { CarriedRow, MadeAttemptRow } from '../store/attempts.ts';
import { OutgoingEvent, type QueuedDelivery } from './delivery.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { LiveSecret, LiveWebhook } from './live-webhook.ts';
import { type Failure, type Prepared, prepare, type Unprepared } from './prepare.ts';
import { prepareBatch } from './prepare-batch.ts';

/** The request of an attempt, made once more. */
export interface Remade {
  readonly request: Prepared | Unprepared;
  /** Whether it is what was sent, byte for byte but for the headers that say who sends. */
  readonly isAsSent: boolean;
  /** What it is signed with, the current secret of that time first. */
  readonly secrets: readonly LiveSecret[];
}

/**
 * Makes the request of an attempt once more, with the code that sends, and the number and time of that attempt. Which
 * secrets were valid then follows from what was sent: those that have come since are left out, the newest first, until
 * it is the same. If it never is, something else has changed, and it is made as it would be today.
 *
 * @param webhook as it is today, with all its secrets, also those that have expired, the newest first
 * @param carried what went in the request
 * @param nowMs milliseconds since 1970
 */
export function remake(
  webhook: LiveWebhook,
  attempt: MadeAttemptRow,
  carried: readonly CarriedRow[],
  nowMs: number,
): Remade {
  const startedAt = attempt.startedAt.getTime();
  const makeWith = (secrets: readonly LiveSecret[]): Remade => {
    const request = make({ ...webhook, secrets }, attempt, carried, startedAt);
    const isAsSent = !('failure' in request) && fingerprintOf(request) === attempt.requestFingerprint;
    return { request, isAsSent, secrets: secrets.filter((one) => isLive(one, startedAt)) };
  };
  if (attempt.requestFingerprint !== null) {
    for (let newer = 0; newer < Math.max(1, webhook.secrets.length); newer += 1) {
      const remade = makeWith(webhook.secrets.slice(newer));
      if (remade.isAsSent) return remade;
    }
  }
  return makeWith(webhook.secrets.filter((one) => isLive(one, nowMs)));
}

function make(
  webhook: LiveWebhook,
  { batchId }: MadeAttemptRow,
  carried: readonly CarriedRow[],
  startedAt: number,
): Prepared | Unprepared {
  const deliveries = carried.map((row) => deliveryOf(row, webhook.accountId));
  if (batchId !== null) {
    const { request, unfit } = prepareBatch({ id: batchId, deliveries }, webhook, startedAt, 0);
    if (request) return request;
    const [failure = NOTHING_LEFT] = unfit.map((one) => one.failure);
    return { url: webhook.url, startedAt, failure };
  }
  const [delivery] = deliveries;
  return delivery
    ? prepare(delivery, webhook, startedAt, 0)
    : { url: webhook.url, startedAt, failure: NOTHING_LEFT };
}

const NOTHING_LEFT: Failure = { code: 'event_gone', reason: 'its event is no longer kept' };

function isLive({ expiresAt }: LiveSecret, at: number): boolean {
  return expiresAt === null || expiresAt > at;
}

/** As it was when the attempt began. */
function deliveryOf(
  { deliveryId, number, eventId, ...event }: CarriedRow,
  accountId: string,
): QueuedDelivery {
  return {
    id: deliveryId,
    accountId,
    event: new OutgoingEvent({ ...event, id: eventId, occurredAt: event.occurredAt.toISOString() }),
    attempts: number - 1,
    tries: number - 1,
    round: 0,
    orderKey: null,
    uniqueKey: null,
    priority: null,
    dueAt: 0,
    batchId: null,
  };
}
