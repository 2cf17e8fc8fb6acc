import type { Clock } from '../clock.ts';
import type { DispatchConfig } from '../config.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { MemoryBudget } from './memory-budget.ts';
import type { Pace } from './pace.ts';
import { WebhookQueue } from './webhook-queue.ts';

// A webhook that gets nothing for this long costs no memory.
const IDLE_QUEUE_MS = 60_000;
const MAX_BREAKER_HOLD_MS = 60_000;

/** The queues of the webhooks this node has anything to do for. */
export class Queues {
  readonly #config: DispatchConfig;
  readonly #queues = new Map<string, WebhookQueue>();
  readonly #memory: MemoryBudget;
  readonly #clock: Clock;
  /** Of webhooks that have no queue now: neither a pause nor having had nothing to send is a way round a rate. */
  readonly #paces = new Map<string, Pace>();

  constructor(config: DispatchConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#memory = new MemoryBudget(config.maxQueuedBytes);
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#clock.now();
  }

  get(webhookId: string): WebhookQueue | undefined {
    return this.#queues.get(webhookId);
  }

  /** As they are now: the set may change while it is walked. */
  all(): WebhookQueue[] {
    return [...this.#queues.values()];
  }

  /** Makes the queue of a webhook, or tells it what the webhook is now. */
  accept(webhook: LiveWebhook): WebhookQueue {
    const queue = this.#queues.get(webhook.id) ?? this.#create(webhook);
    queue.webhook = webhook;
    // While outcomes wait to be written, memory knows better.
    if (queue.held === 0) queue.health = webhook.health;
    // Unless somebody has begun it anew by enabling it, or by giving it another URL.
    if (queue.held === 0 || queue.healthRevision !== webhook.revision) queue.failures = webhook.failures;
    queue.healthRevision = webhook.revision;
    return queue;
  }

  #create(webhook: LiveWebhook): WebhookQueue {
    const bounds = {
      maxConcurrency: this.#config.maxConcurrencyPerWebhook,
      maxQueued: this.#config.maxQueuedPerWebhook,
      maxQueuedBytes: this.#config.maxQueuedBytesPerWebhook,
      breaker: {
        after: this.#config.breakerFailures,
        holdMs: this.#config.breakerHoldMs,
        maxHoldMs: MAX_BREAKER_HOLD_MS,
      },
      memory: this.#memory,
    };
    const queue = new WebhookQueue(webhook, bounds, this.#paces.get(webhook.id));
    this.#queues.set(webhook.id, queue);
    this.#paces.delete(webhook.id);
    return queue;
  }

  /** Nothing may be sent to it now. Kept as long as requests are under way, so that none is sent twice. */
  refuse(webhookId: string): void {
    const queue = this.#queues.get(webhookId);
    if (!queue) return;
    queue.stop();
    if (queue.held === 0) this.#forget(queue);
  }

  ofLanes(lanes: readonly number[]): WebhookQueue[] {
    const wanted = new Set(lanes);
    return this.all().filter((queue) => wanted.has(queue.lane));
  }

  forgetIdle(): void {
    for (const queue of this.all()) if (queue.idleForMs() > IDLE_QUEUE_MS) this.#forget(queue);
    for (const [id, pace] of this.#paces) if (pace.isOver(this.#clock.now())) this.#paces.delete(id);
  }

  #forget({ id, pace }: WebhookQueue): void {
    this.#queues.delete(id);
    if (!pace.isOver(this.#clock.now())) this.#paces.set(id, pace);
  }
}
