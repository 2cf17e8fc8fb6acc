import { compileSelection, passes } from '../condition/chosen-filters.ts';
import type { Condition } from '../condition/condition.ts';
import type { Queryable } from '../db/database.ts';
import { matchesPattern } from '../event-pattern.ts';
import { readMissedEvents } from '../store/missed-events.ts';
import { type ReplayEventRow, type ReplayFilter, readReplayEvents } from '../store/replays.ts';
import type { WebhookRow } from '../store/webhooks.ts';

/** A portion of the events that are sent again. */
export interface Portion {
  /** Those the webhook wants. */
  readonly events: readonly ReplayEventRow[];
  /** The last one that was looked at; null: there is no more. */
  readonly cursor: string | null;
}

/**
 * Reads the next portion of what a filter selects, of the events the webhook would get now.
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
  const rows = await read(db, key, filter, { cursor, limit, withData, withPending });
  const wants = wantingOf(webhook, filter.types, nowMs);
  return { events: rows.filter(wants), cursor: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
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
