import fc from 'fast-check';
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
  auth: null,
  tls: undefined,
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

/** Of a webhook with unique items. */
function unique(id: string, uniqueKey: string, bytes = 2): QueuedDelivery {
  return { ...delivery(id, bytes), uniqueKey };
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

describe('queue of a webhook with unique items', () => {
  it('a newer one takes the place of the one that is queued, and goes to the end', () => {
    const queue = createQueue();
    queue.push(unique('old', 'order/1'));
    queue.push(unique('other', 'order/2'));
    queue.push(unique('new', 'order/1'));
    expect([queue.queued, queue.held, queue.holds('old')]).toEqual([2, 2, false]);
    expect(drain(queue)).toEqual(['other', 'new']);
  });

  it('of many there is one left, wherever they stood in the queue', () => {
    const queue = createQueue({ maxQueued: 1_000, maxQueuedBytes: 10_000 });
    for (let round = 0; round < 5; round += 1) {
      for (const key of ['a', 'b', 'c']) queue.push(unique(`${key}${round}`, key));
      push(queue, `plain${round}`);
    }
    expect(drain(queue)).toEqual(['plain0', 'plain1', 'plain2', 'plain3', 'a4', 'b4', 'c4', 'plain4']);
  });

  it('also where much has been sent before, and the queue has been cut', () => {
    const queue = createQueue({ maxQueued: 1_000, maxQueuedBytes: 10_000 });
    push(queue, ...Array.from({ length: 200 }, (_, index) => `d${index}`));
    for (let sent = 0; sent < 150; sent += 1) {
      const id = queue.start(NOW)?.id as string;
      queue.sent('neutral', undefined, NOW);
      queue.release(id);
    }
    queue.push(unique('old', 'k'));
    queue.push(unique('new', 'k'));
    expect(queue.queued).toBe(51);
    expect(drain(queue).at(-1)).toBe('new');
  });

  it('one that is being sent stays, and the newer one waits until its outcome is committed', () => {
    const queue = createQueue();
    queue.push(unique('first', 'k'));
    expect(queue.start(NOW)?.id).toBe('first');
    queue.push(unique('second', 'k'));
    expect([queue.queued, queue.held]).toEqual([1, 2]);
    expect(queue.start(NOW)).toBeUndefined();
    queue.sent('fine', true, NOW);
    expect(queue.start(NOW)).toBeUndefined();
    expect([queue.queued, queue.sending]).toEqual([1, 0]);
    queue.release('first');
    expect(queue.start(NOW)?.id).toBe('second');
  });

  it('what waits for the one being sent is replaced as well', () => {
    const queue = createQueue();
    queue.push(unique('first', 'k'));
    queue.start(NOW);
    queue.push(unique('second', 'k'));
    queue.push(unique('third', 'k'));
    queue.sent('fine', true, NOW);
    queue.release('first');
    expect(drain(queue)).toEqual(['third']);
  });

  it('those behind one that waits are sent before it', () => {
    const queue = createQueue({ maxConcurrency: 8, maxQueued: 8 });
    queue.push(unique('first', 'k'));
    queue.start(NOW);
    queue.push(unique('second', 'k'));
    queue.push(unique('of another key', 'l'));
    push(queue, 'of none');
    expect([queue.start(NOW)?.id, queue.start(NOW)?.id, queue.start(NOW)]).toEqual([
      'of another key',
      'of none',
      undefined,
    ]);
  });

  it('what could not be started takes neither a place nor a part of the rate', () => {
    const queue = createQueue({ maxConcurrency: 8 });
    queue.webhook = { ...WEBHOOK, ratePerSecond: 1 };
    queue.push(unique('first', 'k'));
    queue.start(NOW);
    queue.push(unique('second', 'k'));
    const later = NOW + 5_000;
    const { readyAt } = queue;
    expect(queue.start(later)).toBeUndefined();
    expect([queue.sending, queue.readyAt]).toEqual([1, readyAt]);
  });

  it('one whose place was taken while a load is under way is not taken from that load', () => {
    const queue = createQueue();
    queue.push(unique('old', 'k'));
    queue.beginLoad();
    queue.push(unique('new', 'k'));
    queue.push(unique('old', 'k'));
    queue.endLoad(false);
    expect(drain(queue)).toEqual(['new']);
  });

  it('an attempt that was given up leaves its key to the next one', () => {
    const queue = createQueue();
    queue.push(unique('first', 'k'));
    queue.start(NOW);
    queue.clear();
    queue.push(unique('second', 'k'));
    expect(queue.start(NOW)).toBeUndefined();
    queue.sent('neutral', undefined, NOW);
    queue.release('first');
    expect(queue.start(NOW)?.id).toBe('second');
  });

  it('gives the bytes of what was replaced back, its own and those all queues share', () => {
    const memory = new MemoryBudget(400 * 1024);
    const queue = createQueue({ maxQueued: 100, maxQueuedBytes: 300 * 1024, memory });
    for (let round = 0; round < 50; round += 1) queue.push(unique(`k${round}`, 'k', 100 * 1024));
    expect([queue.queued, queue.heldBytes, queue.behind]).toEqual([1, 100 * 1024, false]);
    expect([memory.fits(300 * 1024), memory.fits(300 * 1024 + 1)]).toEqual([true, false]);
    queue.push(unique('l', 'l', 200 * 1024));
    expect([queue.queued, queue.heldBytes, queue.behind]).toEqual([2, 300 * 1024, false]);
    drain(queue);
    expect([queue.heldBytes, memory.fits(400 * 1024)]).toEqual([0, true]);
  });

  it('counts right, whatever comes, is sent, fails and is forgotten', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('push'), key: fc.nat(4), bytes: fc.nat(20) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('start', 'release') }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('clear', 'begin load', 'end load') }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const memory = new MemoryBudget(1_000_000);
        const queue = createQueue({ maxConcurrency: 100, maxQueued: 10, memory });
        const bytesOf = new Map<string, number>();
        const keyOf = new Map<string, string | null>();
        const sending: string[] = [];
        for (const [index, one] of steps.entries()) {
          if (one.do === 'push' && 'key' in one) {
            // Key 0 stands for none.
            const made = {
              ...delivery(`d${index}`, one.bytes),
              uniqueKey: one.key === 0 ? null : `k${one.key}`,
            };
            bytesOf.set(made.id, one.bytes);
            keyOf.set(made.id, made.uniqueKey);
            queue.push(made);
          }
          const started = one.do === 'start' ? queue.start(NOW) : undefined;
          if (started) {
            const busy = sending.map((id) => keyOf.get(id)).filter((key) => key !== null);
            expect(busy).not.toContain(started.uniqueKey);
            sending.push(started.id);
          }
          const ended = one.do === 'release' ? sending.shift() : undefined;
          if (ended !== undefined) {
            queue.sent('fine', true, NOW);
            queue.release(ended);
          }
          if (one.do === 'clear') queue.clear();
          if (one.do === 'begin load') queue.beginLoad();
          if (one.do === 'end load') queue.endLoad(false);
          const held = [...bytesOf.keys()].filter((id) => queue.holds(id));
          const heldBytes = held.reduce((sum, id) => sum + (bytesOf.get(id) ?? 0), 0);
          expect([queue.held, queue.heldBytes]).toEqual([held.length, heldBytes]);
          expect([queue.sending, queue.queued]).toEqual([sending.length, held.length - sending.length]);
          expect(memory.fits(1_000_000 - heldBytes)).toBe(true);
          expect(memory.fits(1_000_001 - heldBytes)).toBe(false);
          const queuedKeys = held.filter((id) => !sending.includes(id)).flatMap((id) => keyOf.get(id) ?? []);
          expect(new Set(queuedKeys).size).toBe(queuedKeys.length);
        }
      }),
    );
  });
});

