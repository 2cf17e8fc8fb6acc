import type { Queryable } from '../db/database.ts';

/** A client certificate of which somebody should be told. */
export interface ExpiringCertificateRow extends Record<string, unknown> {
  webhookId: string;
  accountId: string;
  subject: string;
  /** ISO 8601. */
  notAfter: string;
}

/**
 * Client certificates that expire until `soon`, of which nobody has been told; of those that have expired, nobody since.
 * Nobody changes the webhooks until the transaction ends; those somebody is changing are passed over.
 *
 * @param now ISO 8601, as `soon`
 */
export async function takeExpiringCertificates(
  tx: Queryable,
  { now, soon, limit }: { readonly now: string; readonly soon: string; readonly limit: number },
): Promise<ExpiringCertificateRow[]> {
  const { rows } = await tx.query<ExpiringCertificateRow>(
    `select w.id as "webhookId", w.account_id as "accountId", c.view->>'subject' as subject,
       c.view->>'notAfter' as "notAfter"
     from waybill.webhook_credentials c
     join waybill.webhooks w on w.id = c.webhook_id and w.deleted_at is null
     cross join lateral (select (c.view->>'notAfter')::timestamptz as expires_at) e
     where c.kind = 'client_certificate' and e.expires_at <= $2::timestamptz
       and not exists (
         select from waybill.alerts a
         where a.webhook_id = w.id and a.kind = 'certificate_expires' and a.resolved_at is null
           and (e.expires_at > $1::timestamptz or a.last_at >= e.expires_at)
       )
     order by w.id limit $3::integer
     for no key update of w skip locked`,
    [now, soon, limit],
  );
  return rows;
}
