import type { Queryable } from '../db/database.ts';
import type { Policy } from './accounts.ts';
import type { WebhookOptions } from './webhook-options.ts';

/** Which webhooks of an account want what, and the version this is true for. */
export interface SubscriptionRow extends Record<string, unknown> {
  version: number;
  preset: string | null;
  validation: Policy | null;
  unknownTypes: Policy | null;
  eventsPerDay: number | null;
  id: string | null;
  lane: number | null;
  events: string[] | null;
  channels: string[] | null;
  condition: unknown;
  filters: WebhookOptions['filters'] | null;
  unique: boolean | null;
  ordering: 'none' | 'subject' | null;
  profile: string | null;
  payloadVersion: string | null;
  /** Whether its body is made by a template of its own. */
  hasTemplate: boolean | null;
}

/** One row a webhook that isn't disabled; one row without a webhook if there is none; no row without the account. */
export async function readSubscriptions(db: Queryable, accountId: string): Promise<SubscriptionRow[]> {
  const { rows } = await db.query<SubscriptionRow>(
    `select a.webhooks_version as version, a.preset, a.validation, a.unknown_types as "unknownTypes",
       a.events_per_day as "eventsPerDay",
       w.id, w.lane, w.events, w.channels, w.condition, w.filters, w.is_unique as "unique", w.ordering,
       w.profile, w.payload_version as "payloadVersion", w.payload is not null as "hasTemplate"
     from waybill.accounts a
     left join waybill.webhooks w
       on w.account_id = a.id and w.deleted_at is null and w.status <> 'disabled'
     where a.id = $1::text
     order by w.id`,
    [accountId],
  );
  return rows;
}
