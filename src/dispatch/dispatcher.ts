import { logged } from '../db/outage.ts';
import type { PlannedDelivery } from '../publish/plan.ts';
import type { Dispatching } from '../publish/publisher.ts';
import { laneOf } from '../store/lanes.ts';
import { CHANNEL, parseNotification } from '../store/notify.ts';
import type { Settlement } from '../store/settle.ts';
import { type AttemptTools, attemptSendable } from './attempt-batch.ts';
import { countBreakers, type DispatchState } from './dispatch-state.ts';
import type { DispatcherOptions } from './dispatcher-options.ts';
import { handOver } from './hand-over.ts';
import { learnWritten, withNews } from './health-news.ts';
import { Lanes } from './lanes.ts';
import type { LiveWebhook } from './live-webhook.ts';
import { Loader } from './loader.ts';
import { logAttempt } from './log-attempt.ts';
import { Poll } from './poll.ts';
import { Queues } from './queues.ts';
import { Settler } from './settler.ts';
import { type Start, Starter } from './starter.ts';
import { WakeUps } from './wake-ups.ts';
import { UNTIL_SETTLED, type WebhookQueue } from './webhook-queue.ts';
import type { Written } from './write-outcomes.ts';

// Beyond this many outcomes that wait to be written nothing new is sent: the database is slow or away.
const MAX_UNSETTLED = 5_000;
const DRAIN_CHECK_MS = 20;

