import { describe, expect, it } from 'vitest';
import { plainProfile } from '../../test/support/profiles.ts';
import { MAX_BATCH_BYTES } from './batch-rules.ts';
import { OutgoingEvent, type QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { MemoryBudget } from './memory-budget.ts';
import { WebhookQueue } from './webhook-queue.ts';

const NOW = 1_000;
const WEBHOOK: LiveWebhook = {
  id: 'w',
  accountId: 'acme',
  url: 'https://example.com/',
  lane: 7,
  revision: 1,
  health: 'healthy',
  failures: { since: null, warnedAt: null },
  disableAfterDays: null,
  unusable: null,
  headers: {},
  payload: null,
  retrySchedule: null,
  timeoutMs: 1_000,
  priority: 5,
  ratePerSecond: null,
  maxInFlight: null,
  batch: { maxItems: 3, maxWaitMs: 500, by: null },
  profile: plainProfile({ body: 'event.data', signatures: [] }),
  secrets: [],
  auth: null,
  tls: undefined,
};
const NO_EVENT = { type: 'x', subject: null, channel: null, version: null, occurredAt: '' };

function createQueue(webhook: Partial<LiveWebhook> = {}, maxQueued = 100): WebhookQueue {
  return new WebhookQueue(
    { ...WEBHOOK, ...webhook },
    {
      maxConcurrency: 4,
      maxQueued,
      maxQueuedBytes: 8 * MAX_BATCH_BYTES,
      breaker: { after: 3, holdMs: 1_000, maxHoldMs: 4_000 },
      memory: new MemoryBudget(8 * MAX_BATCH_BYTES),
    },
  );
}

function delivery(id: string, more: Partial<QueuedDelivery> = {}): QueuedDelivery {
  const event = new OutgoingEvent({ ...NO_EVENT, id, data: '{}' });
  const fresh = {
    attempts: 0,
    tries: 0,
    round: 0,
    orderKey: null,
    uniqueKey: null,

    priority: null,
    dueAt: NOW,
    batchId: null,
  };
  return { id, accountId: 'acme', event, ...fresh, ...more };
}

function push(queue: WebhookQueue, ...ids: string[]): void {
  for (const id of ids) queue.push(delivery(id));
}

/** The ids of what goes next. */
function start(queue: WebhookQueue, now = NOW): string[] | undefined {
  if (!queue.canStart(now)) return undefined;
  const started = queue.start(now);
  return started && 'deliveries' in started ? started.deliveries.map(({ id }) => id) : undefined;
}

describe('the queue of a webhook with batches', () => {
  it('is ready when its first batch is, and holds its deliveries until each is settled', () => {
    const queue = createQueue();
    expect(queue.canStart(NOW)).toBe(false);
    push(queue, 'a', 'b');
    expect([queue.readyAt, start(queue)]).toEqual([NOW + 500, undefined]);
    push(queue, 'c', 'd');
    expect(start(queue)).toEqual(['a', 'b', 'c']);
    expect([queue.sending, queue.queued, queue.held, queue.readyAt]).toEqual([1, 1, 4, NOW + 500]);
    for (const id of ['a', 'b', 'c']) queue.release(id);
    queue.sent('fine', true, NOW);
    expect([queue.sending, queue.held]).toEqual([0, 1]);
    expect(start(queue, NOW + 500)).toEqual(['d']);
  });

  it('sends them in the order they were published, whichever came first', () => {
    const queue = createQueue();
    push(queue, 'c', 'a', 'b');
    expect(start(queue)).toEqual(['a', 'b', 'c']);
  });

  it('counts a batch as one request, of its rate and of those at once', () => {
    const paced = createQueue({ ratePerSecond: 1 });
    push(paced, 'a', 'b', 'c', 'd', 'e', 'f');
    start(paced);
    expect(start(paced, NOW + 900)).toBeUndefined();
    expect(start(paced, NOW + 1_100)).toEqual(['d', 'e', 'f']);
    const one = createQueue({ maxInFlight: 1 });
    push(one, 'a', 'b', 'c', 'd', 'e', 'f');
    expect([start(one), start(one)]).toEqual([['a', 'b', 'c'], undefined]);
  });

  it('takes what came while it could not go', () => {
    const queue = createQueue({ maxInFlight: 1, batch: { maxItems: 3, maxWaitMs: 0, by: null } });
    push(queue, 'a');
    expect(start(queue)).toEqual(['a']);
    push(queue, 'b');
    push(queue, 'c');
    queue.sent('fine', true, NOW);
    expect(start(queue)).toEqual(['b', 'c']);
  });

  it('waits for nothing while it is full and there is more', () => {
    const queue = createQueue({}, 2);
    push(queue, 'a', 'b');
    expect(start(queue)).toBeUndefined();
    push(queue, 'c');
    expect(queue.behind).toBe(true);
    expect(start(queue)).toEqual(['a', 'b']);
  });

  it('puts the newer of two unique items in the place of the older, unless that is under way', () => {
    const queue = createQueue();
    queue.push(delivery('a1', { uniqueKey: 'a' }));
    queue.push(delivery('a2', { uniqueKey: 'a' }));
    push(queue, 'b');
    expect(start(queue, NOW + 500)).toEqual(['a2', 'b']);
    queue.push(delivery('a3', { uniqueKey: 'a' }));
    push(queue, 'c');
    expect(start(queue, NOW + 500)).toEqual(['c']);
    expect(start(queue, NOW + 5_000)).toBeUndefined();
    queue.release('a2');
    expect(start(queue, NOW + 5_000)).toEqual(['a3']);
  });

  it('lets go of a batch as a whole where one of it is to wait for an older one that was sent again', () => {
    const queue = createQueue();
    const tried = { attempts: 1, tries: 1, batchId: 'batch' };
    const load = (...read: QueuedDelivery[]): void => {
      queue.beginLoad();
      queue.endLoad(false, read);
    };
    load(delivery('a2', { ...tried, orderKey: 'a' }), delivery('b1', { ...tried, orderKey: 'b' }));
    push(queue, 'other');
    load(delivery('a1', { attempts: 1, batchId: 'a1', orderKey: 'a' }));
    expect([queue.queued, queue.holds('a2'), queue.holds('b1')]).toEqual([2, false, false]);
    expect([start(queue, NOW + 500), start(queue, NOW + 500)]).toEqual([['a1'], ['other']]);
  });
});
