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

/** Nobody who enables a webhook waits for more to be looked at. */
const MAX_LOOKED_AT = 10_000;
const PORTION = 500;
const EVER = new Date(0).toISOString();

/** Counts what a webhook, as it is now, has missed since it was last disabled. */
export async function findMissed(db: Queryable, webhook: WebhookRow, clock: Clock): Promise<Missed> {
  // Events are found by their ids, which are made by the system's clock.
  const until = new Date(Date.now() + 1).toISOString();
  const nothing = { types: [], channel: null, subject: null };
  const filter: ReplayFilter = { ...nothing, from: EVER, until, lastStatus: 'missed' };
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
  const since = first === undefined ? (webhook.missedSince ?? new Date(0)) : timeOfId(first);
  const from = since.toISOString();
  return {
    from,
    until,
    events,
    exact: cursor === null,
    replay: { from, to: until, status: 'missed' },
  };
}
