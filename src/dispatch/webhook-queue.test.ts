import { describe, expect, it } from 'vitest';
import { plainProfile } from '../../test/support/profiles.ts';
import { OutgoingEvent, type QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { MemoryBudget } from './memory-budget.ts';
import { WebhookQueue } from './webhook-queue.ts';

const WEBHOOK: LiveWebhook = {
  id: 'w',
  accountId: 'acme',
  url: 'https://example.com/',
  lane: 7,
  revision: 1,
  health: 'healthy',
  headers: {},
  payload: null,
  retrySchedule: null,
  timeoutMs: 1_000,
  priority: 5,
  ratePerSecond: null,
  maxInFlight: null,
  profile: plainProfile({ body: 'event.data', signatures: [] }),
  secrets: [],
};
const NO_EVENT = { id: '', type: 'x', subject: null, channel: null, version: null, occurredAt: '', data: '' };
const NOW = 1_000;

function createQueue(bounds: Partial<ConstructorParameters<typeof WebhookQueue>[1]> = {}): WebhookQueue {
  return new WebhookQueue(WEBHOOK, {
    maxConcurrency: 2,
    maxQueued: 4,
    maxQueuedBytes: 100,
    breaker: { after: 3, holdMs: 1_000, maxHoldMs: 4_000 },
    memory: new MemoryBudget(1_000),
    ...bounds,
  });
}

function delivery(id: string, bytes = 2): QueuedDelivery {
  const event = new OutgoingEvent({ ...NO_EVENT, id, data: 'x'.repeat(bytes) });
  return { id, accountId: 'acme', event, attempts: 0, tries: 0, round: 0, orderKey: null, uniqueKey: null };
}

function push(queue: WebhookQueue, ...ids: string[]): void {
  for (const id of ids) queue.push(delivery(id));
}

/** Starts and ends all it can, one after the other. */
function drain(queue: WebhookQueue): string[] {
  const order: string[] = [];
  while (queue.canStart(NOW)) {
    const started = queue.start(NOW);
    if (!started) break;
    order.push(started.id);
    queue.sent('neutral', undefined, NOW);
    queue.release(started.id);
  }
  return order;
}

describe('queue of a webhook', () => {
  it('gives deliveries in the order they came, however many', () => {
    const queue = createQueue({ maxQueued: 1_000, maxQueuedBytes: 1_000_000 });
    const ids = Array.from({ length: 500 }, (_, index) => `d${index}`);
    push(queue, ...ids.slice(0, 300));
    const first = [queue.start(NOW), queue.start(NOW)].map((one) => one?.id);
    for (const id of first) {
      queue.sent('neutral', undefined, NOW);
      queue.release(id as string);
    }
    push(queue, ...ids.slice(300));
    expect([...first, ...drain(queue)]).toEqual(ids);
    expect(queue.start(NOW)).toBeUndefined();
    expect([queue.queued, queue.held, queue.sending]).toEqual([0, 0, 0]);
  });

  it('holds no more deliveries than it may; what finds no room leaves it behind', () => {
    const queue = createQueue({ maxQueued: 3 });
    push(queue, 'a', 'b', 'c');
    expect([queue.queued, queue.room, queue.behind]).toEqual([3, 0, false]);
    push(queue, 'd');
    expect([queue.queued, queue.held, queue.behind]).toEqual([3, 3, true]);
    queue.start(NOW);
    expect(queue.room).toBe(1);
    push(queue, 'e');
    expect(queue.queued).toBe(3);
    expect(drain(queue)).toEqual(['b', 'c', 'e']);
  });

  it('holds no more bytes than it may, but always one delivery, and gives the room back', () => {
    const queue = createQueue({ maxQueuedBytes: 100 });
    queue.push(delivery('huge', 500));
    expect([queue.queued, queue.behind]).toEqual([1, false]);
    queue.push(delivery('small', 1));
    expect([queue.queued, queue.behind]).toEqual([1, true]);
    queue.start(NOW);
    for (const id of ['a', 'b', 'c']) queue.push(delivery(id, 40));
    expect(queue.queued).toBe(2);
    queue.clear();
    for (const id of ['a', 'b', 'c']) queue.push(delivery(id, 40));
    expect(queue.queued).toBe(2);
  });

  it('queues no delivery that is held: queued, in flight, or ended and not yet committed', () => {
    const queue = createQueue();
    push(queue, 'a', 'a');
    expect(queue.queued).toBe(1);
    queue.start(NOW);
    push(queue, 'a');
    queue.sent('fine', true, NOW);
    push(queue, 'a');
    expect([queue.queued, queue.held, queue.behind]).toEqual([0, 1, false]);
    queue.release('a');
    push(queue, 'a');
    expect([queue.queued, queue.held]).toEqual([1, 1]);
  });

  it('a delivery released while a load is under way is not taken from that load, but from the next', () => {
    const queue = createQueue();
    push(queue, 'a', 'b');
    queue.start(NOW);
    queue.sent('fine', true, NOW);
    queue.beginLoad();
    queue.release('a');
    push(queue, 'a', 'c');
    expect([queue.queued, queue.held]).toEqual([2, 2]);
    queue.endLoad(false);
    queue.beginLoad();
    push(queue, 'a');
    expect(queue.queued).toBe(3);
    queue.endLoad(false);
  });

  it('a delivery released before the load began is taken from it', () => {
    const queue = createQueue();
    push(queue, 'a');
    queue.start(NOW);
    queue.sent('fine', true, NOW);
    queue.release('a');
    queue.beginLoad();
    push(queue, 'a');
    expect(queue.queued).toBe(1);
  });

  it('starts no more than its concurrency allows; a place is free when the request has ended', () => {
    const queue = createQueue({ maxConcurrency: 2 });
    push(queue, 'a', 'b', 'c');
    queue.start(NOW);
    expect(queue.canStart(NOW)).toBe(true);
    queue.start(NOW);
    expect([queue.canStart(NOW), queue.sending]).toEqual([false, 2]);
    queue.sent('neutral', undefined, NOW);
    expect([queue.canStart(NOW), queue.held]).toEqual([true, 3]);
    queue.sent('congested', undefined, NOW);
    expect(queue.canStart(NOW)).toBe(true);
    queue.start(NOW);
    expect(queue.concurrency.limit).toBe(1);
  });

  it('starts nothing without its webhook, and queues nothing that it may not send', () => {
    const queue = createQueue();
    push(queue, 'a');
    queue.webhook = undefined;
    expect(queue.canStart(NOW)).toBe(false);
    push(queue, 'b');
    expect([queue.queued, queue.behind]).toEqual([1, true]);
    queue.webhook = WEBHOOK;
    expect(queue.canStart(NOW)).toBe(true);
  });

  it('starts nothing before the time the receiver asked for', () => {
    const queue = createQueue();
    push(queue, 'a');
    queue.holdUntil = NOW + 1;
    expect(queue.canStart(NOW)).toBe(false);
    expect(queue.canStart(NOW + 1)).toBe(true);
  });

  it('clearing forgets what has not been started, and only that', () => {
    const queue = createQueue();
    push(queue, 'a', 'b', 'c');
    queue.start(NOW);
    queue.clear();
    expect([queue.queued, queue.held, queue.sending, queue.room]).toEqual([0, 1, 1, 4]);
    push(queue, 'a', 'b');
    expect([queue.queued, queue.held]).toEqual([1, 2]);
  });

  it('wants more only when it is behind and nearly empty', () => {
    const queue = createQueue({ maxQueued: 8, maxConcurrency: 8 });
    expect(queue.wantsMore).toBe(false);
    push(queue, '1', '2', '3', '4', '5', '6', '7', '8', 'too many');
    expect([queue.behind, queue.wantsMore]).toEqual([true, false]);
    for (let count = 0; count < 6; count += 1) queue.start(NOW);
    expect([queue.queued, queue.wantsMore]).toEqual([2, false]);
    queue.start(NOW);
    expect([queue.queued, queue.wantsMore]).toEqual([1, true]);
    queue.beginLoad();
    queue.endLoad(false);
    expect([queue.behind, queue.wantsMore]).toEqual([false, false]);
  });

  it('after a load it is behind if the load left anything, or something was skipped meanwhile', () => {
    const queue = createQueue();
    queue.skip();
    expect(queue.behind).toBe(true);
    queue.beginLoad();
    queue.endLoad(false);
    expect(queue.behind).toBe(false);
    queue.beginLoad();
    queue.endLoad(true);
    expect(queue.behind).toBe(true);
    queue.beginLoad();
    queue.skip();
    queue.endLoad(false);
    expect(queue.behind).toBe(true);
    queue.beginLoad();
    queue.endLoad(false);
    expect(queue.behind).toBe(false);
  });

  it('is not idle while anything is held or loaded', () => {
    const queue = createQueue();
    const spin = (): void => {
      const until = performance.now() + 2;
      while (performance.now() < until);
    };
    push(queue, 'a');
    spin();
    expect(queue.idleForMs()).toBe(0);
    queue.clear();
    expect(queue.idleForMs()).toBeGreaterThan(0);
    queue.beginLoad();
    spin();
    expect(queue.idleForMs()).toBe(0);
    queue.endLoad(false);
    spin();
    expect(queue.idleForMs()).toBeGreaterThan(0);
  });
});
