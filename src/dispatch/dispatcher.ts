import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { DispatchConfig } from '../config.ts';
import type { Database } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import type { Sender } from '../egress/send.ts';
import type { PlannedDelivery } from '../publish/plan.ts';
import type { Dispatching } from '../publish/publisher.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { cancelStragglers } from '../store/deliveries.ts';
import { findBacklogs, readRevisions } from '../store/due.ts';
import { CHANNEL, parseNotification } from '../store/notify.ts';
import type { Settlement } from '../store/settle.ts';
import { type AttemptTools, attempt } from './attempt.ts';
import { OutgoingEvent, type QueuedDelivery } from './delivery.ts';
import { Lanes } from './lanes.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { Loader } from './loader.ts';
import { logAttempt } from './log-attempt.ts';
import { Settler } from './settler.ts';
import { WakeUps } from './wake-ups.ts';
import { WebhookQueue } from './webhook-queue.ts';

export interface DispatcherOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly random: () => number;
  readonly config: DispatchConfig;
  readonly log: Logger;
  readonly nodeId: string;
  /** Told of notifications that aren't about dispatching. */
  readonly onApiKeysChanged: () => void;
}

// Beyond this many outcomes that wait to be written nothing new is sent: the database is slow or away.
const MAX_UNSETTLED = 5_000;
const DRAIN_CHECK_MS = 20;
// A webhook that gets nothing for this long costs no memory.
const IDLE_QUEUE_MS = 60_000;
const BUSY_EVERY_POLLS = 6;
const STRAGGLERS_EVERY_POLLS = 12;

