import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../test/support/clock.ts';
import { plainProfile } from '../../test/support/profiles.ts';
import { OutgoingEvent, type QueuedDelivery } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { MemoryBudget } from './memory-budget.ts';
import { type Start, Starter } from './starter.ts';
import { WebhookQueue } from './webhook-queue.ts';

const PROFILE = plainProfile({ body: 'event.data', signatures: [] });
const EVENT = new OutgoingEvent({
  id: 'e',
  type: 'x',
  subject: null,
  channel: null,
  version: null,
  occurredAt: '',
  data: '{}',
});

function webhookOf(id: string, more: Partial<LiveWebhook> = {}): LiveWebhook {
  return {
    id,
    accountId: 'acme',
    url: 'https://example.com/',
    lane: 0,
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
    profile: PROFILE,
    secrets: [],
    unusable: null,
    auth: null,
    tls: undefined,
    ...more,
  };
}

function delivery(id: string, uniqueKey: string | null = null): QueuedDelivery {
  return {
    id,
    accountId: 'acme',
    event: EVENT,
    attempts: 0,
    tries: 0,
    round: 0,
    orderKey: null,
    uniqueKey,

    priority: null,
    dueAt: 0,
    batchId: null,
  };
}

/** A starter with its queues; what it begins is only noted. */
function setUp(maxInFlight = 100) {
  const clock = createTestClock(1_000_000);
  const queues = new Map<string, WebhookQueue>();
  const begun: Start[] = [];
  const may = { start: true };
  const lanes = new Map([[0, 7]]);
  const starter = new Starter({
    clock,
    maxInFlight,
    queueOf: (id) => queues.get(id),
    mayStart: () => may.start,
    fenceOf: (lane) => lanes.get(lane),
    begin: (start) => begun.push(start),
  });
  const memory = new MemoryBudget(1_000_000);
  /** A queue with so many deliveries, `a0`, `a1` and so on. */
  const create = (id: string, count: number, more: Partial<LiveWebhook> = {}): WebhookQueue => {
    const breaker = { after: 2, holdMs: 1_000, maxHoldMs: 4_000 };
    const bounds = { maxConcurrency: 8, maxQueued: 1_000, maxQueuedBytes: 100_000, breaker, memory };
    const queue = new WebhookQueue(webhookOf(id, more), bounds);
    for (let index = 0; index < count; index += 1) queue.push(delivery(`${id}${index}`));
    queues.set(id, queue);
    return queue;
  };
  /** Ends the request that began as the `index`th: its outcome is committed at once. */
  const end = (index: number, answered: boolean | undefined = true): void => {
    const { queue, delivery: ended } = begun[index] as Start;
    queue.sent('neutral', answered, clock.now());
    queue.release(ended.id);
    starter.pump(queue);
    starter.ended();
  };
  const ids = (): string[] => begun.map((start) => start.delivery.id);
  return { clock, queues, begun, may, lanes, starter, create, end, ids };
}