/** Sends what is due for the webhooks in this node's lanes, each webhook from a queue of its own. */
export class Dispatcher implements Dispatching {
  readonly #options: DispatcherOptions;
  readonly #queues: Queues;
  readonly #lanes: Lanes;
  readonly #loader: Loader;
  readonly #settler: Settler;
  readonly #wakeUps: WakeUps;
  readonly #starter: Starter;
  readonly #poll: Poll;
  readonly #tools: AttemptTools;
  #sending = 0;
  #state: 'new' | 'running' | 'stopping' | 'stopped' = 'new';
  /** Whether sending waits for outcomes to be written. */
  #heldUp = false;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { database, nodeId, log, clock, config } = options;
    this.#queues = new Queues(config, clock);
    this.#tools = {
      sender: options.sender,
      tokens: options.tokens,
      clock,
      random: options.random,
      connectTimeoutMs: config.connectTimeoutMs,
      log,
    };
    this.#wakeUps = new WakeUps(clock, (webhookId) => this.#loader.want(webhookId));
    this.#starter = new Starter({
      clock,
      maxInFlight: config.maxInFlight,
      queueOf: (webhookId) => this.#queues.get(webhookId),
      mayStart: () => this.#state === 'running' && !this.#heldUp && this.#settler.backlog < MAX_UNSETTLED,
      fenceOf: (lane) => this.#lanes.fenceOf(lane),
      begin: (start) => void this.#attempt(start),
    });
    this.#settler = new Settler({ ...options, onSettled: (all, done) => this.#settled(all, done) });
    this.#loader = new Loader({
      database,
      keyring: options.keyring,
      clock,
      log,
      maxBytes: config.maxQueuedBytesPerWebhook,
      queueOf: (webhookId) => this.#queues.get(webhookId),
      profiles: options.profiles,
      accept: (webhook) => this.#accept(webhook),
      refuse: (webhookId) => this.#refuse(webhookId),
      onLoaded: (queue) => this.#pump(queue),
      wakeAt: (webhookId, at) => this.#wakeUps.set(webhookId, at),
    });
    this.#poll = new Poll({
      database,
      clock,
      log,
      intervalMs: config.pollIntervalMs,
      queues: this.#queues,
      lanes: () => this.#lanes.owned(),
      wakeAt: (webhookId, at) => this.#wakeUps.set(webhookId, at),
      refresh: (webhookId) => this.refresh(webhookId),
    });
    this.#lanes = new Lanes({
      database,
      nodeId,
      log,
      leaseMs: config.leaseMs,
      onGained: (lanes) => this.#poll.gained(lanes),
      onLost: (lanes) => {
        for (const queue of this.#queues.ofLanes(lanes)) this.#refuse(queue.id);
      },
      onResumed: () => this.#pumpAll(),
      drain: (lane) => this.#drain(lane),
    });
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  owns(lane: number): boolean {
    return this.#state === 'running' && this.#lanes.fenceOf(lane) !== undefined;
  }

  /** Requests under way to a webhook; null: another node sends for it. */
  underWay(webhookId: string, lane: number): number | null {
    return this.owns(lane) ? (this.#queues.get(webhookId)?.sending ?? 0) : null;
  }

  state(): DispatchState {
    const breakers = countBreakers(this.#queues.all(), this.#options.clock.now());
    return { lanes: this.#lanes.owned().length, inFlight: this.#sending, breakers };
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
    this.#poll.start();
  }

  /**
   * Starts nothing more, waits for the requests under way, writes what came of them and gives the lanes back.
   * What hasn't ended within the grace is given up; it stays pending, and whoever takes the lane sends it.
   */
  async stop(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'stopping';
    const polled = this.#poll.stop();
    this.#wakeUps.clear();
    this.#starter.clear();
    const deadline = Date.now() + this.#options.config.stopGraceMs;
    for (const queue of this.#queues.all()) queue.clear();
    while (this.#sending > 0 && Date.now() < deadline) await pause();
    await this.#options.sender.destroy();
    while (this.#sending > 0) await pause();
    await this.#settler.drain(AbortSignal.timeout(Math.max(2_000, deadline - Date.now())));
    await this.#loader.stop();
    await polled;
    await this.#unlisten?.().catch((error: unknown) => this.#warn(error, 'listening could not be ended'));
    await this.#lanes
      .stop()
      .catch((error: unknown) => this.#warn(error, 'the lanes could not be given back'));
    this.#state = 'stopped';
  }

  /** Direct hand-over of what was just committed. What finds no room here is read from the database later. */
  offer(deliveries: readonly PlannedDelivery[]): void {
    const own = deliveries.filter((delivery) => this.owns(delivery.lane));
    const touched = handOver(own, this.#queues, this.#loader);
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

  /** The same of many: those that nothing is held of are read anyway, once they are sent to. */
  refreshHeld(webhookIds: readonly string[]): void {
    for (const id of webhookIds) if (this.#queues.get(id) || this.#loader.isReading(id)) this.refresh(id);
  }

  #notified(payload: string): void {
    const notification = parseNotification(payload);
    if (notification?.kind === 'due') {
      for (const id of notification.webhookIds) if (this.owns(laneOf(id))) this.wake(id);
    }
    if (notification?.kind === 'ordered') {
      for (const { webhookId, orderKey } of notification.keys) {
        if (this.owns(laneOf(webhookId))) this.#loader.wantFirst(webhookId, orderKey);
      }
    }
    if (notification?.kind === 'webhook') this.refreshHeld(notification.webhookIds);
    if (notification?.kind === 'lanes') this.#lanes.hurry();
    if (notification?.kind === 'api-keys') this.#options.onApiKeysChanged();
  }

  #pump(queue: WebhookQueue): void {
    if (this.#settler.backlog >= MAX_UNSETTLED) this.#heldUp = true;
    this.#starter.pump(queue);
  }

  /** Only when something has ended: a load that found no more room must not ask for the next one. */
  #pumpAndRefill(queue: WebhookQueue): void {
    this.#pump(queue);
    if (queue.wantsMore && this.#state === 'running') this.#loader.goOn(queue.id);
  }

  async #attempt({ queue, delivery, webhook, fence }: Start): Promise<void> {
    this.#sending += 1;
    const { clock } = this.#options;
    const startedAt = clock.now();
    try {
      const attempted = await attemptSendable(delivery, webhook, fence, this.#tools);
      queue.sent(attempted?.congestion ?? 'neutral', attempted?.answered, clock.now(), startedAt);
      if (attempted) queue.holdUntil = Math.max(queue.holdUntil, attempted.holdUntil);
      for (const settlement of attempted?.settlements ?? []) this.#settle(queue, webhook, settlement);
      if (!attempted) queue.releaseAll(delivery);
    } catch (error) {
      // A bug, not a failed delivery. It stays held, so that it isn't sent over and over; a restart tries it again.
      queue.sent('neutral', undefined, clock.now());
      this.#options.log.error({ err: error, deliveryId: delivery.id }, 'an attempt broke');
    } finally {
      this.#sending -= 1;
    }
    // It asks first: whoever is busy with one request at a time is among those whose turn it may be.
    this.#pumpAndRefill(queue);
    this.#starter.ended();
  }

  #settle(queue: WebhookQueue, webhook: LiveWebhook, settlement: Settlement): void {
    // Nothing more goes to where nothing will ever be taken, from now on and not only once it is written.
    if (settlement.statusReason === 'gone' && queue.webhook === webhook) {
      queue.stop();
      queue.holdUntil = UNTIL_SETTLED;
    }
    logAttempt(this.#options.log, settlement);
    this.#settler.add(withNews(queue, webhook, settlement, this.#options.disableAfterDays));
  }

  #settled(settlements: readonly Settlement[], written: Written): void {
    const touched = new Set<WebhookQueue>();
    this.#options.onAttempted?.(settlements.filter(({ deliveryId }) => written.has(deliveryId)));
    for (const settlement of settlements) {
      const { webhookId, deliveryId, orderKey } = settlement;
      const queue = this.#queues.get(webhookId);
      if (!queue) continue;
      queue.release(deliveryId);
      touched.add(queue);
      if (learnWritten(queue, settlement)) this.#loader.wantFresh(webhookId);
      const row = written.get(deliveryId);
      // Written before, or the lane had passed on and may be here again by now: the database knows.
      if (!row) this.#loader.want(webhookId);
      else if (orderKey !== null) this.#loader.wantFirst(webhookId, orderKey, row.nextDueAt);
      else if (row.nextDueAt !== null) this.#wakeUps.set(webhookId, row.nextDueAt);
    }
    for (const queue of touched) this.#pumpAndRefill(queue);
    if (this.#heldUp && this.#settler.backlog < MAX_UNSETTLED) this.#pumpAll();
  }

  #pumpAll(): void {
    this.#heldUp = false;
    for (const queue of this.#queues.all()) this.#pumpAndRefill(queue);
  }

  #accept(webhook: LiveWebhook): WebhookQueue | undefined {
    return this.owns(webhook.lane) ? this.#queues.accept(webhook) : undefined;
  }

  #refuse(webhookId: string): void {
    this.#wakeUps.cancel(webhookId);
    this.#starter.cancel(webhookId);
    this.#queues.refuse(webhookId);
  }

  /** What is under way in a lane that is given back may end, but not for longer than a stop would wait. */
  async #drain(lane: number): Promise<void> {
    const deadline = Date.now() + this.#options.config.stopGraceMs;
    const busy = (): boolean => this.#queues.ofLanes([lane]).some((queue) => queue.held > 0);
    while (busy() && Date.now() < deadline && this.#state === 'running') await pause();
  }

  #warn(error: unknown, message: string): void {
    this.#options.log.warn(logged(error), message);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
}