/** Sends what is due for the webhooks in this node's lanes, each webhook from a queue of its own. */
export class Dispatcher implements Dispatching {
  readonly #options: DispatcherOptions;
  readonly #queues = new Map<string, WebhookQueue>();
  readonly #lanes: Lanes;
  readonly #loader: Loader;
  readonly #settler: Settler;
  readonly #wakeUps: WakeUps;
  readonly #tools: AttemptTools;
  #sending = 0;
  #state: 'new' | 'running' | 'stopping' | 'stopped' = 'new';
  #pollTimer: NodeJS.Timeout | undefined;
  #polls = 0;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { database, nodeId, log, clock, config } = options;
    this.#tools = {
      sender: options.sender,
      clock,
      random: options.random,
      connectTimeoutMs: config.connectTimeoutMs,
    };
    this.#wakeUps = new WakeUps(clock, (webhookId) => this.#loader.want(webhookId));
    this.#settler = new Settler({
      database,
      nodeId,
      log,
      onSettled: (all, done) => this.#settled(all, done),
    });
    this.#loader = new Loader({
      database,
      keyring: options.keyring,
      clock,
      log,
      maxBytes: config.maxQueuedBytesPerWebhook,
      queueOf: (webhookId) => this.#queues.get(webhookId),
      accept: (webhook) => this.#accept(webhook),
      refuse: (webhookId) => this.#refuse(webhookId),
      onLoaded: (queue) => this.#pump(queue),
      wakeAt: (webhookId, at) => this.#wakeUps.set(webhookId, at),
    });
    this.#lanes = new Lanes({
      database,
      nodeId,
      log,
      leaseMs: config.leaseMs,
      onGained: (lanes) => void this.#loadBacklogs(lanes),
      onLost: (lanes) => this.#leave(lanes),
      drain: (lanes) => this.#drain(lanes),
    });
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  owns(lane: number): boolean {
    return this.#state === 'running' && this.#lanes.fenceOf(lane) !== undefined;
  }

  /** @throws the driver's error if the database can't be reached */
  async start(): Promise<void> {
    this.#state = 'running';
    try {
      this.#unlisten = await this.#options.database.listen(CHANNEL, (payload) => this.#notified(payload));
      await this.#lanes.start();
    } catch (error) {
      this.#state = 'new';
      await this.#unlisten?.();
      throw error;
    }
    this.#armPoll();
  }

  /**
   * Starts nothing more, waits for the requests under way, writes what came of them and gives the lanes back.
   * What hasn't ended within the grace is given up; it stays pending, and whoever takes the lane sends it.
   */
  async stop(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'stopping';
    clearTimeout(this.#pollTimer);
    this.#wakeUps.clear();
    const deadline = Date.now() + this.#options.config.stopGraceMs;
    for (const queue of this.#queues.values()) queue.clear();
    while (this.#sending > 0 && Date.now() < deadline) await pause();
    await this.#options.sender.destroy();
    while (this.#sending > 0) await pause();
    await this.#settler.drain(AbortSignal.timeout(Math.max(2_000, deadline - Date.now())));
    await this.#loader.stop();
    await this.#unlisten?.().catch((error: unknown) => this.#warn(error, 'listening could not be ended'));
    await this.#lanes
      .stop()
      .catch((error: unknown) => this.#warn(error, 'the lanes could not be given back'));
    this.#state = 'stopped';
  }

  /** Direct hand-over of what was just committed. What finds no room here is read from the database later. */
  offer(deliveries: readonly PlannedDelivery[]): void {
    const events = new Map<string, OutgoingEvent>();
    const touched = new Set<WebhookQueue>();
    for (const delivery of deliveries) {
      if (!this.owns(delivery.lane)) continue;
      const queue = this.#queues.get(delivery.webhookId);
      if (!queue) {
        this.#loader.want(delivery.webhookId);
        continue;
      }
      touched.add(queue);
      // What is in the database already was published earlier: it goes first.
      if (queue.behind) {
        queue.skip();
        continue;
      }
      let event = events.get(delivery.eventId);
      if (!event) {
        event = new OutgoingEvent(delivery.event);
        events.set(delivery.eventId, event);
      }
      queue.push({ id: delivery.id, accountId: delivery.accountId, event, attempts: 0, tries: 0 });
    }
    for (const queue of touched) this.#pump(queue);
  }

  /** Something about these webhooks' deliveries has changed by hand: look whether any is due. */
  wake(webhookId: string): void {
    if (this.#state === 'running') this.#loader.want(webhookId);
  }

  /** The webhook itself has changed: nothing more is sent with what is known of it now. */
  refresh(webhookId: string): void {
    if (this.#state === 'running') this.#loader.wantFresh(webhookId);
  }

  #notified(payload: string): void {
    const notification = parseNotification(payload);
    if (notification?.kind === 'due') for (const id of notification.webhookIds) this.wake(id);
    if (notification?.kind === 'webhook') this.refresh(notification.webhookId);
    if (notification?.kind === 'lanes') this.#lanes.hurry();
    if (notification?.kind === 'api-keys') this.#options.onApiKeysChanged();
  }

  #pump(queue: WebhookQueue): void {
    const now = this.#options.clock.now();
    if (queue.holdUntil > now && queue.queued > 0) this.#wakeUps.set(queue.id, queue.holdUntil);
    while (this.#state === 'running' && queue.canStart(now) && this.#settler.backlog < MAX_UNSETTLED) {
      const fence = this.#lanes.fenceOf(queue.lane);
      const { webhook } = queue;
      if (fence === undefined || !webhook) return;
      const delivery = queue.start();
      if (delivery) void this.#attempt(queue, delivery, webhook, fence);
    }
  }

  /** Only when something has ended: a load that found no more room must not ask for the next one. */
  #pumpAndRefill(queue: WebhookQueue): void {
    this.#pump(queue);
    if (queue.wantsMore && this.#state === 'running') this.#loader.want(queue.id);
  }

  async #attempt(
    queue: WebhookQueue,
    delivery: QueuedDelivery,
    webhook: LiveWebhook,
    fence: number,
  ): Promise<void> {
    this.#sending += 1;
    try {
      const attempted = await attempt(delivery, webhook, fence, this.#tools);
      queue.sent(attempted?.congestion ?? 'neutral');
      if (attempted) queue.holdUntil = Math.max(queue.holdUntil, attempted.holdUntil);
      if (attempted) this.#settle(queue, attempted.settlement);
      else queue.release(delivery.id);
    } catch (error) {
      // A bug, not a failed delivery. It stays held, so that it isn't sent over and over; a restart tries it again.
      queue.sent('neutral');
      this.#options.log.error({ err: error, deliveryId: delivery.id }, 'an attempt broke');
    } finally {
      this.#sending -= 1;
    }
    this.#pumpAndRefill(queue);
  }

  #settle(queue: WebhookQueue, settlement: Settlement): void {
    logAttempt(this.#options.log, settlement);
    const news = settlement.health !== null && settlement.health !== queue.health;
    if (news && settlement.health) queue.health = settlement.health;
    this.#settler.add(news ? settlement : { ...settlement, health: null });
  }

  #settled(settlements: readonly Settlement[], written: ReadonlySet<string>): void {
    const touched = new Set<WebhookQueue>();
    for (const { webhookId, deliveryId, dueAt, statusReason } of settlements) {
      const queue = this.#queues.get(webhookId);
      if (!queue) continue;
      queue.release(deliveryId);
      touched.add(queue);
      // Not written: the lane had passed on, and may be here again by now.
      if (!written.has(deliveryId)) this.#loader.want(webhookId);
      else if (statusReason === 'gone') this.#loader.wantFresh(webhookId);
      else if (dueAt) this.#wakeUps.set(webhookId, Date.parse(dueAt));
    }
    for (const queue of touched) this.#pumpAndRefill(queue);
  }

  #accept(webhook: LiveWebhook): WebhookQueue | undefined {
    if (!this.owns(webhook.lane)) return undefined;
    const { config } = this.#options;
    let queue = this.#queues.get(webhook.id);
    if (!queue) {
      queue = new WebhookQueue(webhook, {
        maxConcurrency: config.maxConcurrencyPerWebhook,
        maxQueued: config.maxQueuedPerWebhook,
        maxQueuedBytes: config.maxQueuedBytesPerWebhook,
      });
      this.#queues.set(webhook.id, queue);
    }
    queue.webhook = webhook;
    queue.health = webhook.health;
    return queue;
  }

  /** Nothing may be sent to it now. Kept as long as requests are under way, so that none is sent twice. */
  #refuse(webhookId: string): void {
    this.#wakeUps.cancel(webhookId);
    const queue = this.#queues.get(webhookId);
    if (!queue) return;
    queue.webhook = undefined;
    queue.clear();
    if (queue.held === 0) this.#queues.delete(webhookId);
  }

  #leave(lanes: readonly number[]): void {
    const left = new Set(lanes);
    for (const queue of [...this.#queues.values()]) if (left.has(queue.lane)) this.#refuse(queue.id);
  }

  async #drain(lanes: readonly number[]): Promise<void> {
    const left = new Set(lanes);
    const busy = (): boolean =>
      [...this.#queues.values()].some((queue) => left.has(queue.lane) && queue.held > 0);
    while (busy() && this.#state === 'running') await pause();
  }

  /** @param busyToo whether to load for webhooks that have work in memory and, as far as is known, all of it */
  async #loadBacklogs(lanes: readonly number[], busyToo = true): Promise<void> {
    try {
      for (const backlog of await findBacklogs(this.#options.database, lanes)) {
        const queue = this.#queues.get(backlog.webhookId);
        const known = queue?.webhook?.revision;
        if (known !== undefined && known !== backlog.revision) this.refresh(backlog.webhookId);
        if (!busyToo && queue && queue.held > 0 && !queue.behind) continue;
        this.#wakeUps.set(backlog.webhookId, backlog.nextDueAt);
      }
    } catch (error) {
      this.#warn(error, 'the backlog could not be read; the next poll tries again');
    }
  }

  #armPoll(): void {
    this.#pollTimer = setTimeout(() => {
      void this.#poll().then(() => {
        if (this.#state === 'running') this.#armPoll();
      });
    }, this.#options.config.pollIntervalMs);
  }

  /** Finds what no notification told of: the connection that listens may have been lost for a while. */
  async #poll(): Promise<void> {
    const { database, clock } = this.#options;
    this.#polls += 1;
    await this.#loadBacklogs(this.#lanes.owned(), this.#polls % BUSY_EVERY_POLLS === 0);
    try {
      const revisions = await readRevisions(database, [...this.#queues.keys()]);
      for (const queue of [...this.#queues.values()]) {
        if (queue.webhook && revisions.get(queue.id) !== queue.webhook.revision) this.refresh(queue.id);
        else if (queue.idleForMs() > IDLE_QUEUE_MS) this.#queues.delete(queue.id);
      }
      if (this.#polls % STRAGGLERS_EVERY_POLLS === 0) {
        await cancelStragglers(database, this.#lanes.owned(), new Date(clock.now()).toISOString());
      }
    } catch (error) {
      this.#warn(error, 'polling failed; the next poll tries again');
    }
  }

  #warn(error: unknown, message: string): void {
    this.#options.log.warn(logged(error), message);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
}
