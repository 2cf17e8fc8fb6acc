import type { Queryable } from '../db/database.ts';
import {
  OPTION_COLUMNS,
  OPTION_NAMES,
  optionsFrom,
  optionsValue,
  type WebhookOptions,
} from './webhook-options.ts';

export type WebhookStatus = 'active' | 'paused' | 'disabled';
export type DisabledReason = 'gone' | 'request' | 'failing' | 'only_failures';

export interface WebhookRow extends Record<string, unknown>, WebhookOptions {
  id: string;
  accountId: string;
  name: string;
  url: string;
  events: string[];
  channels: string[];
  status: WebhookStatus;
  disabledReason: DisabledReason | null;
  /** When it was disabled last. */
  disabledAt: Date | null;
  /** Since then events have been published that it was sent nothing of. */
  missedSince: Date | null;
  health: 'healthy' | 'failing';
  failingSince: Date | null;
  /** Deliveries given up since one last arrived. */
  exhausted: number;
  /** When the first attempt failed since one last arrived, and when somebody was warned of it. */
  firstFailureAt: Date | null;
  failuresWarnedAt: Date | null;
  profile: string;
  /** null: the usual version of its profile. */
  payloadVersion: string | null;
  headers: Record<string, string>;
  /** Seconds; null: the default schedule. */
  retrySchedule: number[] | null;
  timeoutMs: number;
  lane: number;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What somebody may set, at creation or later. */
export interface WebhookSettings extends WebhookOptions {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly channels: readonly string[];
  readonly status: WebhookStatus;
  readonly profile: string;
  readonly payloadVersion: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly retrySchedule: readonly number[] | null;
  readonly timeoutMs: number;
}

const COLUMNS = `w.id, w.account_id as "accountId", w.name, w.url, w.events, w.channels, w.status,
  w.disabled_reason as "disabledReason", w.health, w.failing_since as "failingSince", w.exhausted,
  w.disabled_at as "disabledAt", w.missed_since as "missedSince", w.first_failure_at as "firstFailureAt",
  w.failures_warned_at as "failuresWarnedAt", w.profile, w.payload_version as "payloadVersion", w.headers,
  w.retry_schedule as "retrySchedule", w.timeout_ms as "timeoutMs", w.lane, w.revision,
  ${OPTION_COLUMNS},
  w.created_at as "createdAt", w.updated_at as "updatedAt"`;

function settingsValues(settings: WebhookSettings): unknown[] {
  return [
    settings.name,
    settings.url,
    [...settings.events],
    [...settings.channels],
    settings.status,
    settings.profile,
    JSON.stringify(settings.headers),
    settings.retrySchedule ? [...settings.retrySchedule] : null,
    settings.timeoutMs,
    settings.payloadVersion,
    optionsValue(settings),
  ];
}

/** @param at now, ISO 8601 */
export async function insertWebhook(
  db: Queryable,
  key: { readonly id: string; readonly accountId: string; readonly lane: number },
  settings: WebhookSettings,
  at: string,
): Promise<WebhookRow> {
  const { rows } = await db.query<WebhookRow>(
    `with changed as (
       update waybill.accounts set webhooks_version = webhooks_version + 1 where id = $2::text
     )
     insert into waybill.webhooks as w
       (id, account_id, lane, name, url, events, channels, status, disabled_reason, profile, headers,
        retry_schedule, timeout_ms, payload_version, disabled_at, missed_since, cut_off_since,
        missed_spans, ${OPTION_NAMES})
     select $1::uuid, $2::text, $3::smallint, $4::text, $5::text, $6::text[], $7::text[], $8::text,
       case when $8::text = 'disabled' then 'request' end, $9::text, $10::json, $11::integer[], $12::integer,
       $13::text, case when $8::text = 'disabled' then $15::timestamptz end,
       case when $8::text = 'disabled' then now() end, case when $8::text = 'disabled' then $15::timestamptz end,
       case when $8::text = 'disabled' then tstzmultirange(tstzrange(now(), null)) else '{}' end, o.*
     from ${optionsFrom('$14')}
     returning ${COLUMNS}`,
    [key.id, key.accountId, key.lane, ...settingsValues(settings), at],
  );
  return rows[0] as WebhookRow;
}

/**
 * Sets everything at once. What it is enabled or led elsewhere for, failures of before say nothing about.
 *
 * @param at now, ISO 8601
 * @returns undefined if there is no such webhook
 */
export async function updateWebhook(
  db: Queryable,
  accountId: string,
  id: string,
  settings: WebhookSettings,
  at: string,
): Promise<WebhookRow | undefined> {
  const { rows } = await db.query<WebhookRow>(
    `with changed as (
       update waybill.accounts set webhooks_version = webhooks_version + 1 where id = $1::text
     )
     update waybill.webhooks w
     set name = $3::text, url = $4::text, events = $5::text[], channels = $6::text[], status = $7::text,
       disabled_reason = case when $7::text = 'disabled' then coalesce(w.disabled_reason, 'request') end,
       profile = $8::text, headers = $9::json, retry_schedule = $10::integer[], timeout_ms = $11::integer,
       payload_version = $12::text, (${OPTION_NAMES}) = (select o.* from ${optionsFrom('$13')}),
       exhausted = case when w.status = 'disabled' and $7::text <> 'disabled' then 0 else w.exhausted end,
       first_failure_at = case when ${BEGINS_ANEW} then null else w.first_failure_at end,
       failures_warned_at = case when ${BEGINS_ANEW} then null else w.failures_warned_at end,
       ${setDisabledAt('$14', IS_DISABLED, `case when $7::text <> 'disabled' then ${MISSED_ENDS} else w.missed_spans end`)},
       revision = w.revision + 1, updated_at = now()
     where w.account_id = $1::text and w.id = $2::uuid and w.deleted_at is null
     returning ${COLUMNS}`,
    [accountId, id, ...settingsValues(settings), at],
  );
  return rows[0];
}

/**
 * What a webhook is told when it is disabled: when that was, and from when on it has missed events and deliveries were cut
 * off; a minute early, as clocks differ. What it missed before, and was neither sent nor has declined, isn't forgotten.
 *
 * @param at the parameter that says when
 * @param condition whether it is disabled
 * @param spans what it has missed where it isn't
 */
export function setDisabledAt(at: string, condition: string, spans = 'w.missed_spans'): string {
  const begins = `${condition} and (w.missed_since is null or w.missed_done_of = w.disabled_at)`;
  return `disabled_at = case when ${condition} then ${at}::timestamptz else w.disabled_at end,
       missed_since = case when ${begins} then greatest(now() - interval '1 minute', w.missed_since)
         else w.missed_since end,
       cut_off_since = case when ${begins} then greatest(${at}::timestamptz - interval '1 minute', w.cut_off_since)
         else coalesce(w.cut_off_since, w.disabled_at - interval '1 minute') end,
       missed_spans = case when ${condition}
         then case when ${begins} then '{}' else w.missed_spans end
           + tstzmultirange(tstzrange(greatest(now() - interval '1 minute', w.missed_since), null))
         else ${spans} end,
       missed_done_of = case when ${condition} then null else w.missed_done_of end`;
}

/** Once it is enabled it misses nothing more. Clocks differ by less. */
const MISSED_ENDS = `case when w.status = 'disabled'
  then w.missed_spans * tstzmultirange(tstzrange(null, now() + interval '5 seconds')) else w.missed_spans end`;
const IS_DISABLED = `$7::text = 'disabled' and w.status <> 'disabled'`;
const BEGINS_ANEW = `w.url <> $4::text
  or (w.status <> 'active' and $7::text not in (w.status, 'disabled'))`;

/** Pauses or resumes, if the status is one of `from`; undefined if the webhook isn't there or isn't in `from`. */
export async function setWebhookStatus(
  db: Queryable,
  accountId: string,
  id: string,
  from: readonly WebhookStatus[],
  to: 'active' | 'paused',
): Promise<WebhookRow | undefined> {
  const { rows } = await db.query<WebhookRow>(
    `with changed as (
       update waybill.accounts set webhooks_version = webhooks_version + 1 where id = $1::text
     )
     update waybill.webhooks w
     set status = $4::text, disabled_reason = null,
       exhausted = case when w.status = 'disabled' then 0 else w.exhausted end,
       missed_spans = ${MISSED_ENDS},
       first_failure_at = case when w.status = 'active' then w.first_failure_at end,
       failures_warned_at = case when w.status = 'active' then w.failures_warned_at end,
       revision = w.revision + 1, updated_at = now()
     where w.account_id = $1::text and w.id = $2::uuid and w.deleted_at is null and w.status = any($3::text[])
     returning ${COLUMNS}`,
    [accountId, id, [...from], to],
  );
  return rows[0];
}

export async function deleteWebhook(db: Queryable, accountId: string, id: string): Promise<boolean> {
  const { rows } = await db.query(
    `with changed as (
       update waybill.accounts set webhooks_version = webhooks_version + 1 where id = $1::text
     )
     update waybill.webhooks w
     set deleted_at = now(), revision = w.revision + 1
     where w.account_id = $1::text and w.id = $2::uuid and w.deleted_at is null
     returning w.id`,
    [accountId, id],
  );
  return rows.length > 0;
}

/** Marks a webhook as changed, for what lives beside its row (its secrets). */
export async function touchWebhook(db: Queryable, id: string): Promise<void> {
  await db.query(
    'update waybill.webhooks set revision = revision + 1, updated_at = now() where id = $1::uuid',
    [id],
  );
}

export async function findWebhook(
  db: Queryable,
  accountId: string,
  id: string,
): Promise<WebhookRow | undefined> {
  const { rows } = await db.query<WebhookRow>(
    `select ${COLUMNS} from waybill.webhooks w
     where w.account_id = $1::text and w.id = $2::uuid and w.deleted_at is null`,
    [accountId, id],
  );
  return rows[0];
}

/** The same, and keeps others from changing it until the transaction ends. */
export async function lockWebhook(
  db: Queryable,
  accountId: string,
  id: string,
): Promise<WebhookRow | undefined> {
  const { rows } = await db.query<WebhookRow>(
    `select ${COLUMNS} from waybill.webhooks w
     where w.account_id = $1::text and w.id = $2::uuid and w.deleted_at is null
     for update`,
    [accountId, id],
  );
  return rows[0];
}

/** Locks the account, so that two that count at once don't both find room for the last one. */
export async function countWebhooks(db: Queryable, accountId: string): Promise<number> {
  await db.query('select from waybill.accounts where id = $1::text for update', [accountId]);
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from waybill.webhooks
     where account_id = $1::text and deleted_at is null`,
    [accountId],
  );
  return rows[0]?.count ?? 0;
}

/** Newest first, those before `before`. */
export async function listWebhooks(
  db: Queryable,
  accountId: string,
  before: string | null,
  limit: number,
): Promise<WebhookRow[]> {
  const { rows } = await db.query<WebhookRow>(
    `select ${COLUMNS} from waybill.webhooks w
     where w.account_id = $1::text and w.deleted_at is null and ($2::uuid is null or w.id < $2::uuid)
     order by w.id desc limit $3::integer`,
    [accountId, before, limit],
  );
  return rows;
}

/** Those of the given webhooks that can be sent to now. */
export async function findActiveWebhooks(db: Queryable, ids: readonly string[]): Promise<WebhookRow[]> {
  const { rows } = await db.query<WebhookRow>(
    `select ${COLUMNS} from waybill.webhooks w
     where w.id = any($1::uuid[]) and w.status = 'active' and w.deleted_at is null`,
    [[...ids]],
  );
  return rows;
}
