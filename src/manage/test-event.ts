import type { Queryable } from '../db/database.ts';
import { invalid } from '../errors.ts';
import { newId } from '../ids.ts';
import { EVENT_TYPE, isEventPattern } from '../publish/event-pattern.ts';
import type { NewEvent } from '../store/enqueue.ts';
import { findSample } from '../store/event-types.ts';
import type { WebhookRow } from '../store/webhooks.ts';

const FALLBACK_TYPE = 'webhook.test';

/** An event to try a webhook with: of the asked type, else the first the webhook names in full. */
export async function testEvent(
  db: Queryable,
  webhook: WebhookRow,
  asked: string | undefined,
  now: string,
): Promise<NewEvent> {
  if (asked !== undefined && !(EVENT_TYPE.test(asked) && isEventPattern(asked))) {
    throw invalid([
      { path: 'eventType', code: 'invalid', message: 'must be an event type such as order.created' },
    ]);
  }
  const type = asked ?? webhook.events.find((pattern) => EVENT_TYPE.test(pattern)) ?? FALLBACK_TYPE;
  return {
    id: newId(),
    accountId: webhook.accountId,
    type,
    subject: null,
    channel: null,
    version: null,
    occurredAt: now,
    data: (await findSample(db, type)) ?? '{"test":true}',
  };
}
