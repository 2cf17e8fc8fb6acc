import { toWireId } from '../ids.ts';
import type { DisabledReason, WebhookRow, WebhookStatus } from '../store/webhooks.ts';

/** A webhook as the API and the library show it. Never with its secret. */
export interface WebhookView {
  id: string;
  name: string;
  url: string;
  events: string[];
  channels: string[];
  status: WebhookStatus;
  /** `gone`: the receiver answered 410; `request`: somebody disabled it. */
  disabledReason: DisabledReason | null;
  health: 'healthy' | 'failing';
  failingSince: string | null;
  profile: string;
  headers: Record<string, string>;
  /** null: the default schedule. */
  retry: { schedule: number[] } | null;
  timeoutMs: number;
  createdAt: string;
  updatedAt: string;
}

export function webhookView(row: WebhookRow): WebhookView {
  return {
    id: toWireId('wh', row.id),
    name: row.name,
    url: row.url,
    events: row.events,
    channels: row.channels,
    status: row.status,
    disabledReason: row.disabledReason,
    health: row.health,
    failingSince: row.failingSince?.toISOString() ?? null,
    profile: row.profile,
    headers: row.headers,
    retry: row.retrySchedule ? { schedule: row.retrySchedule } : null,
    timeoutMs: row.timeoutMs,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