describe('what is started', () => {
  it('is all that the webhook may have at once, in order, under the fence of its lane', () => {
    const { starter, create, begun, ids } = setUp();
    const queue = create('a', 10);
    starter.pump(queue);
    expect(ids()).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
    expect(begun[0]).toMatchObject({ queue, fence: 7, webhook: { id: 'a' } });
  });

  it('is nothing while nothing may be started', () => {
    const { starter, create, may, ids } = setUp();
    const queue = create('a', 1);
    may.start = false;
    starter.pump(queue);
    expect(ids()).toEqual([]);
    may.start = true;
    starter.pump(queue);
    expect(ids()).toEqual(['a0']);
  });

  it('is nothing for a lane of another node, which takes no place from the others', () => {
    const { starter, create, ids } = setUp(1);
    const foreign = create('foreign', 1, { lane: 5 });
    for (let time = 0; time < 3; time += 1) starter.pump(foreign);
    expect([foreign.queued, foreign.sending]).toEqual([1, 0]);
    starter.pump(create('own', 1));
    expect(ids()).toEqual(['own0']);
  });

  it('is nothing of a webhook all of whose deliveries wait for one under way, which takes no place either', () => {
    const { starter, create, end, ids } = setUp(2);
    const queue = create('a', 0);
    queue.push(delivery('first', 'k'));
    starter.pump(queue);
    queue.push(delivery('second', 'k'));
    starter.pump(queue);
    starter.pump(create('b', 1));
    expect(ids()).toEqual(['first', 'b0']);
    end(0);
    expect(ids()).toEqual(['first', 'b0', 'second']);
  });

  it('never is more at once than the node may have, and all of it comes to its turn', () => {
    const backlogs = fc.array(
      fc.record({ count: fc.integer({ min: 1, max: 12 }), priority: fc.nat(9), account: fc.nat(2) }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(
        backlogs,
        fc.integer({ min: 1, max: 10 }),
        fc.infiniteStream(fc.nat()),
        (given, max, picks) => {
          const { starter, create, begun, end } = setUp(max);
          given.forEach(({ count, priority, account }, n) => {
            starter.pump(create(`q${n}-`, count, { priority, accountId: `account ${account}` }));
          });
          const open: number[] = [];
          let seen = 0;
          for (;;) {
            for (; seen < begun.length; seen += 1) open.push(seen);
            expect(open.length).toBeLessThanOrEqual(max);
            if (open.length === 0) break;
            const [ended = 0] = open.splice(picks.next().value % open.length, 1);
            end(ended);
          }
          expect(begun.length).toBe(given.reduce((sum, { count }) => sum + count, 0));
          expect(new Set(begun.map((start) => start.delivery.id)).size).toBe(begun.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('whose turn it is when the node is full', () => {
  it('webhooks that wait get the place of what has ended, one after the other in the order they asked', () => {
    const { starter, create, end, ids } = setUp(1);
    starter.pump(create('a', 3));
    starter.pump(create('b', 3));
    for (let index = 0; index < 5; index += 1) end(index);
    expect(ids()).toEqual(['a0', 'a1', 'b0', 'a2', 'b1', 'b2']);
  });

  it('a long backlog takes no turn from another account', () => {
    const { starter, create, end, ids } = setUp(2);
    starter.pump(create('a', 50, { accountId: 'one', priority: 9 }));
    starter.pump(create('b', 5, { accountId: 'two', priority: 0 }));
    for (let index = 0; index < 10; index += 1) end(index);
    expect(ids().filter((id) => id.startsWith('b'))).toHaveLength(5);
  });

  it('webhooks with one request at a time have the share of their priority as well', () => {
    const { starter, create, end, ids } = setUp(1);
    starter.pump(create('high', 400, { priority: 9, maxInFlight: 1 }));
    starter.pump(create('low', 400, { priority: 5, maxInFlight: 1 }));
    for (let index = 0; index < 271; index += 1) end(index);
    expect(ids().filter((id) => id.startsWith('high'))).toHaveLength(200);
  });

  it('one that may not be sent to any more gives its turn to the next', () => {
    const { starter, create, end, ids } = setUp(1);
    starter.pump(create('a', 1));
    const doomed = create('b', 1);
    starter.pump(doomed);
    starter.pump(create('c', 1));
    doomed.stop();
    end(0);
    expect(ids()).toEqual(['a0', 'c0']);
  });

  it('one that rests by then gives its turn to the next, and goes on when it has rested', () => {
    const { clock, starter, create, end, ids } = setUp(1);
    starter.pump(create('a', 1));
    const resting = create('b', 1);
    starter.pump(resting);
    starter.pump(create('c', 1));
    resting.holdUntil = clock.now() + 500;
    end(0);
    end(1);
    expect(ids()).toEqual(['a0', 'c0']);
    clock.advance(500);
    expect(ids()).toEqual(['a0', 'c0', 'b0']);
  });
});

describe('what is started later', () => {
  it('is what the receiver asked to wait for, at that time', () => {
    const { clock, starter, create, ids } = setUp();
    const queue = create('a', 2);
    queue.holdUntil = clock.now() + 30_000;
    starter.pump(queue);
    clock.advance(29_999);
    expect(ids()).toEqual([]);
    clock.advance(1);
    expect(ids()).toEqual(['a0', 'a1']);
  });

  it('is what the rate allows then, one after the other', () => {
    const { clock, starter, create, ids } = setUp();
    starter.pump(create('a', 4, { ratePerSecond: 2 }));
    const counts = [ids().length];
    for (let half = 0; half < 4; half += 1) {
      clock.advance(500);
      counts.push(ids().length);
    }
    expect(counts).toEqual([1, 2, 3, 4, 4]);
  });

  it('is one request to a receiver nobody answered at, and all the others once it has answered', () => {
    const { clock, starter, create, end, ids } = setUp();
    const queue = create('a', 20);
    starter.pump(queue);
    for (let index = 0; index < 8; index += 1) end(index, false);
    expect(ids()).toHaveLength(9);
    end(8, false);
    const failed = ids().length;
    clock.advance(999);
    expect(ids()).toHaveLength(failed);
    clock.advance(1);
    expect(ids()).toHaveLength(failed + 1);
    clock.advance(60_000);
    expect(ids()).toHaveLength(failed + 1);
    end(failed, true);
    expect(ids()).toHaveLength(failed + 9);
  });

  it('is nothing of a webhook that has been cancelled, and nothing at all after the end', () => {
    const { clock, starter, create, ids } = setUp();
    for (const [id, waitMs] of Object.entries({ a: 100, b: 100, c: 200 })) {
      const queue = create(id, 1);
      queue.holdUntil = clock.now() + waitMs;
      starter.pump(queue);
    }
    starter.cancel('a');
    clock.advance(100);
    expect(ids()).toEqual(['b0']);
    starter.clear();
    clock.advance(1_000);
    expect(ids()).toEqual(['b0']);
  });

  it('is nothing of a queue that has been forgotten', () => {
    const { clock, queues, starter, create, ids } = setUp();
    const queue = create('a', 1);
    queue.holdUntil = clock.now() + 100;
    starter.pump(queue);
    queues.delete('a');
    clock.advance(1_000);
    expect(ids()).toEqual([]);
  });
});
