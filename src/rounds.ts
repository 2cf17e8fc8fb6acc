import type { Clock } from './clock.ts';

/** Does something at once and then again and again, never two at a time. */
export class Rounds {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #round: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;
  #stopped = true;

  /**
   * @param everyMs from the end of a round to the beginning of the next
   * @param round tells of its own failures, and throws nothing
   */
  constructor(clock: Clock, everyMs: number, round: () => Promise<void>) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#round = round;
  }

  /** Whether a round that takes many steps should take no further one. */
  get stopped(): boolean {
    return this.#stopped;
  }

  start(): void {
    this.#stopped = false;
    this.#next();
  }

  /** Begins no further round, and waits for the one under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  #next(): void {
    this.#running = this.#running.then(this.#round).then(() => this.#arm());
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#cancel = this.#clock.schedule(this.#clock.now() + this.#everyMs, () => this.#next());
  }
}
