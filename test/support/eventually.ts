import { setTimeout as wait } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/**
 * Waits until `look` returns something truthy without throwing, and returns it. For what another process or
 * the database will show in its own time.
 *
 * @throws the last error of `look`, or that it never came true, after `timeoutMs`
 */
export async function eventually<T>(look: () => T | Promise<T>, timeoutMs = 10_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown = new Error(`did not come true within ${timeoutMs} ms: ${look}`);
    try {
      const seen = await look();
      if (seen) return seen;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw failure;
    await wait(LOOK_EVERY_MS);
  }
}
