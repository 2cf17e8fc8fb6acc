import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { logged } from '../db/outage.ts';
import type { Keyring } from '../secrets/keyring.ts';
import { findSuperseded } from '../store/due.ts';
import { findNextDue } from '../store/next-due.ts';
import { deliveryFromRow } from './delivery.ts';
import { FirstOfKeys } from './first-of-keys.ts';
import { type LiveWebhook, type Profiles, readLiveWebhooks } from './live-webhook.ts';
import { readDue } from './read-due.ts';
import type { WebhookQueue } from './webhook-queue.ts';

export interface LoaderOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly profiles: Profiles;
  readonly clock: Clock;
  readonly log: Logger;
  /** Event data at most, in bytes, for one webhook in one load. */
  readonly maxBytes: number;
  readonly queueOf: (webhookId: string) => WebhookQueue | undefined;
  /** Makes or updates the queue of an active webhook; undefined if another node owns it. */
  readonly accept: (webhook: LiveWebhook) => WebhookQueue | undefined;
  /** The webhook isn't active now, or isn't at all. */
  readonly refuse: (webhookId: string) => void;
  readonly onLoaded: (queue: WebhookQueue) => void;
  /** Something will be due then, in milliseconds since 1970. */
  readonly wakeAt: (webhookId: string, at: number) => void;
}

const WEBHOOKS_PER_LOAD = 100;
// What one load may bring at most, shared by the webhooks that ask: its rows are all in memory at once.
const ROWS_PER_LOAD = 20_000;
const BYTES_PER_LOAD = 64 * 1024 * 1024;
const RETRY_MS = 1_000;

