import { toWireId } from '../ids.ts';
import { batchSubject, renderBatch } from '../profile/batch.ts';
import type { Subject } from '../profile/subject.ts';
import { batchFormatOf } from './batch-rules.ts';
import type { QueuedBatch, QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import {
  bodyFromTemplate,
  type Failure,
  type Prepared,
  prepare,
  refusedBy,
  requestOf,
  subjectOf,
  type Unprepared,
} from './prepare.ts';

/** A batch that is ready to go out, as far as it can be. */
export interface PreparedBatch {
  /** Or why nothing can be sent to the webhook. Undefined: none of its deliveries can be sent. */
  readonly request: Prepared | Unprepared | undefined;
  /** What the request carries. */
  readonly carried: readonly QueuedDelivery[];
  /** What can't be sent: the webhook's template doesn't fit these events. */
  readonly unfit: readonly { readonly delivery: QueuedDelivery; readonly failure: Failure }[];
}

/**
 * Makes the one request of a batch, with the id of the batch where those of an event and a delivery would stand. An event
 * that the webhook's template doesn't fit keeps no other from being sent.
 *
 * @param nowMs milliseconds since 1970
 */
export function prepareBatch(
  batch: QueuedBatch,
  webhook: LiveWebhook,
  nowMs: number,
  connectTimeoutMs: number,
): PreparedBatch {
  const refused = refusedBy(webhook, nowMs);
  if (refused) return { request: refused, carried: batch.deliveries, unfit: [] };
  const { fit, unfit } = bodiesOf(batch, webhook, nowMs);
  const carried = fit.map(({ delivery }) => delivery);
  if (fit.length === 0) return { request: undefined, carried, unfit };
  const subjects = fit.map(({ subject }) => subject);
  const whole = batchSubject(batchFormatOf(webhook), toWireId('bat', batch.id), subjects);
  const body = webhook.payload
    ? `[${fit.map(({ body }) => body).join(',')}]`
    : renderBatch(webhook.profile, subjects, whole);
  return { request: requestOf(webhook, whole, Buffer.from(body), nowMs, connectTimeoutMs), carried, unfit };
}

/** A request as it would be made for one event: of a webhook with batches, of a batch of one. */
export function prepareAlone(
  delivery: QueuedDelivery,
  webhook: LiveWebhook,
  nowMs: number,
  connectTimeoutMs: number,
): Prepared | Unprepared {
  if (!webhook.batch) return prepare(delivery, webhook, nowMs, connectTimeoutMs);
  const alone = { id: delivery.id, deliveries: [delivery] };
  const { request, unfit } = prepareBatch(alone, webhook, nowMs, connectTimeoutMs);
  if (request) return request;
  const [failure = { code: 'empty', reason: 'was not sent, because there was nothing to send' }] = unfit.map(
    (one) => one.failure,
  );
  return { url: webhook.url, startedAt: nowMs, failure };
}

interface Bodies {
  readonly fit: {
    readonly delivery: QueuedDelivery;
    readonly subject: Subject;
    readonly body: Buffer | null;
  }[];
  readonly unfit: { readonly delivery: QueuedDelivery; readonly failure: Failure }[];
}

/** The body of each event, where the webhook has a template of its own. */
function bodiesOf({ deliveries }: QueuedBatch, webhook: LiveWebhook, nowMs: number): Bodies {
  const bodies: Bodies = { fit: [], unfit: [] };
  for (const delivery of deliveries) {
    const subject = subjectOf(delivery, webhook, nowMs);
    const body = webhook.payload ? bodyFromTemplate(webhook.payload, subject) : null;
    if (body && 'failure' in body) bodies.unfit.push({ delivery, failure: body.failure });
    else bodies.fit.push({ delivery, subject, body: body?.bytes ?? null });
  }
  return bodies;
}
