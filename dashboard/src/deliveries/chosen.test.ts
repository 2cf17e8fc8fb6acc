import { describe, expect, it } from 'vitest';
import { chosenOf } from './chosen.ts';

const SHOWN = [
  { id: 'waits', status: 'pending' },
  { id: 'failed', status: 'failed' },
  { id: 'cancelled', status: 'cancelled' },
  { id: 'arrived', status: 'delivered' },
] as const;

describe('chosenOf', () => {
  it('leaves out what was chosen and is shown no more', () => {
    const chosen = chosenOf(SHOWN, new Set(['failed', 'gone', 'waits']));
    expect(chosen).toEqual({ count: 2, waiting: ['waits'], ended: ['failed'], needReplay: false });
    expect(chosenOf([], new Set(['failed'])).count).toBe(0);
  });

  it('sends again what failed or was cancelled alone, and leaves what arrived to a replay', () => {
    const chosen = chosenOf(SHOWN, new Set(SHOWN.map(({ id }) => id)));
    expect(chosen).toEqual({
      count: 4,
      waiting: ['waits'],
      ended: ['failed', 'cancelled'],
      needReplay: true,
    });
    expect(chosenOf(SHOWN, new Set(['arrived'])).ended).toEqual([]);
  });

  it('leaves what a newer event took the place of to a replay, too', () => {
    const superseded = [{ id: 'old', status: 'superseded' }] as const;
    expect(chosenOf(superseded, new Set(['old']))).toMatchObject({ ended: [], needReplay: true });
  });
});
