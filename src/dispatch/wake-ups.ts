import type { Clock } from '../clock.ts';

/** When to look at a webhook's deliveries again: one time a webhook, the earliest that was asked for. */
export class WakeUps {
  readonly #clock: Clock;
  readonly #wake: (webhookId: string) => void;
  readonly #set = new Map<string, { readonly at: number; readonly cancel: () => void }>();

  constructor(clock: Clock, wake: (webhookId: string) => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** @param at milliseconds since 1970 */
  set(webhookId: string, at: number): void {
    const earlier = this.#set.get(webhookId);
    // Also what was set for then: the clock may have jumped to it, of which its timer knows nothing yet.
    if (at <= this.#clock.now()) {
      this.cancel(webhookId);
      this.#wake(webhookId);
      return;
    }
    if (earlier && earlier.at <= at) return;
    earlier?.cancel();
    const cancel = this.#clock.schedule(at, () => {
      this.#set.delete(webhookId);
      this.#wake(webhookId);
    });
    this.#set.set(webhookId, { at, cancel });
  }

  /** For how many something is set. */
  get size(): number {
    return this.#set.size;
  }

  cancel(webhookId: string): void {
    this.#set.get(webhookId)?.cancel();
    this.#set.delete(webhookId);
  }

  clear(): void {
    for (const { cancel } of this.#set.values()) cancel();
    this.#set.clear();
  }
}
