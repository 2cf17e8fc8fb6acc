import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { LOCK_TIMEOUT, logged, sqlState } from '../db/outage.ts';
import { newId } from '../ids.ts';
import { forgetMissed } from '../store/missed-events.ts';
import type { ReplayEventRow } from '../store/replay-events.ts';
import {
  advanceReplay,
  type DueReplay,
  findNextReplayTime,
  insertReplayDeliveries,
  postponeReplay,
  type ReplayDelivery,
  type ReplayRow,
  takeDueReplay,
} from '../store/replays.ts';
import { lockUniqueKeys, newestOfEachKey, supersede } from '../store/unique.ts';
import { findWebhook, type WebhookRow } from '../store/webhooks.ts';
import { readPortion } from './selection.ts';

export interface ReplayRunnerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** A webhook has got deliveries that are due. */
  readonly due: (webhookId: string) => Promise<void>;
}

/** Other nodes begin replays too, of which this one isn't told. */
const EVERY_MS = 1_000;
// Of a high rate some deliveries are made at once rather than each at its own time.
const LOOK_GAP_MS = 100;
// For a transaction that publishes about the same; one that stays open for longer is come back to.
const PATIENCE_MS = 200;
const EVENTS_PER_STEP = 500;
// What a step that comes later than that could have made is forgone: nothing is saved up while no node runs.
const MAX_LATE_SECONDS = 0.5;

/** Takes the steps of replays that are due, one after the other, on whichever node comes first. */
export class ReplayRunner {
  readonly #options: ReplayRunnerOptions;
  #running: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;
  #stopped = true;

  constructor(options: ReplayRunnerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopped = false;
    this.#arm();
  }

  /** Begins no further step, and waits for the one under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  /** A replay has been made here: it needn't wait for the next look. */
  poke(): void {
    if (!this.#stopped) this.#running = this.#running.then(() => this.#run());
  }

  /** @param nextAt when the next step is due; undefined: as far as is known, none is */
  #arm(nextAt?: number): void {
    this.#cancel();
    if (this.#stopped) return;
    const { clock } = this.#options;
    const now = clock.now();
    const at = Math.min(now + EVERY_MS, Math.max(now + LOOK_GAP_MS, nextAt ?? now + EVERY_MS));
    this.#cancel = clock.schedule(at, () => this.poke());
  }

  async #run(): Promise<void> {
    let nextAt: number | undefined;
    try {
      while (!this.#stopped && (await this.#step()));
      if (!this.#stopped) nextAt = await findNextReplayTime(this.#options.database);
    } catch (error) {
      this.#options.log.warn(logged(error), 'a replay could not go on; it is tried again');
    }
    this.#arm(nextAt);
  }

  /** Returns whether there was anything to do. */
  async #step(): Promise<boolean> {
    const { database, clock, due } = this.#options;
    const now = clock.now();
    let replay: ReplayRow | undefined;
    try {
      replay = await database.transaction((tx) => takeNextStep(tx, now));
    } catch (error) {
      if (!(error instanceof HeldUp)) throw error;
      // A transaction that publishes about the same stays open: other replays go on meanwhile.
      await postponeReplay(database, error.replayId, isoOf(now + EVERY_MS));
      return true;
    }
    if (replay) await due(replay.webhookId);
    return replay !== undefined;
  }
}

/** Another transaction has one of the unique items of the step: nothing of it is kept. */
class HeldUp extends Error {
  readonly replayId: string;

  constructor(replayId: string, cause: unknown) {
    super('another transaction publishes about the same', { cause });
    this.replayId = replayId;
  }
}

/** The replay whose step was taken. @throws HeldUp */
async function takeNextStep(tx: Queryable, now: number): Promise<ReplayRow | undefined> {
  const replay = await takeDueReplay(tx, isoOf(now));
  if (!replay) return undefined;
  const webhook = await findWebhook(tx, replay.accountId, replay.webhookId);
  await (webhook && webhook.status !== 'disabled'
    ? takeStep(tx, replay, webhook, now)
    : end(tx, replay, now));
  return replay;
}

/** Nothing can be made for a webhook that is disabled or gone. */
function end(tx: Queryable, { id }: ReplayRow, now: number): Promise<void> {
  const none = { made: 0, cursor: null, takenSeconds: 0, lateSeconds: 0 };
  return advanceReplay(tx, id, { ...none, status: 'cancelled', now: isoOf(now) });
}

async function takeStep(tx: Queryable, replay: DueReplay, webhook: WebhookRow, now: number): Promise<void> {
  const { ratePerSecond } = replay;
  const filter = { ...replay, from: replay.from.toISOString(), until: replay.until.toISOString() };
  // Of unique items also what is pending: what is older than that isn't sent after it, should it arrive this moment.
  const { unique } = webhook;
  const portion = await readPortion(tx, webhook, filter, replay.cursor, allowance(replay), now, unique);
  const made = await makeDeliveries(tx, replay, webhook, portion.events, isoOf(now));
  await advanceReplay(tx, replay.id, {
    made,
    cursor: portion.cursor,
    takenSeconds: ratePerSecond === null ? 0 : made / ratePerSecond,
    lateSeconds: ratePerSecond === null ? 0 : MAX_LATE_SECONDS,
    status: portion.cursor === null ? 'done' : 'running',
    now: isoOf(now),
  });
  if (portion.cursor === null && replay.missedOf !== null) {
    await forgetMissed(tx, webhook.id, replay.missedOf.toISOString(), isoOf(now));
  }
}

/** How many deliveries may be made now: the one that is due, and those the rate allows in the time it is late by. */
function allowance({ ratePerSecond, lateSeconds }: DueReplay): number {
  if (ratePerSecond === null) return EVENTS_PER_STEP;
  const late = Math.min(lateSeconds, MAX_LATE_SECONDS);
  return Math.min(EVENTS_PER_STEP, 1 + Math.floor(late * ratePerSecond));
}

async function makeDeliveries(
  tx: Queryable,
  replay: ReplayRow,
  webhook: WebhookRow,
  events: readonly ReplayEventRow[],
  now: string,
): Promise<number> {
  const pending = new Set(events.filter(({ isPending }) => isPending).map(({ id }) => id));
  const newest = newestOfEachKey(events.map((event) => deliveryOf(event, webhook)));
  const deliveries = newest.filter(({ eventId }) => !pending.has(eventId));
  if (deliveries.length === 0) return 0;
  const unique = deliveries.filter(({ uniqueKey }) => uniqueKey !== null);
  if (unique.length > 0) {
    await lockUniqueKeys(tx, unique, PATIENCE_MS).catch((error: unknown) => {
      throw sqlState(error) === LOCK_TIMEOUT ? new HeldUp(replay.id, error) : error;
    });
  }
  const made = await insertReplayDeliveries(tx, replay, deliveries, now);
  // What waits for their keys is of older events: this replay's own of the step before, or what was sent again by hand.
  const taking = unique.filter(({ id }) => made.has(id));
  if (taking.length > 0) await supersede(tx, taking, now);
  return made.size;
}

function deliveryOf(
  { id, type, subject }: ReplayEventRow,
  webhook: WebhookRow,
): ReplayDelivery & { webhookId: string } {
  return {
    id: newId(),
    webhookId: webhook.id,
    eventId: id,
    orderKey: webhook.ordering === 'subject' ? subject : null,
    uniqueKey: webhook.unique && subject !== null ? `${type} ${subject}` : null,
  };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
