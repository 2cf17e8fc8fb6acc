import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { type DueRow, loadFirstOfKeys, type OrderKey } from '../store/due.ts';
import { batchOf, deliveryFromRow, type QueuedDelivery } from './delivery.ts';
import { WakeUps } from './wake-ups.ts';
import type { WebhookQueue } from './webhook-queue.ts';

export interface FirstOfKeysOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly queueOf: (webhookId: string) => WebhookQueue | undefined;
  readonly onLoaded: (queue: WebhookQueue) => void;
  /** The first of a key is due now. */
  readonly due: (key: OrderKey) => void;
  /** Something of the webhook is due then, in milliseconds since 1970. */
  readonly wakeAt: (webhookId: string, at: number) => void;
  /** The first of a key can't be taken by itself. */
  readonly loadAll: (webhookId: string) => void;
}

const KEYS_PER_LOAD = 500;
const BYTES_PER_LOAD = 16 * 1024 * 1024;
// Of more keys that wait for a retry only their webhook is known.
const MAX_LATER = 10_000;

/**
 * Of what must keep its order, reads the delivery whose turn it is now that the one before has ended, or that was published
 * just now. A walk over all that is due would find it too, but would look at all that waits behind it, each time.
 */
export class FirstOfKeys {
  readonly #options: FirstOfKeysOptions;
  /** By webhook. */
  readonly #wanted = new Map<string, Set<string>>();
  readonly #later: WakeUps;

  constructor(options: FirstOfKeysOptions) {
    this.#options = options;
    this.#later = new WakeUps(options.clock, (name) => options.due(keyOfName(name)));
  }

  get isWanted(): boolean {
    return this.#wanted.size > 0;
  }

  want({ webhookId, orderKey }: OrderKey): void {
    const keys = this.#wanted.get(webhookId) ?? new Set();
    this.#wanted.set(webhookId, keys.add(orderKey));
  }

  /** The same once its time has come. @param at milliseconds since 1970 */
  wantAt(key: OrderKey, at: number): void {
    if (this.#later.size < MAX_LATER) this.#later.set(nameOf(key), at);
    else this.#options.wakeAt(key.webhookId, at);
  }

  stop(): void {
    this.#later.clear();
  }

  /** Queues the first of some of the keys that are wanted. @throws the driver's error; then they are still wanted */
  async load(): Promise<void> {
    const keys = this.#takeSome();
    const queues = [...new Set(keys.map(({ webhookId }) => webhookId))].flatMap((id) => this.#open(id));
    const asked = keys.filter(({ webhookId }) => queues.some(({ id }) => id === webhookId));
    if (asked.length === 0) return;
    for (const queue of queues) queue.beginLoadOfKeys();
    let rows: readonly DueRow[] = [];
    try {
      rows = await loadFirstOfKeys(this.#options.database, asked, BYTES_PER_LOAD);
    } catch (error) {
      for (const key of asked) this.want(key);
      throw error;
    } finally {
      const rowsOf = Map.groupBy(rows, ({ webhookId }) => webhookId);
      for (const queue of queues) queue.endLoadOfKeys(this.#dueOf(queue, rowsOf.get(queue.id) ?? []));
    }
    if (isCut(rows)) for (const key of asked) if (!rows.some((row) => isOf(row, key))) this.want(key);
    for (const queue of queues) this.#options.onLoaded(queue);
  }

  #takeSome(): OrderKey[] {
    const all = [...this.#wanted].flatMap(([webhookId, keys]) =>
      [...keys].map((orderKey) => ({ webhookId, orderKey })),
    );
    this.#wanted.clear();
    for (const key of all.splice(KEYS_PER_LOAD)) this.want(key);
    return all;
  }

  /** The queue of a webhook, if it may be sent to and has room. */
  #open(webhookId: string): WebhookQueue[] {
    const queue = this.#options.queueOf(webhookId);
    if (!queue?.webhook) return [];
    if (queue.room > 0) return [queue];
    queue.skip();
    return [];
  }

  #dueOf(queue: WebhookQueue, rows: readonly DueRow[]): QueuedDelivery[] {
    const { clock, loadAll } = this.#options;
    const due: QueuedDelivery[] = [];
    for (const row of rows) {
      const dueAt = row.dueAt.getTime();
      const isPart = queue.webhook?.batch && batchOf({ id: row.deliveryId, batchId: row.batchId }) !== null;
      if (queue.holds(row.deliveryId)) continue;
      if (dueAt > clock.now()) this.wantAt({ webhookId: queue.id, orderKey: row.orderKey as string }, dueAt);
      // A batch that is tried again goes whole.
      else if (isPart) loadAll(queue.id);
      else due.push(deliveryFromRow(row));
    }
    return due;
  }
}

/** Whether more data was to be read than may be at once. */
function isCut(rows: readonly DueRow[]): boolean {
  return rows.reduce((bytes, { data }) => bytes + Buffer.byteLength(data), 0) >= BYTES_PER_LOAD;
}

function isOf(row: DueRow, { webhookId, orderKey }: OrderKey): boolean {
  return row.webhookId === webhookId && row.orderKey === orderKey;
}

/** The id of a webhook has no space in it. */
function nameOf({ webhookId, orderKey }: OrderKey): string {
  return `${webhookId} ${orderKey}`;
}

function keyOfName(name: string): OrderKey {
  const space = name.indexOf(' ');
  return { webhookId: name.slice(0, space), orderKey: name.slice(space + 1) };
}
