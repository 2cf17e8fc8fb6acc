import type { Queryable } from '../db/database.ts';
import type { MailLanguage } from './alert-recipients.ts';
import type { AlertKind, AlertParams } from './alerts.ts';

/** An alert that somebody is to be mailed. */
export interface AlertMailRow extends Record<string, unknown> {
  id: string;
  accountId: string;
  /** null: it is about the account. */
  webhookId: string | null;
  /** null: it is about the account. */
  webhookName: string | null;
  kind: AlertKind;
  message: string;
  params: AlertParams | null;
  createdAt: Date;
  /** How often it has been tried, this time too. */
  attempts: number;
  /** Who wants to know and hasn't been mailed, each once: by their account's list if that names them too. */
  recipients: readonly { readonly email: string; readonly language: MailLanguage }[];
}

/**
 * Takes alerts that are due to be mailed. They are due again at `dueAgainAt` unless it is said that they have been mailed, so
 * that a node that dies over them leaves them to another.
 *
 * @param since older ones are left: what has been known for long is no news
 */
export async function takeAlertMails(
  db: Queryable,
  { now, since, dueAgainAt, limit }: { now: string; since: string; dueAgainAt: string; limit: number },
): Promise<AlertMailRow[]> {
  const { rows } = await db.query<AlertMailRow>(
    `with due as (
       select id from waybill.alerts
       where mail_due_at <= $1::timestamptz and resolved_at is null and created_at >= $2::timestamptz
       order by mail_due_at limit $4::integer for update skip locked
     )
     update waybill.alerts a set mail_due_at = $3::timestamptz, mail_attempts = a.mail_attempts + 1
     from due where a.id = due.id
     returning a.id, a.account_id as "accountId", a.webhook_id as "webhookId", a.kind, a.message, a.params,
       a.created_at as "createdAt", a.mail_attempts as attempts,
       (select w.name from waybill.webhooks w where w.id = a.webhook_id) as "webhookName",
       (select coalesce(jsonb_agg(to_jsonb(wants) order by wants.email), '[]'::jsonb) from (
         select distinct on (r.email) r.email, r.language from waybill.alert_recipients r
         where (r.account_id is null or r.account_id = a.account_id)
           and (r.kinds is null or a.kind = any(r.kinds))
         order by r.email, r.account_id nulls last
       ) wants where wants.language <> all(a.mailed_in)) as recipients`,
    [now, since, dueAgainAt, limit],
  );
  return rows;
}

/** Says that those who read this language have been mailed, so that nobody is mailed twice when others are tried again. */
export async function setAlertMailedIn(db: Queryable, id: string, language: MailLanguage): Promise<void> {
  await db.query(
    'update waybill.alerts set mailed_in = array_append(mailed_in, $2::text) where id = $1::uuid',
    [id, language],
  );
}

/** Says when they are to be mailed next. @param dueAt null: never again */
export async function setAlertMailDue(
  db: Queryable,
  ids: readonly string[],
  dueAt: string | null,
): Promise<void> {
  await db.query('update waybill.alerts set mail_due_at = $2::timestamptz where id = any($1::uuid[])', [
    [...ids],
    dueAt,
  ]);
}
