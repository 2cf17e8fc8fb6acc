import type { Catalogs } from '../catalog/catalogs.ts';
import type { EventType } from '../catalog/event-type.ts';
import { invalid } from '../errors.ts';
import { EVENT_TYPE, isEventPattern, matchesPattern } from '../event-pattern.ts';
import { newId } from '../ids.ts';
import type { NewEvent } from '../store/enqueue.ts';
import type { WebhookRow } from '../store/webhooks.ts';

/** What a test event is where the catalog has none to offer. */
export const FALLBACK_TYPE = 'webhook.test';
export const FALLBACK_DATA = '{"test":true}';

/**
 * An event to try a webhook with: of the asked type, else the first the webhook names in full, else the first of its
 * catalog that it wants. Its data is the sample of that type.
 */
export function testEvent(
  catalogs: Catalogs,
  accountPreset: string | null,
  webhook: WebhookRow,
  asked: string | undefined,
  now: string,
): NewEvent {
  if (asked !== undefined && !(EVENT_TYPE.test(asked) && isEventPattern(asked))) {
    throw invalid([
      { path: 'eventType', code: 'invalid', message: 'must be an event type such as order.created' },
    ]);
  }
  const known = catalogs.typesSentBy(webhook.profile);
  const type = asked ?? webhook.events.find((pattern) => EVENT_TYPE.test(pattern)) ?? wanted(known, webhook);
  const entry = known.find(({ name }) => name === type) ?? catalogs.eventType(accountPreset, type);
  return {
    id: newId(),
    accountId: webhook.accountId,
    type,
    subject: null,
    channel: null,
    version: null,
    occurredAt: now,
    data: entry?.sample === undefined ? FALLBACK_DATA : JSON.stringify(entry.sample),
    warnings: null,
  };
}

function wanted(types: readonly EventType[], { events }: WebhookRow): string {
  const type = types.find(({ name }) => events.some((pattern) => matchesPattern(pattern, name)));
  return type?.name ?? FALLBACK_TYPE;
}