describe('limits of a webhook', () => {
  it('requests at once are bounded by its own limit, if that is the lowest', () => {
    const queue = createQueue({ maxConcurrency: 8 });
    queue.webhook = { ...WEBHOOK, maxInFlight: 1 };
    push(queue, 'a', 'b');
    queue.start(NOW);
    expect(queue.canStart(NOW)).toBe(false);
    queue.webhook = { ...WEBHOOK, maxInFlight: 1_000 };
    expect(queue.canStart(NOW)).toBe(true);
  });

  it('a rate spaces requests, and is forgotten with the limit', () => {
    const queue = createQueue({ maxConcurrency: 8 });
    queue.webhook = { ...WEBHOOK, ratePerSecond: 0.5 };
    push(queue, 'a', 'b');
    queue.start(NOW);
    expect([queue.canStart(NOW + 1_900), queue.canStart(NOW + 2_000)]).toEqual([false, true]);
    queue.webhook = WEBHOOK;
    expect(queue.canStart(NOW)).toBe(true);
  });

  it('a receiver nobody answers at rests, and is asked once when that is over', () => {
    const queue = createQueue({ maxConcurrency: 8, maxQueued: 10 });
    push(queue, 'a', 'b', 'c', 'd', 'e', 'f');
    for (let failure = 0; failure < 3; failure += 1) {
      queue.release(queue.start(NOW)?.id as string);
      queue.sent('neutral', false, NOW);
    }
    expect([queue.canStart(NOW), queue.readyAt]).toEqual([false, NOW + 1_000]);
    expect(queue.canStart(NOW + 1_000)).toBe(true);
    queue.start(NOW + 1_000);
    expect(queue.canStart(NOW + 1_000)).toBe(false);
    queue.sent('neutral', true, NOW + 1_100);
    queue.start(NOW + 1_100);
    expect(queue.canStart(NOW + 1_100)).toBe(true);
  });

  it('what was never sent says nothing about the receiver', () => {
    const queue = createQueue({ maxConcurrency: 8, maxQueued: 100 });
    for (let number = 0; number < 50; number += 1) {
      push(queue, `d${number}`);
      queue.release(queue.start(NOW)?.id as string);
      queue.sent('neutral', undefined, NOW);
    }
    expect(queue.breaker.openUntil).toBe(0);
  });
});
