import type { Clock } from '../clock.ts';
import type { Queryable } from '../db/database.ts';
import { timeOfId } from '../ids.ts';
import { readPortion } from '../replay/selection.ts';
import type { ReplayFilter } from '../store/replays.ts';
import type { WebhookRow } from '../store/webhooks.ts';
import type { ReplayInput } from './replays.ts';

/** What a webhook has missed since it was disabled, and what to ask for to get it. Nothing is sent by itself. */
export interface Missed {
  /** When the first of these events was published, and until when they were looked for. */
  from: string;
  until: string;
  /** How many of them it would get now. */
  events: number;
  /** Whether that is all of them; false: there are at least so many. */
  exact: boolean;
  /** The body of `POST …/replay` that sends them. */
  replay: Pick<ReplayInput, 'from' | 'to' | 'status'>;
}

/** Nobody who enables a webhook waits for more to be looked at; of large events, whose portions are smaller, less. */
const MAX_LOOKED_AT = 10_000;
const PORTION = 500;
const EVER = new Date(0).toISOString();

/** What was found of the events of a range that a webhook has missed. */
interface Found {
  readonly events: number;
  /** The UUID of the first one. */
  readonly first: string | undefined;
  readonly exact: boolean;
}

/** Counts what a webhook, as it is now, has missed since it was disabled and was neither sent nor has declined since. */
export async function findMissed(db: Queryable, webhook: WebhookRow, clock: Clock): Promise<Missed> {
  const until = soon();
  const { events, first, exact } = await look(db, webhook, { from: EVER, until }, clock);
  const since = first === undefined ? (webhook.missedSince ?? new Date(until)) : timeOfId(first);
  const from = since.toISOString();
  return { from, until, events, exact, replay: { from, to: until, status: 'missed' } };
}

/** Whether a replay sends all that its webhook has missed. Where that would take long to say, it doesn't. */
export async function sendsAllMissed(
  db: Queryable,
  webhook: WebhookRow,
  filter: ReplayFilter,
  clock: Clock,
): Promise<boolean> {
  const { lastStatus, types, channel, subject } = filter;
  if (lastStatus !== 'missed' || types.length > 0 || channel !== null || subject !== null) return false;
  for (const range of [
    { from: EVER, until: filter.from },
    { from: filter.until, until: soon() },
  ]) {
    const { events, exact } = await look(db, webhook, range, clock);
    if (events > 0 || !exact) return false;
  }
  return true;
}

async function look(
  db: Queryable,
  webhook: WebhookRow,
  range: Pick<ReplayFilter, 'from' | 'until'>,
  clock: Clock,
): Promise<Found> {
  const filter: ReplayFilter = { ...range, types: [], channel: null, subject: null, lastStatus: 'missed' };
  let events = 0;
  let first: string | undefined;
  let cursor: string | null = null;
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += PORTION) {
    const portion = await readPortion(db, webhook, filter, cursor, PORTION, clock.now());
    first ??= portion.events[0]?.id;
    events += portion.events.length;
    cursor = portion.cursor;
    if (cursor === null) break;
  }
  return { events, first, exact: cursor === null };
}

/** Events are found by their ids, which are made by the system's clock. */
function soon(): string {
  return new Date(Date.now() + 1).toISOString();
}
