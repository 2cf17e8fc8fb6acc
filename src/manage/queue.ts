import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { notFound } from '../errors.ts';
import { fromWireId, toWireId } from '../ids.ts';
import {
  listQueueDepths,
  MAX_COUNTED,
  MAX_COUNTED_OF_WEBHOOK,
  type PriorityDepthRow,
  type QueueDepthRow,
  type QueueFilter,
  readPriorityDepths,
} from '../store/queue-depth.ts';
import {
  listQueuedByPriority,
  listQueuedDeliveries,
  type QueuedDeliveryRow,
} from '../store/queued-deliveries.ts';
import type { WebhookStatus } from '../store/webhooks.ts';
import { type DeliveryView, deliveryView } from './delivery-view.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readPage } from './page.ts';

/** What waits to be sent. */
export interface Depth {
  /** Deliveries that haven't ended: those held, those due now, and those that wait for a retry. */
  pending: number;
  /** Those of webhooks that are paused or disabled: they wait for these, be it their time or not. */
  held: number;
  due: number;
  waiting: number;
  /** How long the oldest has been due, the held ones apart; null: none is. */
  oldestDueAgeSeconds: number | null;
}

export interface WebhookDepth extends Depth {
  webhookId: string;
  account: string;
  status: WebhookStatus;
  priority: number;
  /** Requests under way; null: another node sends for it. */
  underWay: number | null;
  /** Whether all was counted; false: there are at least so many. */
  exact: boolean;
}

export interface QueueView {
  total: Depth & { exact: boolean };
  /** Highest first; those that have nothing are missing. */
  priorities: (Depth & { priority: number })[];
  webhooks: Page<WebhookDepth>;
}

/** A delivery that waits. Ids are those of the wire. */
export type QueuedDeliveryView = Omit<DeliveryView, 'priority'> & {
  account: string;
  webhookName: string;
  webhookStatus: WebhookStatus;
  /** Its own, else that of its webhook. */
  priority: number;
  /** Whether it has one of its own. */
  hasOwnPriority: boolean;
  /** Of a webhook with unique items: there waits no other with it. */
  uniqueKey: string | null;
};

/** Ids are those of the wire. */
export interface QueueQuery {
  account?: string | undefined;
  webhookId?: string | undefined;
  priority?: number | undefined;
}

/** By when it is due; or the highest priority first, and what is held by its webhook last. */
export const QUEUE_ORDERS = ['due', 'priority'] as const;
export type QueueOrder = (typeof QUEUE_ORDERS)[number];

export interface QueueOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Requests under way to a webhook; null: another node sends for it. */
  readonly underWay: (webhookId: string, lane: number) => number | null;
}

/** What waits, for whom and how long. */
export class Queue {
  readonly #options: QueueOptions;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** @throws WaybillError `not_found` for what can't be a webhook */
  async read(query: QueueQuery = {}, request: PageRequest = {}): Promise<QueueView> {
    const { database, clock } = this.#options;
    const filter = filterOf(query);
    const nowMs = clock.now();
    const now = new Date(nowMs).toISOString();
    const rows = await readPriorityDepths(database, filter, now);
    const webhooks = await readPage(
      request,
      (after, limit) => listQueueDepths(database, filter, now, after, limit),
      (row) => this.#webhookDepth(row, nowMs),
    );
    const priorities = rows.map((row) => ({ priority: row.priority, ...depthOf(row, nowMs) }));
    return { total: totalOf(rows, nowMs), priorities, webhooks };
  }

  /** What waits. @throws WaybillError `not_found` for what can't be a webhook */
  async deliveries(
    { order = 'due', ...query }: QueueQuery & { order?: QueueOrder | undefined } = {},
    request: PageRequest = {},
  ): Promise<Page<QueuedDeliveryView>> {
    const limit = request.limit ?? DEFAULT_LIMIT;
    const rows = await this.#waiting(order, filterOf(query), request.after, limit + 1);
    const shown = rows.slice(0, limit);
    const next = rows.length > limit ? (shown.at(-1)?.position ?? null) : null;
    return { items: shown.map(queuedDeliveryView), next };
  }

  #waiting(order: QueueOrder, filter: QueueFilter, after: string | null | undefined, limit: number) {
    const { database } = this.#options;
    const parts = after ? after.split('_') : null;
    if (order === 'due') {
      const [dueAtMicros = '', id = ''] = parts ?? [];
      return listQueuedDeliveries(database, filter, parts && { dueAtMicros, id }, limit);
    }
    const [held, priority, dueAtMicros = '', id = ''] = parts ?? [];
    const position = { held: held === '1', priority: Number(priority), dueAtMicros, id };
    return listQueuedByPriority(database, filter, parts && position, limit);
  }

  #webhookDepth(row: QueueDepthRow, nowMs: number): WebhookDepth {
    const pending = Math.min(row.pending, MAX_COUNTED_OF_WEBHOOK);
    const held = Math.min(row.held, pending);
    return {
      webhookId: toWireId('wh', row.id),
      account: row.accountId,
      status: row.status,
      priority: row.priority,
      ...depthOf({ ...row, pending, held, due: Math.min(row.due, pending) }, nowMs),
      underWay: this.#options.underWay(row.id, row.lane),
      exact: row.pending === pending,
    };
  }
}

function filterOf({ account, webhookId, priority }: QueueQuery): QueueFilter {
  const id = webhookId === undefined ? null : fromWireId('wh', webhookId);
  if (id === undefined) throw notFound('webhook');
  return { accountId: account ?? null, webhookId: id, priority: priority ?? null };
}

function queuedDeliveryView(row: QueuedDeliveryRow): QueuedDeliveryView {
  return {
    ...deliveryView(row),
    account: row.accountId,
    webhookName: row.webhookName,
    webhookStatus: row.webhookStatus,
    priority: row.priority ?? row.webhookPriority,
    hasOwnPriority: row.priority !== null,
    uniqueKey: row.uniqueKey,
  };
}

type Counted = Pick<PriorityDepthRow, 'pending' | 'held' | 'due' | 'oldestDueAt'>;

function depthOf({ pending, held, due, oldestDueAt }: Counted, nowMs: number): Depth {
  const ageMs = oldestDueAt && Math.max(0, nowMs - oldestDueAt.getTime());
  const oldestDueAgeSeconds = ageMs === null ? null : ageMs / 1000;
  return { pending, held, due, waiting: pending - held - due, oldestDueAgeSeconds };
}

function totalOf(rows: readonly PriorityDepthRow[], nowMs: number): Depth & { exact: boolean } {
  const pending = rows.reduce((sum, row) => sum + row.pending, 0);
  const held = rows.reduce((sum, row) => sum + row.held, 0);
  const due = rows.reduce((sum, row) => sum + row.due, 0);
  const oldest = rows.flatMap(({ oldestDueAt }) => (oldestDueAt ? [oldestDueAt] : []));
  const oldestDueAt = oldest.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
  const exact = pending <= MAX_COUNTED && !rows.some(({ hasMore }) => hasMore);
  return { ...depthOf({ pending, held, due, oldestDueAt }, nowMs), exact };
}
