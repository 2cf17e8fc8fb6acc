import type { Queryable } from '../db/database.ts';
import { type DisabledReason, setDisabledAt } from './webhooks.ts';

/** Disables a webhook that can't be sent to at this URL, unless it has another by now. Returns whether it did. */
export async function disableWebhook(
  db: Queryable,
  failed: {
    readonly accountId: string;
    readonly webhookId: string;
    readonly url: string;
    /** ISO 8601. */
    readonly at: string;
  },
  reason: Exclude<DisabledReason, 'request'>,
): Promise<boolean> {
  const { rows } = await db.query(
    `with changed as (
       update waybill.accounts set webhooks_version = webhooks_version + 1 where id = $1::text
     )
     update waybill.webhooks w
     set status = 'disabled', disabled_reason = $4::text, ${setDisabledAt('$5', 'true')},
       revision = w.revision + 1, updated_at = now()
     where account_id = $1::text and id = $2::uuid and url = $3::text and deleted_at is null
       and status <> 'disabled'
     returning id`,
    [failed.accountId, failed.webhookId, failed.url, reason, failed.at],
  );
  return rows.length > 0;
}

/**
 * Counts deliveries that were given up, and marks the webhook as failing once there are enough in a row.
 *
 * @returns how many there are in a row; undefined if the webhook is gone
 */
export async function countExhausted(
  db: Queryable,
  given: {
    readonly accountId: string;
    readonly webhookId: string;
    readonly count: number;
    readonly after: number;
    /** Whether it is marked at all. */
    readonly mark: boolean;
    /** ISO 8601. */
    readonly at: string;
  },
): Promise<number | undefined> {
  const { rows } = await db.query<{ exhausted: number }>(
    `update waybill.webhooks w
     set exhausted = w.exhausted + $3::integer,
       health = case when marked.now then 'failing' else w.health end,
       failing_since = case when marked.now and w.health = 'healthy' then $6::timestamptz else w.failing_since end
     from (
       select id, $5::boolean and exhausted + $3::integer >= $4::integer as now
       from waybill.webhooks where account_id = $1::text and id = $2::uuid and deleted_at is null
       for update
     ) marked
     where w.id = marked.id
     returning w.exhausted`,
    [given.accountId, given.webhookId, given.count, given.after, given.mark, given.at],
  );
  return rows[0]?.exhausted;
}

/** Attempts to a webhook that failed, none having arrived in between. */
export interface FailureRunRow extends Record<string, unknown> {
  webhookId: string;
  /** When the first one failed, and when somebody was warned. */
  since: Date;
  warnedAt: Date | null;
  /** How long it may last; 0: for ever; null: as the instance says. */
  disableAfterDays: number | null;
}

/**
 * Writes when webhooks began to fail, unless that is written already. Of failures that ended before something arrived nothing
 * is written. Webhooks that have no others are missing from what is returned, and so are those that are disabled, deleted,
 * or lead elsewhere by now.
 */
export async function noteFailures(
  db: Queryable,
  failures: readonly { readonly webhookId: string; readonly url: string; readonly endedAt: string }[],
): Promise<FailureRunRow[]> {
  const { rows } = await db.query<FailureRunRow>(
    `update waybill.webhooks w
     set first_failure_at = coalesce(w.first_failure_at, f.since)
     from (
       select one.id, one.url, min(one.at) as since
       from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as one (id, url, at)
       join waybill.webhooks known on known.id = one.id and coalesce(known.failures_from <= one.at, true)
       group by one.id, one.url
     ) f
     where w.id = f.id and w.url = f.url and w.deleted_at is null and w.status <> 'disabled'
       and coalesce(w.failures_from <= f.since, true)
     returning w.id as "webhookId", w.first_failure_at as since, w.failures_warned_at as "warnedAt",
       w.disable_after_days as "disableAfterDays"`,
    [
      failures.map(({ webhookId }) => webhookId),
      failures.map(({ url }) => url),
      failures.map(({ endedAt }) => endedAt),
    ],
  );
  return rows;
}

/** Somebody has been warned that nothing but failures happens to the webhook. */
export async function markWarned(db: Queryable, id: string, at: string): Promise<void> {
  await db.query('update waybill.webhooks set failures_warned_at = $2::timestamptz where id = $1::uuid', [
    id,
    at,
  ]);
}
