import { z } from 'zod';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/database.ts';
import { conflict, notFound } from '../errors.ts';
import { isEventPattern } from '../event-pattern.ts';
import { fromWireId, newId, toWireId } from '../ids.ts';
import { parseInput, timeSchema } from '../input.ts';
import { readPortion } from '../replay/selection.ts';
import { forgetMissed } from '../store/missed-events.ts';
import {
  findReplay,
  insertReplay,
  listReplays,
  type ReplayFilter,
  type ReplayRow,
  type ReplayStatus,
  setReplayStatus,
} from '../store/replays.ts';
import { findWebhook, lockWebhook, type WebhookRow } from '../store/webhooks.ts';
import { findMissed, type Missed, sendsAllMissed } from './missed.ts';
import { type Page, type PageRequest, readPage } from './page.ts';
import { perSecondSchema } from './rate.ts';
import { webhookDisabled } from './webhook-limits.ts';

const COUNT_PORTION = 1_000;
/** Beyond this nobody waits for the exact number. */
const MAX_COUNTED = 1_000_000;

/** Which events are sent to a webhook once more, and how fast. */
export const replaySchema = z
  .strictObject({
    /** Received from then on. */
    from: timeSchema,
    /** Received before then. Default: now. */
    to: timeSchema.optional(),
    /** Patterns of event types, of those the webhook wants. Default: all of them. */
    types: z
      .array(
        z.string().refine(isEventPattern, {
          message: 'must be a pattern of event types',
          params: { rule: 'event_pattern' },
        }),
      )
      .max(100)
      .default([]),
    channel: z.string().min(1).max(128).optional(),
    subject: z.string().min(1).max(256).optional(),
    /**
     * What became of the event at this webhook; `missing`: it was never sent there; `missed`: it was never sent there, or
     * cancelled, because the webhook was disabled, and nobody has declined it since. Default: whatever.
     */
    status: z.enum(['delivered', 'failed', 'cancelled', 'superseded', 'missing', 'missed']).optional(),
    /** Deliveries made a second at most. Default: as fast as it goes. */
    ratePerSecond: perSecondSchema.optional(),
    /** Only says how many there are. */
    dryRun: z.boolean().default(false),
  })
  .refine(({ from, to }) => to === undefined || Date.parse(from) < Date.parse(to), {
    message: 'must be later than from',
    params: { rule: 'later_than_from' },
    path: ['to'],
  });
export type ReplayInput = z.input<typeof replaySchema>;

export interface ReplayView {
  id: string;
  webhookId: string;
  status: ReplayStatus;
  /** How many events there were to send again when it began, and how many deliveries have been made. */
  total: number;
  made: number;
  from: string;
  to: string;
  types: string[];
  channel: string | null;
  subject: string | null;
  lastStatus: string | null;
  ratePerSecond: number | null;
  createdAt: string;
  endedAt: string | null;
}

export interface ReplaysOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Audit;
  /** A replay may go on now. */
  readonly poke: () => void;
}

const ACTION_OF = {
  running: 'replay.resumed',
  paused: 'replay.paused',
  cancelled: 'replay.cancelled',
} as const;

/** Events sent to a webhook once more. Ids are `rpl_…`. */
export class Replays {
  readonly #options: ReplaysOptions;

  constructor(options: ReplaysOptions) {
    this.#options = options;
  }

  /**
   * Begins a replay, or with `dryRun` only counts. Events that wait for the webhook already are left out, and so are
   * test events.
   *
   * @throws WaybillError `not_found`, `webhook_disabled` (409), `validation_failed`
   */
  async create(
    accountId: string,
    webhookWireId: string,
    input: ReplayInput,
  ): Promise<ReplayView | { count: number }> {
    const value = parseInput(replaySchema, input);
    const { database, clock, audit, poke } = this.#options;
    const webhook = await this.#webhook(accountId, webhookWireId);
    const now = new Date(clock.now()).toISOString();
    // Made before the end of the range: what is published while the events are counted is newer than the replay.
    const key = { id: newId(), accountId, webhookId: webhook.id };
    const filter: ReplayFilter = {
      from: new Date(value.from).toISOString(),
      // Events are found by their ids, which are made by the system's clock.
      until: new Date(value.to ?? Date.now() + 1).toISOString(),
      types: value.types,
      channel: value.channel ?? null,
      subject: value.subject ?? null,
      lastStatus: value.status ?? null,
    };
    const total = await this.#count(webhook, filter);
    if (value.dryRun) return { count: total };
    if (webhook.status === 'disabled') throw webhookDisabled();
    const all = total > 0 && (await sendsAllMissed(database, webhook, filter, clock));
    const missedOf = all ? webhook.disabledAt : null;
    const rest = { ratePerSecond: value.ratePerSecond ?? null, total, missedOf, now };
    const row = await database.transaction(async (tx) => {
      const made = await insertReplay(tx, key, filter, rest);
      const target = toWireId('rpl', made.id);
      await audit.record(tx, {
        account: accountId,
        action: 'replay.started',
        target,
        after: replayView(made),
      });
      return made;
    });
    poke();
    return replayView(row);
  }

