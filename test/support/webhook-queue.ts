import { OutgoingEvent, type QueuedDelivery } from '../../src/dispatch/delivery.ts';
import type { LiveWebhook } from '../../src/dispatch/live-webhook.ts';
import { MemoryBudget } from '../../src/dispatch/memory-budget.ts';
import { Pace } from '../../src/dispatch/pace.ts';
import { type QueueBounds, WebhookQueue } from '../../src/dispatch/webhook-queue.ts';
import { plainProfile } from './profiles.ts';

export const NOW = 1_000;

export const WEBHOOK: LiveWebhook = {
  id: 'w',
  accountId: 'acme',
  url: 'https://example.com/',
  lane: 7,
  revision: 1,
  health: 'healthy',
  failures: { since: null, warnedAt: null },
  disableAfterDays: null,
  headers: {},
  payload: null,
  retrySchedule: null,
  timeoutMs: 1_000,
  priority: 5,
  ratePerSecond: null,
  maxInFlight: null,
  batch: null,
  profile: plainProfile({ body: 'event.data', signatures: [] }),
  secrets: [],
  unusable: null,
  auth: null,
  tls: undefined,
};

const NO_EVENT = { id: '', type: 'x', subject: null, channel: null, version: null, occurredAt: '', data: '' };

export function createQueue(bounds: Partial<QueueBounds> = {}, pace = new Pace()): WebhookQueue {
  const all = {
    maxConcurrency: 2,
    maxQueued: 4,
    maxQueuedBytes: 100,
    breaker: { after: 3, holdMs: 1_000, maxHoldMs: 4_000 },
    memory: new MemoryBudget(1_000),
    ...bounds,
  };
  return new WebhookQueue(WEBHOOK, all, pace);
}

/** As with real ones, the lower of two ids was made first. */
export function delivery(id: string, bytes = 2): QueuedDelivery {
  const event = new OutgoingEvent({ ...NO_EVENT, id, data: 'x'.repeat(bytes) });
  return {
    id,
    accountId: 'acme',
    event,
    attempts: 0,
    tries: 0,
    round: 0,
    orderKey: null,
    uniqueKey: null,
    priority: null,
    dueAt: 0,
    batchId: null,
  };
}

/** Of a webhook with unique items. */
export function unique(id: string, uniqueKey: string, bytes = 2): QueuedDelivery {
  return { ...delivery(id, bytes), uniqueKey };
}

/** Of an ordered webhook; with a second key of one with unique items too. */
export function ordered(id: string, orderKey: string, uniqueKey: string | null = null): QueuedDelivery {
  return { ...delivery(id), orderKey, uniqueKey };
}

/** Ends the request of a delivery that has been started; its outcome is committed at once. */
export function end(queue: WebhookQueue, id: string): void {
  queue.sent('neutral', undefined, NOW);
  queue.release(id);
}

/** Starts and ends all it can, one after the other. */
export function drain(queue: WebhookQueue): string[] {
  const order: string[] = [];
  while (queue.canStart(NOW)) {
    const started = queue.start(NOW);
    if (!started) break;
    order.push(started.id);
    end(queue, started.id);
  }
  return order;
}
