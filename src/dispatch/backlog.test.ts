import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createQueue,
  delivery,
  drain,
  end,
  NOW,
  ordered,
  unique,
  WEBHOOK,
} from '../../test/support/webhook-queue.ts';
import { MemoryBudget } from './memory-budget.ts';
import type { WebhookQueue } from './webhook-queue.ts';

function push(queue: WebhookQueue, ...ids: string[]): void {
  for (const id of ids) queue.push(delivery(id));
}

describe('queue of a webhook with unique items', () => {
  it('a newer one takes the place of the one that is queued, and goes to the end', () => {
    const queue = createQueue();
    queue.push(unique('1-old', 'order/1'));
    queue.push(unique('other', 'order/2'));
    queue.push(unique('2-new', 'order/1'));
    expect([queue.queued, queue.held, queue.holds('1-old')]).toEqual([2, 2, false]);
    expect(drain(queue)).toEqual(['other', '2-new']);
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
    queue.push(unique('1-old', 'k'));
    queue.push(unique('2-new', 'k'));
    expect(queue.queued).toBe(51);
    expect(drain(queue).at(-1)).toBe('2-new');
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
    for (let round = 0; round < 50; round += 1) queue.push(unique(`k${100 + round}`, 'k', 100 * 1024));
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
              ...delivery(`d${100 + index}`, one.bytes),
              uniqueKey: one.key === 0 ? null : `k${one.key}`,
            };
            bytesOf.set(made.id, one.bytes);
            keyOf.set(made.id, made.uniqueKey);
            queue.push(made);
          }
          const started = one.do === 'start' ? queue.start(NOW) : undefined;
          if (started) {
            const busy = sending.map((id) => keyOf.get(id)).filter((key) => key !== null);
            expect(busy).not.toContain(keyOf.get(started.id));
            sending.push(started.id);
          }
          const ended = one.do === 'release' ? sending.shift() : undefined;
          if (ended !== undefined) {
            queue.sent('fine', true, NOW);
            queue.release(ended);
          }
          if (one.do === 'clear') queue.clear();
          if (one.do === 'begin load') queue.beginLoad();
          if (one.do === 'end load') {
            const read = ['k1', 'k3'].map((key) => unique(`d${100 + index} ${key}`, key, 7));
            for (const { id, uniqueKey } of read) {
              bytesOf.set(id, 7);
              keyOf.set(id, uniqueKey);
            }
            queue.endLoad(false, read);
          }
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

describe('a newer one where the older one is queued', () => {
  it('takes its place also where there is no room for another', () => {
    const queue = createQueue({ maxQueued: 2 });
    queue.push(unique('1-old', 'k'));
    queue.push(unique('2-other', 'l'));
    queue.push(unique('3-new', 'k'));
    expect(queue.behind).toBe(false);
    expect(drain(queue)).toEqual(['2-other', '3-new']);
  });

  it('takes it also where it finds no room itself, or is left to the database', () => {
    const queue = createQueue();
    queue.push(unique('1-old', 'k'));
    push(queue, '2-other');
    queue.push(unique('3-too-large', 'k', 99));
    expect([queue.queued, queue.behind]).toEqual([1, true]);
    queue.push(unique('4-old', 'l'));
    queue.leave(unique('5-left', 'l'));
    expect(drain(queue)).toEqual(['2-other']);
  });

  it('what is left to the database although it is held keeps its place', () => {
    const queue = createQueue();
    queue.push(unique('1', 'k'));
    queue.leave(unique('1', 'k'));
    expect([drain(queue), queue.behind]).toEqual([['1'], false]);
  });
});

describe('an older one that comes later', () => {
  it('does not take the place of the newer one, and the database is asked', () => {
    const queue = createQueue();
    queue.push(unique('2-newer', 'k'));
    expect(queue.doubtful).toBe(false);
    queue.push(unique('1-older', 'k'));
    expect(queue.doubtful).toBe(true);
    expect(drain(queue)).toEqual(['2-newer']);
  });

  it('is not sent after the newer one that has begun, and the database is asked', () => {
    const queue = createQueue();
    queue.push(unique('2-newer', 'k'));
    queue.start(NOW);
    queue.push(unique('1-older', 'k'));
    expect([queue.queued, queue.doubtful]).toEqual([0, true]);
  });

  it('stands if the database says that it is the one that waits: another clock had been ahead', () => {
    const queue = createQueue();
    queue.push(unique('2-ahead', 'k'));
    queue.push(unique('1-behind', 'k'));
    queue.drop(new Set(['2-ahead']));
    queue.beginLoad();
    queue.endLoad(false, [unique('1-behind', 'k')]);
    expect(queue.doubtful).toBe(false);
    expect(drain(queue)).toEqual(['1-behind']);
  });
});

describe('what a load has read', () => {
  it('does not take the place of what was handed over since it began', () => {
    const queue = createQueue();
    queue.push(unique('1-older', 'k'));
    queue.beginLoad();
    queue.push(unique('2-newer', 'k'));
    queue.endLoad(false, [unique('1-older', 'k')]);
    expect(queue.doubtful).toBe(false);
    expect(drain(queue)).toEqual(['2-newer']);
  });

  it.each(['begun', 'ended'])('is not sent where what was handed over since has %s', (how) => {
    const queue = createQueue();
    queue.beginLoad();
    queue.push(unique('2-newer', 'k'));
    queue.start(NOW);
    if (how === 'ended') end(queue, '2-newer');
    queue.endLoad(false, [unique('1-older', 'k')]);
    if (how === 'begun') end(queue, '2-newer');
    expect(drain(queue)).toEqual([]);
  });

  it('is not sent where what was handed over since had to be left to the database', () => {
    const queue = createQueue();
    queue.beginLoad();
    queue.leave(unique('2-newer', 'k'));
    queue.endLoad(false, [unique('1-older', 'k')]);
    expect([drain(queue), queue.behind]).toEqual([[], true]);
  });

  it('is read once more where its id says that it is the newer one all the same', () => {
    const queue = createQueue();
    queue.beginLoad();
    queue.push(unique('1-handed-over', 'k'));
    queue.endLoad(false, [unique('2-read', 'k')]);
    expect([queue.queued, queue.doubtful]).toEqual([1, true]);
    queue.beginLoad();
    queue.endLoad(false, [unique('2-read', 'k')]);
    expect(queue.doubtful).toBe(false);
    expect(drain(queue)).toEqual(['2-read']);
  });

  it('takes the place of what was queued before, whatever the clocks of the nodes say', () => {
    const queue = createQueue();
    queue.push(unique('2-of-a-clock-ahead', 'k'));
    push(queue, '3-other');
    queue.beginLoad();
    queue.endLoad(false, [unique('1-read', 'k')]);
    expect(drain(queue)).toEqual(['3-other', '1-read']);
  });

  it('does so also where there is no room for it', () => {
    const queue = createQueue({ maxQueued: 2 });
    push(queue, '1-other');
    queue.push(unique('2-old', 'k'));
    queue.beginLoad();
    push(queue, '3-more');
    queue.endLoad(false, [delivery('4-first'), unique('5-new', 'k')]);
    expect(queue.behind).toBe(true);
    expect(drain(queue)).toEqual(['1-other', '4-first']);
  });

  it('waits for the one it takes the place of, if that has begun', () => {
    const queue = createQueue();
    queue.push(unique('1-old', 'k'));
    queue.start(NOW);
    queue.beginLoad();
    queue.endLoad(false, [unique('2-new', 'k')]);
    expect(queue.canStart(NOW)).toBe(false);
    end(queue, '1-old');
    expect(drain(queue)).toEqual(['2-new']);
  });

  it('is not queued for a webhook that may not be sent to any more', () => {
    const queue = createQueue();
    queue.beginLoad();
    queue.stop();
    queue.endLoad(false, [delivery('1')]);
    expect([queue.queued, queue.behind]).toEqual([0, true]);
  });

  it('is not queued again where it is held, or has been let go of since', () => {
    const queue = createQueue();
    queue.push(unique('1', 'k'));
    queue.push(unique('2', 'l'));
    queue.start(NOW);
    queue.beginLoad();
    end(queue, '1');
    queue.endLoad(false, [unique('1', 'k'), unique('2', 'l')]);
    expect(drain(queue)).toEqual(['2']);
  });
});

describe('queue of an ordered webhook', () => {
  const load = (queue: WebhookQueue, ...read: Parameters<WebhookQueue['endLoad']>[1] & object): void => {
    queue.beginLoad();
    queue.endLoad(false, read);
  };

  it('sends nothing of a subject beside what is under way of it, also where another one has taken its place', () => {
    const queue = createQueue({ maxConcurrency: 8 });
    load(queue, ordered('1', 'order/1', 'changed'));
    queue.start(NOW);
    queue.leave(ordered('2', 'order/1', 'changed'));
    load(queue, ordered('3', 'order/1', 'paid'), ordered('4', 'order/2', 'other'));
    expect([queue.start(NOW)?.id, queue.start(NOW), queue.canStart(NOW)]).toEqual(['4', undefined, false]);
    queue.sent('fine', true, NOW);
    expect(queue.canStart(NOW)).toBe(false);
    queue.release('1');
    expect(queue.start(NOW)?.id).toBe('3');
  });

  it('what the database finds first of a subject goes first, and the one that was queued is left to it', () => {
    const queue = createQueue();
    load(queue, ordered('2', 'order/1'));
    load(queue, ordered('1-sent-again', 'order/1'));
    expect([queue.queued, queue.holds('2')]).toEqual([1, false]);
    expect(drain(queue)).toEqual(['1-sent-again']);
  });

  it('what has to be left to the database takes the place of the one that is queued', () => {
    const queue = createQueue();
    load(queue, ordered('1-old', 'order/1', 'changed'));
    queue.leave(ordered('2-new', 'order/1', 'changed'));
    expect([drain(queue), queue.behind]).toEqual([[], true]);
  });
});

it('knows which unique items are queued', () => {
  const queue = createQueue();
  queue.push(unique('1', 'k'));
  queue.push(unique('2', 'l'));
  push(queue, '3');
  queue.start(NOW);
  expect(queue.queuedUnique().map(({ id }) => id)).toEqual(['2']);
  queue.drop(new Set(['1', '2']));
  expect([queue.held, queue.queued]).toEqual([2, 1]);
});
