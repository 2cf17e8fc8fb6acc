import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainProfile } from '../../test/support/profiles.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { MemoryBudget } from './memory-budget.ts';
import { Turns } from './turns.ts';
import { WebhookQueue } from './webhook-queue.ts';

const PROFILE = plainProfile({ body: 'event.data', signatures: [] });

function createQueue(id: string, accountId = 'acme', priority = 5): WebhookQueue {
  const webhook: LiveWebhook = {
    id,
    accountId,
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
    priority,
    ratePerSecond: null,
    maxInFlight: null,
    batch: null,
    profile: PROFILE,
    secrets: [],
    unusable: null,
    auth: null,
    tls: undefined,
  };
  return new WebhookQueue(webhook, {
    maxConcurrency: 100,
    maxQueued: 100,
    maxQueuedBytes: 1_000,
    breaker: { after: 20, holdMs: 1_000, maxHoldMs: 1_000 },
    memory: new MemoryBudget(1_000),
  });
}

/** Turns of which there are none left, and these wait. */
function allTaken(...waiting: readonly WebhookQueue[]): Turns {
  const turns = new Turns(1);
  turns.take(createQueue('busy', 'someone'));
  for (const queue of waiting) turns.take(queue);
  return turns;
}

/** Whose turn it is, one after the other, where everybody has more to send after each turn. */
function goRound(turns: Turns, count: number): WebhookQueue[] {
  const order: WebhookQueue[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    turns.give();
    const queue = turns.next();
    if (!queue) throw new Error('nobody waits');
    order.push(queue);
    turns.take(queue);
    turns.take(queue);
  }
  return order;
}

const idsOf = (queues: readonly WebhookQueue[]): string[] => queues.map(({ id }) => id);

function countBy<Key>(
  queues: readonly WebhookQueue[],
  keyOf: (queue: WebhookQueue) => Key,
): Map<Key, number> {
  return new Map([...Map.groupBy(queues, keyOf)].map(([key, some]) => [key, some.length]));
}

const weightOf = (priority: number): number => (priority + 1) ** 2;

describe('turns', () => {
  it('whoever asks gets a place while there are any, and nobody waits', () => {
    const turns = new Turns(3);
    const queue = createQueue('a');
    expect([turns.take(queue), turns.take(queue), turns.take(queue)]).toEqual([true, true, true]);
    expect(turns.next()).toBeUndefined();
  });

  it('whoever finds none waits, and has its turn once a place is free', () => {
    const turns = new Turns(1);
    const [first, second] = [createQueue('first'), createQueue('second')];
    turns.take(first);
    expect(turns.take(second)).toBe(false);
    expect(turns.next()).toBeUndefined();
    turns.give();
    expect(turns.next()).toBe(second);
    expect(turns.take(second)).toBe(true);
    expect(turns.take(first)).toBe(false);
  });

  it('asking often gives no more than one turn', () => {
    const [eager, patient] = [createQueue('eager'), createQueue('patient')];
    const turns = allTaken(eager, eager, patient, eager);
    turns.give();
    expect([turns.next(), turns.next(), turns.next()]).toEqual([eager, patient, undefined]);
  });

  it('a webhook that may not be sent to does not wait', () => {
    const stopped = createQueue('stopped');
    stopped.stop();
    const turns = allTaken(stopped);
    turns.give();
    expect(turns.next()).toBeUndefined();
  });

  it('webhooks of one account and priority take turns', () => {
    const turns = allTaken(createQueue('a'), createQueue('b'), createQueue('c'));
    expect(idsOf(goRound(turns, 6))).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('accounts take turns, however many webhooks one of them has and however urgent these are', () => {
    const many = Array.from({ length: 9 }, (_, index) => createQueue(`many-${index}`, 'many', 9));
    const turns = allTaken(...many, createQueue('few', 'few', 0));
    const counts = countBy(goRound(turns, 100), ({ webhook }) => webhook?.accountId);
    expect([...counts.values()]).toEqual([50, 50]);
  });

  it('an account that comes later waits for one round, not for what waits already', () => {
    const turns = allTaken(createQueue('a', 'first'), createQueue('b', 'first'), createQueue('c', 'second'));
    goRound(turns, 10);
    turns.take(createQueue('late', 'third', 0));
    expect(idsOf(goRound(turns, 3))).toContain('late');
  });

  it('priority 9 goes far more often than 0, and 0 goes all the same', () => {
    const turns = allTaken(createQueue('high', 'acme', 9), createQueue('low', 'acme', 0));
    const counts = countBy(goRound(turns, 1_000), ({ id }) => id);
    expect(counts.get('low')).toBeGreaterThanOrEqual(9);
    expect(counts.get('low')).toBeLessThanOrEqual(11);
  });

  it('each priority has its share of the turns of an account', () => {
    const priorities = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(priorities, fc.integer({ min: 1, max: 4 }), (levels, webhooksEach) => {
        const queues = levels.flatMap((priority) =>
          Array.from({ length: webhooksEach }, (_, n) => createQueue(`${priority} ${n}`, 'acme', priority)),
        );
        const total = levels.reduce((sum, priority) => sum + weightOf(priority), 0);
        const counts = countBy(goRound(allTaken(...queues), 4 * total), ({ webhook }) => webhook?.priority);
        for (const priority of levels) {
          const share = 4 * weightOf(priority);
          expect(Math.abs((counts.get(priority) ?? 0) - share)).toBeLessThanOrEqual(levels.length);
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [9, 8, 100, 81],
    [9, 5, 100, 36],
    [5, 3, 36, 16],
    [9, 0, 100, 1],
  ])('one webhook each of priority %i and %i: %i turns to %i', (high, low, ofHigh, ofLow) => {
    const turns = allTaken(createQueue('high', 'acme', high), createQueue('low', 'acme', low));
    const counts = countBy(goRound(turns, 4 * (ofHigh + ofLow)), ({ id }) => id);
    expect([counts.get('high'), counts.get('low')]).toEqual([4 * ofHigh, 4 * ofLow]);
  });

  it('a priority that has been idle has saved nothing up, and one that has gone owes no more than its turn', () => {
    const [high, low] = [createQueue('high', 'acme', 9), createQueue('low', 'acme', 8)];
    const turns = allTaken(low);
    goRound(turns, 5_000);
    turns.take(high);
    const counts = countBy(goRound(turns, 181), ({ id }) => id);
    expect(Math.abs((counts.get('high') ?? 0) - 100)).toBeLessThanOrEqual(1);
  });

  it('nobody starves, whoever comes and goes beside it', () => {
    const others = fc.array(fc.record({ priority: fc.nat(9), asksAgain: fc.boolean() }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(others, fc.infiniteStream(fc.boolean()), (rivals, comesBack) => {
        const queues = rivals.map(({ priority }, n) => createQueue(`rival ${n}`, 'acme', priority));
        const meek = createQueue('meek', 'acme', 0);
        const turns = allTaken(...queues, meek);
        // The weights of all priorities together, for each that may have the same priority as this one.
        const enough = 2 * 385 * (1 + rivals.filter(({ priority }) => priority === 0).length);
        let waited = 0;
        for (; waited < enough; waited += 1) {
          turns.give();
          const queue = turns.next();
          if (queue === meek) break;
          if (queue) turns.take(queue);
          const again = queue && rivals[queues.indexOf(queue)]?.asksAgain;
          if (queue && again) turns.take(queue);
          for (const rival of queues) if (comesBack.next().value) turns.take(rival);
        }
        expect(waited).toBeLessThan(enough);
      }),
      { numRuns: 30 },
    );
  });
});
