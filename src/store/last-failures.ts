import type { Queryable } from '../db/database.ts';

/** The last attempt of a webhook that failed. */
export interface LastFailureRow extends Record<string, unknown> {
  webhookId: string;
  deliveryId: string;
  startedAt: Date;
  failureCode: string;
  failureReason: string;
  failureParams: Record<string, string | number> | null;
  statusCode: number | null;
}

/**
 * Why these webhooks fail. Attempts aren't kept by webhook, so it is looked for where it is: in the newest deliveries; as there
 * may be a backlog of what was never tried, in those made just before the first failure, and those that wait longest for their
 * next attempt; and in those that have raised alerts.
 */
export async function readLastFailures(
  db: Queryable,
  webhookIds: readonly string[],
): Promise<LastFailureRow[]> {
  const { rows } = await db.query<LastFailureRow>(
    `select w.id as "webhookId", a.delivery_id as "deliveryId", a.started_at as "startedAt",
       a.failure_code as "failureCode", a.failure_reason as "failureReason",
       a.failure_params as "failureParams", a.status_code as "statusCode"
     from waybill.webhooks w
     cross join lateral (
       select d.account_id, d.id
       from (
         (select * from waybill.deliveries where webhook_id = w.id order by id desc limit 100)
         union all
         (select * from waybill.deliveries
          where webhook_id = w.id and id < waybill.uuid_at(w.first_failure_at + interval '1 millisecond')
          order by id desc limit 100)
         union all
         (select * from waybill.deliveries
          where webhook_id = w.id and status = 'pending' order by due_at desc, id desc limit 20)
         union all
         (select raised.* from waybill.alerts a
          join waybill.deliveries raised on raised.account_id = a.account_id and raised.id = a.delivery_id
          where a.webhook_id = w.id and a.resolved_at is null)
       ) d
       where d.last_attempt_at is not null and d.status <> 'delivered'
         -- What failed before something arrived says nothing; an attempt takes two minutes at most.
         and (w.first_failure_at is null or d.last_attempt_at >= w.first_failure_at - interval '3 minutes')
       order by d.last_attempt_at desc limit 1
     ) last
     cross join lateral (
       select * from waybill.attempts
       where account_id = last.account_id and delivery_id = last.id and outcome = 'failed'
       order by id desc limit 1
     ) a
     where w.id = any($1::uuid[])`,
    [[...webhookIds]],
  );
  return rows;
}