/** Reads what is due from the database into the queues, one load at a time, for as many webhooks as ask. */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #wanted = new Set<string>();
  readonly #firstOfKeys: FirstOfKeys;
  /** Of these, the webhook itself is read again as well. */
  readonly #stale = new Set<string>();
  /** Being read at this moment, perhaps as they were before a change. */
  #reading: readonly string[] = [];
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#firstOfKeys = new FirstOfKeys({
      ...options,
      due: ({ webhookId, orderKey }) => this.wantFirst(webhookId, orderKey),
      loadAll: (webhookId) => this.want(webhookId),
    });
  }

  /** Asks for a webhook's deliveries, as something has changed. Asking often costs nothing. */
  want(webhookId: string): void {
    this.#options.queueOf(webhookId)?.progress.hearNews();
    this.goOn(webhookId);
  }

  /** Asks for what the last load has left. */
  goOn(webhookId: string): void {
    this.#wanted.add(webhookId);
    this.#running ??= this.#run();
  }

  /**
   * Asks for the delivery whose turn it is of those that must keep their order.
   *
   * @param at when it is due, in milliseconds since 1970, if that is known; null: now, as far as is known
   */
  wantFirst(webhookId: string, orderKey: string, at: number | null = null): void {
    const queue = this.#options.queueOf(webhookId);
    if (at !== null) this.#firstOfKeys.wantAt({ webhookId, orderKey }, at);
    else if (!queue?.webhook) this.want(webhookId);
    // Those of others have waited for longer: the next load finds this one too, in its place.
    else if (!queue.hasAmpleRoom) queue.skip();
    else {
      this.#firstOfKeys.want({ webhookId, orderKey });
      this.#running ??= this.#run();
    }
  }

  /** Asks for the webhook itself too; until it is read, nothing more is sent to it. */
  wantFresh(webhookId: string): void {
    const queue = this.#options.queueOf(webhookId);
    queue?.stop();
    this.#stale.add(webhookId);
    this.want(webhookId);
  }

  /** Whether a webhook is being read now: who changes it meanwhile asks for it again. */
  isReading(webhookId: string): boolean {
    return this.#reading.includes(webhookId);
  }

  /** Begins no further load, and waits for the one under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#firstOfKeys.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Whoever asks in this turn of the event loop shares the first load.
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.#stopped && (this.#wanted.size > 0 || this.#firstOfKeys.isWanted)) {
      const ids = [...this.#wanted].slice(0, WEBHOOKS_PER_LOAD);
      for (const id of ids) this.#wanted.delete(id);
      try {
        if (this.#firstOfKeys.isWanted) await this.#firstOfKeys.load();
        if (ids.length > 0) await this.#load(ids);
      } catch (error) {
        this.#options.log.warn(logged(error), 'deliveries could not be read; trying again');
        for (const id of ids) this.#wanted.add(id);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.#running = undefined;
  }

  async #load(ids: readonly string[]): Promise<void> {
    // What asked to go on may have been loaded since.
    const active = (await this.#refreshed(ids)).filter(
      (queue) => queue.webhook && queue.progress.isIncomplete,
    );
    await this.#dropSuperseded(active);
    const queues = active.filter((queue) => queue.room > 0);
    for (const queue of active) if (queue.room <= 0) queue.skip();
    for (const queue of queues) queue.beginLoad();
    try {
      if (queues.length > 0) await this.#fill(queues);
    } catch (error) {
      for (const queue of queues) queue.endLoad(true);
      throw error;
    }
    for (const queue of active) {
      this.#options.onLoaded(queue);
      if (!queue.webhook) continue;
      // Something came while it was read, or not all was looked at, and nothing is under way whose end would ask for it.
      if ((queue.behind && queue.isWaiting) || queue.isUnfinished) this.goOn(queue.id);
      if (queue.doubtful && queue.room > 0) this.want(queue.id);
    }
  }

  /** Of what was published elsewhere this may be all that is heard: there may be no room to read it, or much before it. */
  async #dropSuperseded(queues: readonly WebhookQueue[]): Promise<void> {
    const unique = queues.flatMap((queue) => queue.queuedUnique());
    if (unique.length === 0) return;
    const superseded = await findSuperseded(this.#options.database, unique);
    for (const queue of queues) queue.drop(superseded);
  }

  /** The queues of these webhooks, with the webhooks read again where they are unknown or have changed. */
  async #refreshed(ids: readonly string[]): Promise<WebhookQueue[]> {
    const { queueOf, accept, refuse } = this.#options;
    const unread = ids.filter((id) => this.#stale.delete(id) || !queueOf(id)?.webhook);
    this.#reading = unread;
    try {
      const webhooks = unread.length > 0 ? await readLiveWebhooks(this.#options, unread) : new Map();
      for (const id of unread) {
        const webhook = webhooks.get(id);
        // Changed once more while it was read: the next load reads it again.
        if (this.#stale.has(id)) continue;
        if (!webhook || !accept(webhook)) refuse(id);
      }
    } catch (error) {
      for (const id of unread) this.#stale.add(id);
      throw error;
    } finally {
      this.#reading = [];
    }
    return ids.flatMap((id) => queueOf(id) ?? []);
  }

  async #fill(queues: readonly WebhookQueue[]): Promise<void> {
    const { database, clock } = this.#options;
    const now = new Date(clock.now()).toISOString();
    const rowsEach = Math.floor(ROWS_PER_LOAD / queues.length);
    const bytesEach = Math.min(this.#options.maxBytes, Math.floor(BYTES_PER_LOAD / queues.length));
    // What is held is still pending in the database, and comes first there.
    const asked = queues.map((queue) => ({
      webhookId: queue.id,
      priority: queue.webhook?.priority ?? 0,
      limit: Math.min(queue.room, rowsEach) + queue.held,
      after: queue.progress.after,
      maxBytes: bytesEach + queue.heldBytes,
      whole: Boolean(queue.webhook?.batch),
      holds: (deliveryId: string) => queue.holds(deliveryId),
    }));
    const due = await readDue(database, asked, now);
    const complete: string[] = [];
    for (const queue of queues) {
      const { rows = [], isAll = false, end } = due.get(queue.id) ?? {};
      queue.endLoad(!isAll, rows.map(deliveryFromRow), end);
      if (!queue.behind) complete.push(queue.id);
    }
    if (complete.length === 0) return;
    // Asked anew: what was published meanwhile has announced itself, and would only have us load once more.
    const later = new Date(clock.now()).toISOString();
    for (const next of await findNextDue(database, complete, { after: now, untriedAfter: later })) {
      this.#options.wakeAt(next.webhookId, next.nextDueAt);
    }
  }
}
