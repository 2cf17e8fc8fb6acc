import { batchKey } from '../profile/batch.ts';
import type { BatchFormat } from '../profile/batch-format.ts';
import type { CollectRules } from './collect.ts';
import type { QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';

/** Data of one request at most, in bytes: as much as one event may have unless configured otherwise. */
export const MAX_BATCH_BYTES = 1024 * 1024;

/** How a webhook's batches are made: bodies of its own template go into an array, whatever its profile says. */
export function batchFormatOf({ payload, profile }: LiveWebhook): BatchFormat {
  return payload ? 'array' : profile.batch;
}

/** When a webhook's deliveries go together; undefined: each goes alone. */
export function collectRulesOf(webhook: LiveWebhook): CollectRules | undefined {
  const { batch } = webhook;
  if (batch === null) return undefined;
  const format = batchFormatOf(webhook);
  const path = batch.by?.split('.') ?? null;
  // Each is asked for over and over while it waits, and looks into its data.
  const known = new WeakMap<QueuedDelivery, string | null>();
  const keyOf = (delivery: QueuedDelivery): string | null => {
    let key = known.get(delivery);
    if (key === undefined) {
      key = batchKey(format, delivery.event, path);
      known.set(delivery, key);
    }
    return key;
  };
  const fit = (deliveries: readonly QueuedDelivery[]): boolean => {
    // What would be lost where lists are joined: the rest of all events but the first. In an array nothing is.
    if (format === 'array') return true;
    const [first, ...others] = deliveries.map(({ event }) => batchKey(format, event, null));
    return first !== null && others.every((key) => key === first);
  };
  return { ...batch, priority: webhook.priority, maxBytes: MAX_BATCH_BYTES, keyOf, fit };
}