  /** Newest first. */
  list(accountId: string, request: PageRequest = {}): Promise<Page<ReplayView>> {
    return readPage(
      request,
      (before, limit) => listReplays(this.#options.database, accountId, before, limit),
      replayView,
    );
  }

  /** @throws WaybillError `not_found` */
  async get(accountId: string, wireId: string): Promise<ReplayView> {
    return replayView(await this.#find(accountId, wireId));
  }

  /** Makes no more deliveries until it is resumed. @throws WaybillError `not_found`, `replay_ended` (409) */
  pause(accountId: string, wireId: string): Promise<ReplayView> {
    return this.#set(accountId, wireId, ['running', 'paused'], 'paused');
  }

  /** @throws WaybillError `not_found`, `replay_ended` (409) */
  async resume(accountId: string, wireId: string): Promise<ReplayView> {
    const view = await this.#set(accountId, wireId, ['running', 'paused'], 'running');
    this.#options.poke();
    return view;
  }

  /** Makes no more deliveries. Those it has made go their way. @throws WaybillError `not_found`, `replay_ended` (409) */
  cancel(accountId: string, wireId: string): Promise<ReplayView> {
    return this.#set(accountId, wireId, ['running', 'paused'], 'cancelled');
  }

  async #set(
    accountId: string,
    wireId: string,
    from: readonly ReplayStatus[],
    to: 'running' | 'paused' | 'cancelled',
  ): Promise<ReplayView> {
    const { database, clock, audit } = this.#options;
    const { id, status } = await this.#find(accountId, wireId);
    const now = new Date(clock.now()).toISOString();
    const row = await database.transaction(async (tx) => {
      const set = await setReplayStatus(tx, accountId, id, from, to, now);
      if (!set) throw conflict('replay_ended', 'The replay has ended. Begin a new one.');
      await audit.record(tx, {
        account: accountId,
        action: ACTION_OF[to],
        target: wireId,
        before: { status },
        after: { status: to },
      });
      return set;
    });
    return replayView(row);
  }

  /** What a webhook has missed since it was disabled, be it enabled again or not. @throws WaybillError `not_found` */
  async missed(accountId: string, webhookWireId: string): Promise<Missed> {
    const { database, clock } = this.#options;
    return findMissed(database, await this.#webhook(accountId, webhookWireId), clock);
  }

  /** What a webhook has missed until now is no longer offered, nor replayed as missed. @throws WaybillError `not_found` */
  async declineMissed(accountId: string, webhookWireId: string): Promise<void> {
    const { database, clock, audit } = this.#options;
    const id = fromWireId('wh', webhookWireId);
    const now = new Date(clock.now()).toISOString();
    await database.transaction(async (tx) => {
      const webhook = id && (await lockWebhook(tx, accountId, id));
      if (!webhook) throw notFound('webhook');
      await forgetMissed(tx, webhook.id, null, now);
      const action = 'webhook.missed-declined';
      await audit.record(tx, { account: accountId, action, target: webhookWireId });
    });
  }

  async #webhook(accountId: string, wireId: string): Promise<WebhookRow> {
    const id = fromWireId('wh', wireId);
    const row = id && (await findWebhook(this.#options.database, accountId, id));
    if (!row) throw notFound('webhook');
    return row;
  }

  async #find(accountId: string, wireId: string): Promise<ReplayRow> {
    const id = fromWireId('rpl', wireId);
    const row = id && (await findReplay(this.#options.database, accountId, id));
    if (!row) throw notFound('replay');
    return row;
  }

  async #count(webhook: WebhookRow, filter: ReplayFilter): Promise<number> {
    const { database, clock } = this.#options;
    let count = 0;
    let cursor: string | null = null;
    do {
      const portion = await readPortion(database, webhook, filter, cursor, COUNT_PORTION, clock.now());
      count += portion.events.length;
      cursor = portion.cursor;
    } while (cursor !== null && count < MAX_COUNTED);
    return count;
  }
}

function replayView(row: ReplayRow): ReplayView {
  return {
    id: toWireId('rpl', row.id),
    webhookId: toWireId('wh', row.webhookId),
    status: row.status,
    total: row.total,
    made: row.made,
    from: row.from.toISOString(),
    to: row.until.toISOString(),
    types: row.types,
    channel: row.channel,
    subject: row.subject,
    lastStatus: row.lastStatus,
    ratePerSecond: row.ratePerSecond,
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
