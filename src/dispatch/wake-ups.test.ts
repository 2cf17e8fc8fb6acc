import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../test/support/clock.ts';
import { WakeUps } from './wake-ups.ts';

function create() {
  const clock = createTestClock(1_000);
  const woken: string[] = [];
  const wakeUps = new WakeUps(clock, (id) => woken.push(`${id} at ${clock.now()}`));
  return { clock, woken, wakeUps };
}

describe('wake-ups', () => {
  it('a webhook is woken when its time has come, once, and not before', () => {
    const { clock, woken, wakeUps } = create();
    wakeUps.set('a', 1_100);
    clock.advance(99);
    expect(woken).toEqual([]);
    clock.advance(1);
    expect(woken).toEqual(['a at 1100']);
    clock.advance(1_000_000);
    expect(woken).toHaveLength(1);
  });

  it.each([1_000, 999, 0])('a time that has come already (%i) wakes at once', (at) => {
    const { clock, woken, wakeUps } = create();
    wakeUps.set('a', at);
    expect(woken).toEqual(['a at 1000']);
    clock.advance(1_000);
    expect(woken).toHaveLength(1);
  });

  it('the earliest of several times counts, in whatever order they come', () => {
    const { clock, woken, wakeUps } = create();
    for (const at of [1_300, 1_100, 1_200]) wakeUps.set('a', at);
    clock.advance(1_000);
    expect(woken).toEqual(['a at 1100']);
  });

  it('a time the clock has jumped to wakes whoever asks for it, though its timer knows nothing of that', () => {
    const clock = createTestClock(1_000);
    const woken: string[] = [];
    const asleep = { now: () => clock.now(), schedule: () => () => undefined };
    const wakeUps = new WakeUps(asleep, (id) => woken.push(id));
    wakeUps.set('a', 1_100);
    clock.advance(1_000);
    wakeUps.set('a', 1_100);
    expect(woken).toEqual(['a']);
  });

  it('a time that has come already replaces a later one', () => {
    const { clock, woken, wakeUps } = create();
    wakeUps.set('a', 1_100);
    wakeUps.set('a', 900);
    clock.advance(1_000);
    expect(woken).toEqual(['a at 1000']);
  });

  it('after it was woken, a webhook can be woken again', () => {
    const { clock, woken, wakeUps } = create();
    wakeUps.set('a', 1_100);
    clock.advance(100);
    wakeUps.set('a', 1_200);
    clock.advance(100);
    expect(woken).toEqual(['a at 1100', 'a at 1200']);
  });

  it('a wake-up that is set while it is woken is kept', () => {
    const clock = createTestClock(1_000);
    const woken: number[] = [];
    const wakeUps: WakeUps = new WakeUps(clock, (id) => {
      woken.push(clock.now());
      if (woken.length < 3) wakeUps.set(id, clock.now() + 50);
    });
    wakeUps.set('a', 1_050);
    clock.advance(1_000);
    expect(woken).toEqual([1_050, 1_100, 1_150]);
  });

  it('one webhook has nothing to do with another', () => {
    const { clock, woken, wakeUps } = create();
    wakeUps.set('a', 1_200);
    wakeUps.set('b', 1_100);
    wakeUps.cancel('a');
    wakeUps.cancel('nobody');
    clock.advance(1_000);
    expect(woken).toEqual(['b at 1100']);
  });

  it('what is called off, one or all, is not woken, and can be set again', () => {
    const { clock, woken, wakeUps } = create();
    wakeUps.set('a', 1_100);
    wakeUps.set('b', 1_100);
    wakeUps.clear();
    wakeUps.set('a', 1_300);
    clock.advance(1_000);
    expect(woken).toEqual(['a at 1300']);
  });
});
