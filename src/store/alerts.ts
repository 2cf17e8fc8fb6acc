import type { Queryable } from '../db/database.ts';

export const ALERT_KINDS = [
  'deliveries_failing',
  'webhook_disabled',
  'webhook_will_be_disabled',
  'webhook_disabled_by_failures',
  'certificate_expires',
  'daily_limit_reached',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** What enabling a webhook puts an end to. */
export const HEALTH_ALERTS: readonly AlertKind[] = [
  'deliveries_failing',
  'webhook_disabled',
  'webhook_will_be_disabled',
  'webhook_disabled_by_failures',
];

/** The values in an alert's message, by name. */
export type AlertParams = Readonly<Record<string, string | number>>;

export interface AlertRow extends Record<string, unknown> {
  id: string;
  /** null: it is about the account. */
  webhookId: string | null;
  kind: AlertKind;
  message: string;
  /** null: raised before they were kept. */
  params: AlertParams | null;
  /** null: no delivery raised it. */
  deliveryId: string | null;
  occurrences: number;
  createdAt: Date;
  lastAt: Date;
  acknowledgedAt: Date | null;
  resolvedAt: Date | null;
}

export interface NewAlert {
  readonly id: string;
  readonly accountId: string;
  readonly webhookId: string;
  readonly kind: AlertKind;
  readonly message: string;
  readonly params: AlertParams;
  readonly deliveryId: string | null;
  /** ISO 8601. */
  readonly at: string;
  /** How often it has happened. */
  readonly occurrences: number;
}

const COLUMNS = `id, webhook_id as "webhookId", kind, message, params, delivery_id as "deliveryId", occurrences,
  created_at as "createdAt", last_at as "lastAt", acknowledged_at as "acknowledgedAt", resolved_at as "resolvedAt"`;

/** Opens an alert; one of this kind that is open already for the webhook counts it instead. */
export async function raiseAlert(db: Queryable, alert: NewAlert): Promise<void> {
  await db.query(
    `insert into waybill.alerts
       (id, account_id, webhook_id, kind, message, delivery_id, occurrences, created_at, last_at, mail_due_at, params)
     values
       ($1::uuid, $2::text, $3::uuid, $4::text, $5::text, $6::uuid, $7::integer, $8::timestamptz, $8::timestamptz,
        $8::timestamptz, $9::jsonb)
     on conflict (webhook_id, kind) where resolved_at is null do update
     set occurrences = waybill.alerts.occurrences + excluded.occurrences, message = excluded.message, params = excluded.params,
       delivery_id = excluded.delivery_id, last_at = excluded.last_at`,
    [
      alert.id,
      alert.accountId,
      alert.webhookId,
      alert.kind,
      alert.message,
      alert.deliveryId,
      alert.occurrences,
      alert.at,
      JSON.stringify(alert.params),
    ],
  );
}

/** Ends the open alerts of a webhook, of these kinds; of all if none is named. */
export async function resolveAlerts(
  db: Queryable,
  webhookId: string,
  at: string,
  kinds?: readonly AlertKind[],
): Promise<void> {
  await db.query(
    `update waybill.alerts set resolved_at = $2::timestamptz
     where webhook_id = $1::uuid and resolved_at is null and ($3::text[] is null or kind = any($3::text[]))`,
    [webhookId, at, kinds ? [...kinds] : null],
  );
}

export interface AlertFilter {
  readonly status?: 'open' | 'acknowledged' | 'resolved' | undefined;
  readonly webhookId?: string | undefined;
}

/** Newest first, those before `before`. */
export async function listAlerts(
  db: Queryable,
  accountId: string,
  filter: AlertFilter,
  before: string | null,
  limit: number,
): Promise<AlertRow[]> {
  const { rows } = await db.query<AlertRow>(
    `select ${COLUMNS} from waybill.alerts
     where account_id = $1::text
       and ($2::text is null or $2::text = case
         when resolved_at is not null then 'resolved' when acknowledged_at is not null then 'acknowledged' else 'open'
       end)
       and ($3::uuid is null or webhook_id = $3::uuid)
       and ($4::uuid is null or id < $4::uuid)
     order by id desc limit $5::integer`,
    [accountId, filter.status ?? null, filter.webhookId ?? null, before, limit],
  );
  return rows;
}

export async function findAlert(db: Queryable, accountId: string, id: string): Promise<AlertRow | undefined> {
  const { rows } = await db.query<AlertRow>(
    `select ${COLUMNS} from waybill.alerts where account_id = $1::text and id = $2::uuid`,
    [accountId, id],
  );
  return rows[0];
}

/** Says that somebody has seen it; the first time counts. Undefined if there is no such alert. */
export async function acknowledgeAlert(
  db: Queryable,
  accountId: string,
  id: string,
  at: string,
): Promise<AlertRow | undefined> {
  const { rows } = await db.query<AlertRow>(
    `update waybill.alerts set acknowledged_at = coalesce(acknowledged_at, $3::timestamptz)
     where account_id = $1::text and id = $2::uuid
     returning ${COLUMNS}`,
    [accountId, id, at],
  );
  return rows[0];
}
