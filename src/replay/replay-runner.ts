import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database, Queryable } from '../db/database.ts';
import { LOCK_TIMEOUT, logged, sqlState } from '../db/outage.ts';
import { newId } from '../ids.ts';
import { forgetMissed } from '../store/missed-events.ts';
import {
  advanceReplay,
  insertReplayDeliveries,
  postponeReplay,
  type ReplayDelivery,
  type ReplayEventRow,
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

const EVERY_MS = 1_000;
// For a transaction that publishes about the same; one that stays open for longer is come back to.
const PATIENCE_MS = 200;
const EVENTS_PER_STEP = 500;

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

  #arm(): void {
    if (this.#stopped) return;
    const { clock } = this.#options;
    this.#cancel = clock.schedule(clock.now() + EVERY_MS, () => {
      this.poke();
      void this.#running.then(() => this.#arm());
    });
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopped && (await this.#step()));
    } catch (error) {
      this.#options.log.warn(logged(error), 'a replay could not go on; it is tried again');
    }
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
  const at = isoOf(now);
  return advanceReplay(tx, id, { made: 0, cursor: null, nextAt: at, status: 'cancelled', now: at });
}

async function takeStep(tx: Queryable, replay: ReplayRow, webhook: WebhookRow, now: number): Promise<void> {
  const { ratePerSecond } = replay;
  // With a rate, one second's worth, or a single one if that is less.
  const limit = Math.min(
    EVENTS_PER_STEP,
    ratePerSecond === null ? EVENTS_PER_STEP : Math.max(1, ratePerSecond),
  );
  const filter = { ...replay, from: replay.from.toISOString(), until: replay.until.toISOString() };
  // Of unique items also what is pending: what is older than that isn't sent after it, should it arrive this moment.
  const portion = await readPortion(
    tx,
    webhook,
    filter,
    replay.cursor,
    Math.floor(limit),
    now,
    webhook.unique,
  );
  const made = await makeDeliveries(tx, replay, webhook, portion.events, isoOf(now));
  const restMs = ratePerSecond === null ? 0 : (made / ratePerSecond) * 1000;
  await advanceReplay(tx, replay.id, {
    made,
    cursor: portion.cursor,
    nextAt: isoOf(now + restMs),
    status: portion.cursor === null ? 'done' : 'running',
    now: isoOf(now),
  });
  if (portion.cursor === null && replay.missedOf !== null) {
    await forgetMissed(tx, webhook.id, replay.missedOf.toISOString(), isoOf(now));
  }
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
