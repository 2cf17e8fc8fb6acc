import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CollectRules, firstReady, type Group, groupsOf, readyAtOf } from './collect.ts';
import { OutgoingEvent, type QueuedDelivery } from './delivery.ts';

const RULES: CollectRules = {
  priority: 5,
  maxItems: 3,
  maxWaitMs: 1_000,
  maxBytes: 100,
  keyOf: ({ event }) => event.type,
  fit: () => true,
};
const NO_EVENT = { subject: null, channel: null, version: null, occurredAt: '' };
const ALL_FREE = (): boolean => true;

interface Given extends Partial<QueuedDelivery> {
  readonly type?: string;
  readonly bytes?: number;
}

function delivery(id: string, { type = 'x', bytes = 2, ...more }: Given = {}): QueuedDelivery {
  const event = new OutgoingEvent({ ...NO_EVENT, id, type, data: 'x'.repeat(bytes) });
  const fresh = { attempts: 0, tries: 0, round: 0, orderKey: null, uniqueKey: null, priority: null };
  return { id, accountId: 'acme', event, dueAt: 0, batchId: null, ...fresh, ...more };
}

function groups(waiting: readonly QueuedDelivery[], rules: Partial<CollectRules> = {}): Group[] {
  return groupsOf(waiting, { ...RULES, ...rules }, ALL_FREE);
}

const idsOf = (group: Group | undefined): string[] | undefined => group?.deliveries.map(({ id }) => id);

/** What goes at this moment, first to last, if nothing else comes. */
function goes(
  waiting: readonly QueuedDelivery[],
  now: number,
  rules: Partial<CollectRules> = {},
): string[][] {
  const gone: string[][] = [];
  let left = waiting;
  for (;;) {
    const ids = idsOf(firstReady(groups(left, rules), now));
    if (!ids) return gone;
    gone.push(ids);
    left = left.filter(({ id }) => !ids.includes(id));
  }
}

