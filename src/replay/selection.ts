import { compileSelection, passes } from '../condition/chosen-filters.ts';
import type { Condition } from '../condition/condition.ts';
import type { Queryable } from '../db/database.ts';
import { matchesPattern } from '../event-pattern.ts';
import { readMissedEvents } from '../store/missed-events.ts';
import { type ReplayEventRow, readReplayEvents } from '../store/replay-events.ts';
import type { ReplayFilter } from '../store/replays.ts';
import type { WebhookRow } from '../store/webhooks.ts';

/** Of data that a condition or filters are to judge; thousands of large events don't fit in memory at once. */
const PORTION_BYTES = 8 * 1024 * 1024;

/** A portion of the events that are sent again. */
export interface Portion {
  /** Those the webhook wants. */
  readonly events: readonly ReplayEventRow[];
  /** The last one that was looked at; null: there is no more. */
  readonly cursor: string | null;
}

/**
 * Reads the next portion of what a filter selects, of the events the webhook would get now: fewer than `limit` where their
 * data is large.
 *
 * @param withPending whether events are read too that it is about to get anyway
 */
export async function readPortion(
  db: Queryable,
  webhook: WebhookRow,
  filter: ReplayFilter,
  cursor: string | null,
  limit: number,
  nowMs: number,
  withPending = false,
): Promise<Portion> {
  const key = { accountId: webhook.accountId, webhookId: webhook.id };
  const read = filter.lastStatus === 'missed' ? readMissedEvents : readReplayEvents;
  const withData = webhook.condition !== null || Object.keys(webhook.filters).length > 0;
  const rows = await read(db, key, filter, { cursor, limit, maxBytes: PORTION_BYTES, withData, withPending });
  const wants = wantingOf(webhook, filter.types, nowMs);
  const last = rows.at(-1);
  const more = last !== undefined && (last.found === limit || rows.length < last.found);
  return { events: rows.filter(wants), cursor: more ? last.id : null };
}

function wantingOf(webhook: WebhookRow, types: readonly string[], nowMs: number) {
  const { filters } = webhook;
  const selection = compileSelection({ filters, condition: webhook.condition as Condition | null });
  return ({ type, channel, data }: ReplayEventRow): boolean => {
    const covers = (patterns: readonly string[]): boolean =>
      patterns.some((one) => matchesPattern(one, type));
    if (!covers(webhook.events) || (types.length > 0 && !covers(types))) return false;
    const { channels } = webhook;
    if (channels.length > 0 && (channel === null || !channels.includes(channel))) return false;
    return selection === undefined || passes(selection, JSON.parse(data), nowMs);
  };
}
