import { describe, expect, it } from 'vitest';
import type { Settlement } from '../store/settle.ts';
import { endOfPortion, heldWith, requestsOf } from './outcome-portions.ts';
import { oneOfEachBatch } from './trouble.ts';

/** One outcome a letter: those of one batch share it, and a dot is one of no batch. */
function outcomes(batches: string): Settlement[] {
  return [...batches].map((batch, index) => {
    const batchId = batch === '.' ? null : batch;
    const partly: Partial<Settlement> = { deliveryId: `d${index}`, attemptId: `t${index}`, batchId };
    return partly as Settlement;
  });
}

describe('a portion of outcomes', () => {
  it.each([
    ['......', 0, 4, 4],
    ['......', 4, 4, 6],
    ['..aaaa', 0, 2, 2],
    ['..aaaa', 0, 3, 6],
    ['aabb..', 0, 1, 2],
    ['aabb..', 2, 1, 4],
  ])('of %s that begins at %i and has about %i of them ends at %i', (all, start, size, end) => {
    expect(endOfPortion(outcomes(all), start, size)).toBe(end);
  });
});

describe('outcomes that have to wait', () => {
  it('are those of the deliveries that are locked, and of all that went with one of them', () => {
    const all = outcomes('.aab.b');
    const ids = (...held: string[]) => [...heldWith(all, new Set(held))].map(({ deliveryId }) => deliveryId);
    expect(ids('d0')).toEqual(['d0']);
    expect(ids('d2', 'd4')).toEqual(['d1', 'd2', 'd4']);
    expect(ids()).toEqual([]);
  });
});

describe('what went in one request', () => {
  it('fails once', () => {
    const failed = oneOfEachBatch(outcomes('.aab.b'));
    expect(failed.map(({ deliveryId }) => deliveryId)).toEqual(['d0', 'd1', 'd3', 'd4']);
  });

  it('is written together where the database takes one of many by itself', () => {
    const requests = requestsOf(outcomes('.aab.b'));
    const ids = requests.map((settlements) => settlements.map(({ deliveryId }) => deliveryId));
    expect(ids).toEqual([['d0'], ['d1', 'd2'], ['d3', 'd5'], ['d4']]);
  });
});
