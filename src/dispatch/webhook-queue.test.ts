import { describe, expect, it } from 'vitest';
import { createQueue, delivery, drain, NOW, WEBHOOK } from '../../test/support/webhook-queue.ts';
import type { WebhookQueue } from './webhook-queue.ts';

function push(queue: WebhookQueue, ...ids: string[]): void {
  for (const id of ids) queue.push(delivery(id));
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

  it('gives what has a higher priority of its own first, and what has a lower one last', () => {
    const queue = createQueue({ maxQueued: 10 });
    const waiting = [null, 4, null, 7, 9, 7, 5].map((priority, index) => ({
      ...delivery(`d${index}`),
      priority,
    }));
    for (const one of waiting) queue.push(one);
    expect(queue.priority).toBe(9);
    expect(drain(queue)).toEqual(['d4', 'd3', 'd5', 'd0', 'd2', 'd6', 'd1']);
    push(queue, 'x', 'y');
    expect([queue.priority, drain(queue)]).toEqual([WEBHOOK.priority, ['x', 'y']]);
    queue.push({ ...delivery('late'), priority: 0 });
    expect(queue.priority).toBe(0);
  });

  it('gives what has a lower priority one in 16, also where something else never ends', () => {
    const queue = createQueue({ maxQueued: 10 });
    queue.push({ ...delivery('aged'), priority: 0 });
    const started: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      push(queue, `d${count}`);
      started.push(queue.start(NOW)?.id as string);
      queue.sent('neutral', undefined, NOW);
      queue.release(started.at(-1) as string);
    }
    expect(started.indexOf('aged')).toBe(15);
    expect(drain(queue)).toEqual(['d19']);
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

  it('a rate that is raised holds from the next request, and so does one that is lowered', () => {
    const queue = createQueue({ maxConcurrency: 8 });
    queue.webhook = { ...WEBHOOK, ratePerSecond: 0.001 };
    push(queue, 'a', 'b', 'c');
    queue.start(NOW);
    queue.webhook = { ...WEBHOOK, ratePerSecond: 10 };
    expect(queue.canStart(NOW + 100)).toBe(true);
    queue.start(NOW + 100);
    queue.webhook = { ...WEBHOOK, ratePerSecond: 1 };
    expect([queue.canStart(NOW + 1_080), queue.canStart(NOW + 1_100)]).toEqual([false, true]);
  });

  it('a queue that is made anew goes on at the pace of the one before', () => {
    const before = createQueue();
    before.webhook = { ...WEBHOOK, ratePerSecond: 1 };
    push(before, 'a');
    before.start(NOW);
    const after = createQueue({}, before.pace);
    after.webhook = before.webhook;
    push(after, 'b');
    expect([after.canStart(NOW + 900), after.canStart(NOW + 1_000)]).toEqual([false, true]);
  });

  it('what was under way when the receiver began to rest does not prolong the rest, however late it fails', () => {
    const queue = createQueue({ maxConcurrency: 8, maxQueued: 10 });
    push(queue, 'a', 'b', 'c', 'd', 'e');
    for (let request = 0; request < 5; request += 1) queue.start(NOW);
    for (let failure = 0; failure < 3; failure += 1) queue.sent('neutral', false, NOW + 500, NOW);
    for (let late = 0; late < 2; late += 1) queue.sent('neutral', false, NOW + 10_000, NOW);
    expect(queue.readyAt).toBe(NOW + 1_500);
  });
});

describe('a clock that is set back', () => {
  const MINUTE_MS = 60_000;
  const LATER = NOW + 60 * MINUTE_MS;

  it('has a paced webhook wait for its own pace, and not for an hour', () => {
    const queue = createQueue();
    queue.webhook = { ...WEBHOOK, ratePerSecond: 1 };
    push(queue, 'a', 'b');
    queue.start(LATER);
    expect(queue.canStart(LATER)).toBe(false);
    expect([queue.canStart(NOW), queue.canStart(NOW + 1_000)]).toEqual([false, true]);
  });

  it('has one that rests rest for a minute at most', () => {
    const queue = createQueue();
    push(queue, 'a');
    queue.holdUntil = LATER + 30_000;
    expect(queue.canStart(LATER)).toBe(false);
    expect([queue.canStart(NOW), queue.canStart(NOW + MINUTE_MS)]).toEqual([false, true]);
  });

  it('has a breaker open for as long as it may at most', () => {
    const queue = createQueue();
    push(queue, 'a');
    for (let failure = 0; failure < 100; failure += 1)
      queue.breaker.learn(false, LATER + failure, LATER + failure);
    expect(queue.canStart(LATER + 100)).toBe(false);
    expect([queue.canStart(NOW), queue.canStart(NOW + 4_000)]).toEqual([false, true]);
  });
});

describe('loads that look at a part of what is due', () => {
  const end = { dueAt: '2026-01-01 00:00:00+00', id: 'd9' };

  function loaded(queue: WebhookQueue, at?: typeof end): boolean[] {
    queue.beginLoad();
    queue.endLoad(false, [], at);
    return [queue.behind, queue.isUnfinished];
  }

  it('go on where the last one ended, until one comes to the end', () => {
    const queue = createQueue({ maxQueued: 10 });
    expect([queue.progress.isIncomplete, queue.progress.after]).toEqual([true, undefined]);
    expect([loaded(queue, end), queue.progress.after]).toEqual([[true, true], end]);
    expect([loaded(queue), queue.progress.after, queue.progress.isIncomplete]).toEqual([
      [false, false],
      undefined,
      false,
    ]);
  });

  it('begin anew when something has changed before where they are', () => {
    const queue = createQueue({ maxQueued: 10 });
    loaded(queue, end);
    queue.progress.hearNews();
    expect([loaded(queue), queue.progress.after, queue.progress.isIncomplete]).toEqual([
      [true, true],
      undefined,
      true,
    ]);
    expect([loaded(queue), queue.progress.isIncomplete]).toEqual([[false, false], false]);
  });

  it('begin anew for what was left meanwhile, and for whoever stopped in between', () => {
    const queue = createQueue({ maxQueued: 10 });
    loaded(queue, end);
    queue.skip();
    expect(loaded(queue)).toEqual([true, false]);
    loaded(queue, end);
    queue.stop();
    expect([queue.progress.after, queue.progress.isIncomplete]).toEqual([undefined, true]);
  });

  it('stay where they are while what they found has no room', () => {
    const queue = createQueue({ maxQueued: 1 });
    queue.beginLoad();
    queue.endLoad(false, [delivery('a'), delivery('b')], end);
    expect([queue.progress.after, queue.behind, queue.isUnfinished]).toEqual([undefined, true, false]);
  });
});
