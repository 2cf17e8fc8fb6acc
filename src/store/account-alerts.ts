import type { Queryable } from '../db/database.ts';
import type { AlertParams } from './alerts.ts';

/** Opens an alert about an account's daily limit; one that is open already counts it once a day. */
export async function raiseLimitAlert(
  db: Queryable,
  alert: {
    readonly id: string;
    readonly accountId: string;
    readonly message: string;
    readonly params: AlertParams;
    /** ISO 8601. */
    readonly at: string;
    /** `2026-03-13` */
    readonly day: string;
  },
): Promise<void> {
  await db.query(
    `insert into waybill.alerts as a (id, account_id, kind, message, created_at, last_at, mail_due_at, params)
     values ($1::uuid, $2::text, 'daily_limit_reached', $3::text, $4::timestamptz, $4::timestamptz,
       $4::timestamptz, $6::jsonb)
     on conflict (account_id, kind) where webhook_id is null and resolved_at is null do update
     set occurrences = a.occurrences + 1, message = excluded.message, params = excluded.params, last_at = excluded.last_at
     where a.last_at < $5::date::timestamp at time zone 'utc'`,
    [alert.id, alert.accountId, alert.message, alert.at, alert.day, JSON.stringify(alert.params)],
  );
}

/** Ends those of earlier days. @param day `2026-03-13` */
export async function resolveLimitAlerts(db: Queryable, day: string, at: string): Promise<void> {
  await db.query(
    `update waybill.alerts set resolved_at = $2::timestamptz
     where kind = 'daily_limit_reached' and resolved_at is null
       and last_at < $1::date::timestamp at time zone 'utc'`,
    [day, at],
  );
}
