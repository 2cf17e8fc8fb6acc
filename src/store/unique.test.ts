import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newestOfEachKey } from './unique.ts';

const delivery = (id: string, uniqueKey: string | null, webhookId = 'w') => ({ id, webhookId, uniqueKey });

describe('the newest of each key', () => {
  it('is the last one in the list', () => {
    const all = [delivery('1', 'a'), delivery('2', 'b'), delivery('3', 'a')];
    expect(newestOfEachKey(all).map(({ id }) => id)).toEqual(['2', '3']);
  });

  it('webhooks have nothing to do with each other', () => {
    const all = [delivery('1', 'a', 'v'), delivery('2', 'a', 'w')];
    expect(newestOfEachKey(all)).toEqual(all);
  });

  it('what has no key stays, however much of it there is', () => {
    const all = [delivery('1', null), delivery('2', 'a'), delivery('3', null), delivery('4', 'a')];
    expect(newestOfEachKey(all).map(({ id }) => id)).toEqual(['1', '3', '4']);
    const none = [delivery('1', null), delivery('2', null)];
    expect(newestOfEachKey(none)).toEqual(none);
  });

  it('a key that looks like another one is another one', () => {
    const all = ['a', 'a ', ' a', 'A', 'null', ''].map((key, index) => delivery(String(index), key));
    expect(newestOfEachKey(all)).toEqual(all);
  });

  it('leaves one of each key, none older than what it leaves out, in their order', () => {
    const keys = fc.record({
      webhookId: fc.constantFrom('v', 'w'),
      uniqueKey: fc.option(fc.constantFrom('a', 'b', 'c')),
    });
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 40 }), (list) => {
        const all = list.map((one, index) => ({ ...one, id: String(index) }));
        const left = newestOfEachKey(all);
        const nameOf = (one: (typeof all)[number]) => `${one.webhookId}/${one.uniqueKey ?? `none ${one.id}`}`;
        expect(left).toEqual(all.filter((one) => left.includes(one)));
        expect(left.map(nameOf).sort()).toEqual([...new Set(all.map(nameOf))].sort());
        for (const one of left) {
          expect(all.findLast((other) => nameOf(other) === nameOf(one))).toBe(one);
        }
      }),
    );
  });
});
