import type { OutgoingRequest } from '../egress/send.ts';
import { toWireId } from '../ids.ts';
import { isBodyShared, renderBody, renderHeaders } from '../profile/engine.ts';
import { payloadVersionOf } from '../profile/profile.ts';
import type { Subject } from '../profile/subject.ts';
import type { QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';

/** A request that is ready to go out. */
export type Prepared = OutgoingRequest & { readonly startedAt: number };

/**
 * Makes the request of one attempt, as the webhook's profile says. It is made and signed when it is sent, so that
 * a retry carries today's secret, headers and URL; the event's id stays the same.
 *
 * @param nowMs milliseconds since 1970
 */
export function prepare(
  delivery: QueuedDelivery,
  webhook: LiveWebhook,
  nowMs: number,
  connectTimeoutMs: number,
): Prepared {
  const { profile } = webhook;
  const { event } = delivery;
  const subject = subjectOf(delivery, webhook, nowMs);
  const render = (): string => renderBody(profile, subject);
  const body = isBodyShared(profile) ? event.sharedBody(profile, render) : Buffer.from(render());
  const secrets = webhook.secrets
    .filter((secret) => secret.expiresAt === null || secret.expiresAt > nowMs)
    .map((secret) => secret.text);
  return {
    url: webhook.url,
    // Webhooks that lead to one host wait for each other no more than any others do.
    isolation: webhook.id,
    headers: { ...webhook.headers, ...renderHeaders(profile, subject, body, secrets) },
    body,
    timeoutMs: webhook.timeoutMs,
    connectTimeoutMs,
    startedAt: nowMs,
  };
}

function subjectOf(delivery: QueuedDelivery, webhook: LiveWebhook, nowMs: number): Subject {
  const { event } = delivery;
  return {
    event: {
      id: toWireId('evt', event.id),
      type: event.type,
      occurredAt: event.occurredAt,
      subject: event.subject,
      channel: event.channel,
      version: event.version,
      data: event.data,
    },
    payloadVersion: payloadVersionOf(webhook.profile, event.type, event.version),
    delivery: { id: toWireId('dlv', delivery.id) },
    attempt: { number: delivery.attempts + 1, timestampSeconds: Math.floor(nowMs / 1000) },
    webhook: { id: toWireId('wh', webhook.id) },
  };
}
