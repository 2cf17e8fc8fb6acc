import type { Queryable } from '../db/database.ts';
import type { DisabledReason } from './webhooks.ts';

/** Disables a webhook that can't be sent to at this URL, unless it has another by now. Returns whether it did. */
export async function disableWebhook(
  db: Queryable,
  accountId: string,
  id: string,
  url: string,
  reason: Exclude<DisabledReason, 'request'>,
): Promise<boolean> {
  const { rows } = await db.query(
    `with changed as (
       update waybill.accounts set webhooks_version = webhooks_version + 1 where id = $1::text
     )
     update waybill.webhooks
     set status = 'disabled', disabled_reason = $4::text, revision = revision + 1, updated_at = now()
     where account_id = $1::text and id = $2::uuid and url = $3::text and deleted_at is null
       and status <> 'disabled'
     returning id`,
    [accountId, id, url, reason],
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
