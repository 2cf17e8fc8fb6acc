/** Where Waybill takes the time from. Tests bring their own and move it by hand. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Runs `task` once `at` (milliseconds since 1970) has come. Returns how to call it off. */
  schedule(at: number, task: () => void): () => void;
}

// Node's timers overflow beyond this and fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(at, task) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const delayMs = Math.max(0, at - Date.now());
      timer = setTimeout(delayMs > LONGEST_TIMER_MS ? arm : task, Math.min(delayMs, LONGEST_TIMER_MS));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
