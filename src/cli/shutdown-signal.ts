import { performance } from 'node:perf_hooks';

// npm passes Ctrl-C on to a program that has got it from the terminal already: twice at once is once.
const SAME_SIGNAL_MS = 500;

/** Aborts at the first SIGTERM or SIGINT, which asks for an orderly end. A second one ends the process at once. */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  let askedAt = Number.NaN;
  const ask = (): void => {
    if (!controller.signal.aborted) {
      askedAt = performance.now();
      controller.abort();
    } else if (performance.now() - askedAt > SAME_SIGNAL_MS) {
      process.exit(1);
    }
  };
  process.on('SIGTERM', ask);
  process.on('SIGINT', ask);
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
