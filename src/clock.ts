import { performance } from 'node:perf_hooks';

/** Where Waybill takes the time from. Tests bring their own and move it by hand. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /**
   * Runs `task` once `at` (milliseconds since 1970) has come; or as much time has passed, should the clock have been set back.
   * Returns how to call it off.
   */
  schedule(at: number, task: () => void): () => void;
}

// The clock may be set, and a computer may sleep, of which timers know nothing: each looks now and then what time it is.
const LOOK_EVERY_MS = 30_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(at, task) {
    let timer: NodeJS.Timeout;
    const passedAt = performance.now() + at - Date.now();
    const arm = (): void => {
      const delayMs = Math.max(0, Math.min(at - Date.now(), passedAt - performance.now()));
      timer = setTimeout(delayMs > LOOK_EVERY_MS ? arm : task, Math.min(delayMs, LOOK_EVERY_MS));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
