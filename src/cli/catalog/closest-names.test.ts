import { describe, expect, it } from 'vitest';
import { closestNames, suggestion } from './closest-names.ts';

const NAMES = ['order.created', 'order.delivered', 'order.deleted', 'parcel', 'stock'];

describe('the closest names', () => {
  it.each([
    ['order.delivred', ['order.delivered', 'order.deleted']],
    ['Order.Created', ['order.created', 'order.deleted']],
    ['delivered', ['order.delivered']],
    ['stok', ['stock']],
    ['xyzzy', []],
  ])('to %s are %j', (wanted, names) => {
    expect(closestNames(wanted, NAMES)).toEqual(names);
  });

  it('are no more than three, each once', () => {
    expect(closestNames('a', ['ab', 'ac', 'ad', 'ae', 'ab'])).toEqual(['ab', 'ac', 'ad']);
  });

  it('are suggested in a question, or not at all', () => {
    expect(suggestion('stok', NAMES)).toBe(' Did you mean stock?');
    expect(suggestion('order.delivred', NAMES)).toBe(' Did you mean order.delivered or order.deleted?');
    expect(suggestion('a', ['ab', 'ac', 'ad'])).toBe(' Did you mean ab, ac or ad?');
    expect(suggestion('xyzzy', NAMES)).toBe('');
  });
});
