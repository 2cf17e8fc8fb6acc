import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import { readRevisions } from '../store/due.ts';
import { findBacklogs } from '../store/next-due.ts';
import { cancelAllOrphans } from '../store/orphans.ts';
import type { Queues } from './queues.ts';

export interface PollOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly intervalMs: number;
  readonly queues: Queues;
  readonly lanes: () => readonly number[];
  /** The webhook has something due then, in milliseconds since 1970. */
  readonly wakeAt: (webhookId: string, at: number) => void;
  /** The webhook isn't what its queue holds it for. */
  readonly refresh: (webhookId: string) => void;
}

// Each poll looks at all webhooks with a backlog; those that have work in memory, and as far as is known all of
// it, are loaded for only now and then.
const BUSY_EVERY_POLLS = 6;
const ORPHANS_EVERY_POLLS = 12;
// With very many webhooks a poll takes long: it may have one part in twenty of the time.
const REST_FACTOR = 20;

/** Finds what no notification told of: the connection that listens may have been lost for a while. */
export class Poll {
  readonly #options: PollOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #polls = 0;

  constructor(options: PollOptions) {
    this.#options = options;
  }

  start(): void {
    this.#arm(this.#options.intervalMs);
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(async () => {
      const startedAt = performance.now();
      await this.#next(() => this.#poll());
      this.#arm(Math.max(this.#options.intervalMs, REST_FACTOR * (performance.now() - startedAt)));
    }, delayMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Lanes have become this node's: what is pending for their webhooks is its to send. */
  gained(lanes: readonly number[]): void {
    void this.#next(() => this.#findBacklogs(lanes, true));
  }

  /** One after the other, so that a stop has one thing to wait for. Fails by itself, as the next poll tries again. */
  #next(work: () => Promise<void>): Promise<void> {
    this.#running = this.#running.then(async () => {
      if (this.#stopped) return;
      await work().catch((error: unknown) =>
        this.#options.log.warn(logged(error), 'polling failed; trying again'),
      );
    });
    return this.#running;
  }

  async #poll(): Promise<void> {
    const { database, clock, queues, lanes } = this.#options;
    this.#polls += 1;
    await this.#findBacklogs(lanes(), this.#polls % BUSY_EVERY_POLLS === 0);
    await this.#checkRevisions();
    queues.forgetIdle();
    if (this.#polls % ORPHANS_EVERY_POLLS === 0) {
      await cancelAllOrphans(database, { lanes: lanes() }, new Date(clock.now()).toISOString());
    }
  }

  async #findBacklogs(lanes: readonly number[], busyToo: boolean): Promise<void> {
    const { database, queues, wakeAt } = this.#options;
    for (const { webhookId, nextDueAt } of await findBacklogs(database, lanes)) {
      const queue = queues.get(webhookId);
      const busy = queue !== undefined && queue.held > 0 && !queue.behind;
      const isKnown = queue?.progress.isResting && nextDueAt <= this.#options.clock.now();
      if (!isKnown && (busyToo || !busy)) wakeAt(webhookId, nextDueAt);
    }
  }

  async #checkRevisions(): Promise<void> {
    const { database, queues, refresh } = this.#options;
    const active = queues.all().filter((queue) => queue.webhook);
    const revisions = await readRevisions(
      database,
      active.map((queue) => queue.id),
    );
    for (const queue of active) {
      if (queue.webhook && revisions.get(queue.id) !== queue.webhook.revision) refresh(queue.id);
    }
  }
}