describe('what waits for a batch', () => {
  it('goes when there is enough for a request, and the rest waits', () => {
    const waiting = ['a', 'b', 'c', 'd'].map((id) => delivery(id, { dueAt: 500 }));
    expect(goes(waiting.slice(0, 2), 500)).toEqual([]);
    expect(goes(waiting, 500)).toEqual([['a', 'b', 'c']]);
  });

  it('goes when the oldest has waited as long as it may, and not before', () => {
    const waiting = [delivery('a', { dueAt: 500 }), delivery('b', { dueAt: 400 })];
    expect(readyAtOf(groups(waiting))).toBe(1_400);
    expect(goes(waiting, 1_399)).toEqual([]);
    expect(goes(waiting, 1_400)).toEqual([['a', 'b']]);
  });

  it('goes at once if nothing is to be waited for', () => {
    expect(goes([delivery('a', { dueAt: 500 })], 500, { maxWaitMs: 0 })).toEqual([['a']]);
    expect(goes([delivery('a', { dueAt: 500 })], 500, { maxItems: 1 })).toEqual([['a']]);
  });

  it('goes when its data is as much as a request may have', () => {
    const bytes = (...sizes: number[]) => sizes.map((size, index) => delivery(`d${index}`, { bytes: size }));
    expect(goes(bytes(50, 49), 0)).toEqual([]);
    expect(goes(bytes(50, 50), 0)).toEqual([['d0', 'd1']]);
    expect(goes(bytes(50, 51), 0)).toEqual([['d0']]);
    expect(goes(bytes(500, 1), 0)).toEqual([['d0']]);
  });

  it('goes with those it has everything in common with that its webhook asks for', () => {
    const waiting = ['a', 'b', 'c', 'd', 'e'].map((id, index) => delivery(id, { type: `t${index % 2}` }));
    expect(goes(waiting, 1_000)).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ]);
  });

  it('goes before what fell due later', () => {
    const waiting = [
      delivery('a', { type: 'late', dueAt: 20 }),
      delivery('b', { type: 'early', dueAt: 10 }),
      delivery('c', { batchId: 'tried', dueAt: 15, attempts: 1 }),
    ];
    expect(goes(waiting, 5_000)).toEqual([['b'], ['c'], ['a']]);
  });

  it('goes before what has a lower priority, and is among the first of its batch', () => {
    const waiting = [
      ...['a', 'b', 'c', 'd'].map((id) => delivery(id, { type: 'usual' })),
      delivery('e', { type: 'usual', priority: 6 }),
      delivery('f', { type: 'last', priority: 1 }),
      delivery('g', { type: 'first', priority: 9, dueAt: 20 }),
    ];
    expect(goes(waiting, 5_000)).toEqual([['g'], ['e', 'a', 'b'], ['c', 'd'], ['f']]);
  });

  it('goes alone at once if it has no key', () => {
    const waiting = [delivery('a'), delivery('b')];
    const found = groups(waiting, { keyOf: ({ id }) => (id === 'a' ? null : 'key') });
    expect(found.map((group) => [group.batchId, idsOf(group)])).toEqual([
      ['a', ['a']],
      [null, ['b']],
    ]);
    expect(goes(waiting, 0, { keyOf: () => null })).toEqual([['a'], ['b']]);
  });

  it('does not go while something with its key is under way, and holds up nothing else', () => {
    const waiting = ['a', 'b', 'c'].map((id) => delivery(id, { uniqueKey: id }));
    const found = groupsOf(waiting, RULES, ({ uniqueKey }) => uniqueKey !== 'b');
    expect(found.map(idsOf)).toEqual([['a', 'c']]);
    expect(readyAtOf(groupsOf(waiting, RULES, () => false))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('what went together', () => {
  const tried = { attempts: 1, tries: 1, batchId: 'batch' };

  it('goes together again at once, under the same id, and nothing joins it', () => {
    const waiting = [delivery('a', tried), delivery('new'), delivery('b', tried)];
    const [formed, forming] = groups(waiting, { maxItems: 1, keyOf: () => 'same' });
    expect([formed?.batchId, idsOf(formed)]).toEqual(['batch', ['a', 'b']]);
    expect([forming?.batchId, idsOf(forming)]).toEqual([null, ['new']]);
    expect(firstReady(groups(waiting), 0)?.batchId).toBe('batch');
  });

  it('waits as a whole while something with the key of one of it is under way', () => {
    const waiting = [delivery('a', tried), delivery('b', { ...tried, uniqueKey: 'busy' })];
    expect(groupsOf(waiting, RULES, ({ uniqueKey }) => uniqueKey !== 'busy')).toEqual([]);
  });

  it('goes one by one, each under its own id, if it no longer fits into one body', () => {
    const waiting = [delivery('a', tried), delivery('b', tried)];
    const found = groups(waiting, { fit: () => false });
    expect(found.map((group) => [group.batchId, idsOf(group)])).toEqual([
      ['a', ['a']],
      ['b', ['b']],
    ]);
  });

  it('goes alone if it went alone', () => {
    const waiting = [
      delivery('a', { ...tried, batchId: 'a' }),
      delivery('b', { attempts: 1 }),
      delivery('c'),
    ];
    expect(groups(waiting).map((group) => [group.batchId, idsOf(group)])).toEqual([
      ['a', ['a']],
      ['b', ['b']],
      [null, ['c']],
    ]);
  });
});

describe('batches of any deliveries', () => {
  const any = fc.record({
    type: fc.constantFrom('x', 'y'),
    bytes: fc.constantFrom(1, 40, 99, 100, 200),
    dueAt: fc.nat(2_000),
    batchId: fc.constantFrom(null, 'one', 'two'),
  });

  it('hold each delivery once, no more than they may, of one type, and nobody waits longer than said', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), fc.nat(3_000), (given, now) => {
        const waiting = given.map((one, index) => delivery(`d${index}`, one));
        const gone = goes(waiting, now);
        const all = gone.flat();
        expect(new Set(all).size).toBe(all.length);
        const byId = new Map(waiting.map((one) => [one.id, one]));
        for (const ids of gone) {
          const together = ids.map((id) => byId.get(id) as QueuedDelivery);
          expect(new Set(together.map(({ batchId }) => batchId)).size).toBe(1);
          if (together[0]?.batchId !== null) continue;
          expect(new Set(together.map(({ event }) => event.type)).size).toBe(1);
          expect(ids.length).toBeLessThanOrEqual(RULES.maxItems);
          const bytes = together.reduce((sum, { event }) => sum + event.data.length, 0);
          expect(ids.length === 1 || bytes <= RULES.maxBytes).toBe(true);
        }
        const left = waiting.filter(({ id }) => !all.includes(id));
        expect(left.every(({ dueAt, batchId }) => batchId === null && dueAt + RULES.maxWaitMs > now)).toBe(
          true,
        );
      }),
    );
  });
});
