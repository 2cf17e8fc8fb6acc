import type { Clock } from '../../src/clock.ts';

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  /** Moves on, running on its way what was scheduled, in order and each at its own time. */
  advance(ms: number): void;
}

export function createTestClock(start = Date.now()): TestClock {
  let now = start;
  const scheduled = new Set<{ readonly at: number; readonly task: () => void }>();
  return {
    now: () => now,
    schedule(at, task) {
      const entry = { at, task };
      scheduled.add(entry);
      return () => scheduled.delete(entry);
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = [...scheduled].filter((one) => one.at <= until).sort((a, b) => a.at - b.at);
        if (!next) break;
        scheduled.delete(next);
        now = Math.max(now, next.at);
        next.task();
      }
      now = until;
    },
  };
}
