import type { OutgoingRequest } from '../egress/send.ts';
import { toWireId } from '../ids.ts';
import { standardWebhooksHeaders } from '../profile/standard-webhooks.ts';
import { VERSION } from '../version.ts';
import type { QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';

/** A request that is ready to go out. */
export type Prepared = OutgoingRequest & { readonly startedAt: number };

const USER_AGENT = `Waybill/${VERSION}`;

/**
 * Makes the request of one attempt. It is made and signed when it is sent, so that a retry carries today's
 * secret, headers and URL; `webhook-id` is the event's, and stays the same.
 *
 * @param nowMs milliseconds since 1970
 */
export function prepare(
  delivery: QueuedDelivery,
  webhook: LiveWebhook,
  nowMs: number,
  connectTimeoutMs: number,
): Prepared {
  const { body } = delivery.event;
  const keys = webhook.secrets
    .filter((secret) => secret.expiresAt === null || secret.expiresAt > nowMs)
    .map((secret) => secret.key);
  const id = toWireId('evt', delivery.event.id);
  return {
    url: webhook.url,
    isolation: webhook.id,
    headers: {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...webhook.headers,
      ...standardWebhooksHeaders(id, Math.floor(nowMs / 1000), body, keys),
    },
    body,
    timeoutMs: webhook.timeoutMs,
    connectTimeoutMs,
    startedAt: nowMs,
  };
}
