import type { Clock } from '../clock.ts';
import type { Sendable } from './delivery.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { Turns } from './turns.ts';
import { WakeUps } from './wake-ups.ts';
import { UNTIL_SETTLED, type WebhookQueue } from './webhook-queue.ts';

/** An attempt that is to begin. */
export interface Start {
  readonly queue: WebhookQueue;
  readonly delivery: Sendable;
  readonly webhook: LiveWebhook;
  readonly fence: number;
}

export interface StarterOptions {
  readonly clock: Clock;
  /** Requests at once, of all webhooks. */
  readonly maxInFlight: number;
  readonly queueOf: (webhookId: string) => WebhookQueue | undefined;
  /** Whether anything may be started now. */
  readonly mayStart: () => boolean;
  /** Under which this node owns a lane; undefined if it doesn't. */
  readonly fenceOf: (lane: number) => number | undefined;
  readonly begin: (start: Start) => void;
}

/** Starts what queues hold, when their webhooks may be sent to and it is their turn. */
export class Starter {
  readonly #options: StarterOptions;
  readonly #turns: Turns;
  /** When webhooks that rest, or are paced, may go on. */
  readonly #later: WakeUps;

  constructor(options: StarterOptions) {
    this.#options = options;
    this.#turns = new Turns(options.maxInFlight);
    this.#later = new WakeUps(options.clock, (webhookId) => {
      const queue = options.queueOf(webhookId);
      if (queue) this.pump(queue);
    });
  }

  /** Starts all that may be started of a webhook. What has to wait for a time, or a turn, is started then. */
  pump(queue: WebhookQueue): void {
    while (this.#canStart(queue) && this.#turns.take(queue)) {
      if (this.#startOne(queue)) continue;
      this.#turns.give();
      break;
    }
    const { readyAt } = queue;
    const isTimed = readyAt > this.#options.clock.now() && readyAt < UNTIL_SETTLED;
    if (isTimed && queue.queued > 0) this.#later.set(queue.id, readyAt);
  }

  /** An attempt has ended, and its place is free: whoever waits for one gets it. */
  ended(): void {
    this.#turns.give();
    for (let queue = this.#turns.next(); queue; queue = this.#turns.next()) this.pump(queue);
  }

  cancel(webhookId: string): void {
    this.#later.cancel(webhookId);
  }

  clear(): void {
    this.#later.clear();
  }

  #canStart(queue: WebhookQueue): boolean {
    return this.#options.mayStart() && queue.canStart(this.#options.clock.now());
  }

  /** In a place that has been taken for it. False if there is nothing to start. */
  #startOne(queue: WebhookQueue): boolean {
    const fence = this.#options.fenceOf(queue.lane);
    const { webhook } = queue;
    if (fence === undefined || !webhook) return false;
    const delivery = queue.start(this.#options.clock.now());
    if (delivery) this.#options.begin({ queue, delivery, webhook, fence });
    return delivery !== undefined;
  }
}
