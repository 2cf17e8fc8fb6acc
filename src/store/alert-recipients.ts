import type { Queryable } from '../db/database.ts';
import type { AlertKind } from './alerts.ts';

export const MAIL_LANGUAGES = ['en', 'sv'] as const;
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

export interface AlertRecipientRow extends Record<string, unknown> {
  id: string;
  email: string;
  /** null: all. */
  kinds: AlertKind[] | null;
  language: MailLanguage;
  createdAt: Date;
}

export interface NewAlertRecipient {
  readonly id: string;
  /** null: of all accounts. */
  readonly accountId: string | null;
  readonly email: string;
  readonly kinds: readonly AlertKind[] | null;
  readonly language: MailLanguage;
  readonly createdAt: string;
}

const COLUMNS = 'id, email, kinds, language, created_at as "createdAt"';

/** Undefined if somebody of this e-mail is told there already. */
export async function insertAlertRecipient(
  db: Queryable,
  { id, accountId, email, kinds, language, createdAt }: NewAlertRecipient,
): Promise<AlertRecipientRow | undefined> {
  const { rows } = await db.query<AlertRecipientRow>(
    `insert into waybill.alert_recipients (id, account_id, email, kinds, created_at, language)
     values ($1::uuid, $2::text, $3::text, $4::text[], $5::timestamptz, $6::text)
     on conflict (coalesce(account_id, ''), email) do nothing
     returning ${COLUMNS}`,
    [id, accountId, email, kinds && [...kinds], createdAt, language],
  );
  return rows[0];
}

/** Of an account, or (null) of all; newest first, those before `before`. */
export async function listAlertRecipients(
  db: Queryable,
  accountId: string | null,
  before: string | null,
  limit: number,
): Promise<AlertRecipientRow[]> {
  const { rows } = await db.query<AlertRecipientRow>(
    `select ${COLUMNS} from waybill.alert_recipients
     where account_id is not distinct from $1::text and ($2::uuid is null or id < $2::uuid)
     order by id desc limit $3::integer`,
    [accountId, before, limit],
  );
  return rows;
}

export async function countAlertRecipients(db: Queryable, accountId: string | null): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from waybill.alert_recipients
     where account_id is not distinct from $1::text`,
    [accountId],
  );
  return rows[0]?.count ?? 0;
}

export async function deleteAlertRecipient(
  db: Queryable,
  accountId: string | null,
  id: string,
): Promise<AlertRecipientRow | undefined> {
  const { rows } = await db.query<AlertRecipientRow>(
    `delete from waybill.alert_recipients
     where account_id is not distinct from $1::text and id = $2::uuid
     returning ${COLUMNS}`,
    [accountId, id],
  );
  return rows[0];
}
