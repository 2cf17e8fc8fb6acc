import type { Queryable } from '../db/database.ts';

/** How much waits, and since when the one that has waited longest could have been sent. */
export interface AccountBacklog extends Record<string, unknown> {
  /** Counted to `limit` at most. */
  pending: number;
  /** Of these, those of webhooks that are paused or disabled. */
  held: number;
  /** Of the others. */
  oldestDueAt: Date | null;
}

/** What waits for the webhooks of an account. @param limit more than this many aren't counted */
export async function readAccountBacklog(
  db: Queryable,
  accountId: string | null,
  limit: number,
): Promise<AccountBacklog> {
  const { rows } = await db.query<AccountBacklog>(
    `select
       waiting.pending, waiting.held,
       (select min(first.due_at) from waybill.webhooks w
          cross join lateral (
            select d.due_at from waybill.deliveries d
            where d.webhook_id = w.id and d.status = 'pending' order by d.due_at limit 1
          ) first
        where (w.account_id = $1::text or $1::text is null) and w.status = 'active') as "oldestDueAt"
     from (
       select count(*)::integer as pending, (count(*) filter (where counted.status <> 'active'))::integer as held
       from (
         select w.status from waybill.webhooks w
         join waybill.deliveries d on d.webhook_id = w.id and d.status = 'pending'
         where w.account_id = $1::text or $1::text is null limit $2::integer
       ) counted
     ) waiting`,
    [accountId, limit],
  );
  return rows[0] as AccountBacklog;
}

/** When the next delivery of each webhook of an account is due, or has been; those for which nothing waits are missing. */
export async function listNextDue(
  db: Queryable,
  accountId: string,
): Promise<{ webhookId: string; dueAt: Date }[]> {
  const { rows } = await db.query<{ webhookId: string; dueAt: Date }>(
    `select w.id as "webhookId", first.due_at as "dueAt" from waybill.webhooks w
     cross join lateral (
       select d.due_at from waybill.deliveries d
       where d.webhook_id = w.id and d.status = 'pending' order by d.due_at limit 1
     ) first
     where w.account_id = $1::text and w.deleted_at is null`,
    [accountId],
  );
  return rows;
}
