import type { Catalogs } from '../catalog/catalogs.ts';
import { DEFAULT_RETRY_SCHEDULE } from '../dispatch/retry.ts';
import { toWireId } from '../ids.ts';
import type { Profile } from '../profile/profile.ts';
import type { DisabledReason, WebhookRow, WebhookStatus } from '../store/webhooks.ts';
import { type CredentialsView, credentialsView, type KeptViews } from './webhook-credentials.ts';
import { optionsView, type WebhookOptionsView } from './webhook-options.ts';

/** A webhook as the API and the library show it. Never with its secret. */
export interface WebhookView extends WebhookOptionsView, CredentialsView {
  id: string;
  name: string;
  url: string;
  events: string[];
  channels: string[];
  status: WebhookStatus;
  /** `gone`: the receiver answered 410; `failing`: by the rule of its profile; `request`: somebody disabled it. */
  disabledReason: DisabledReason | null;
  health: 'healthy' | 'failing';
  failingSince: string | null;
  profile: string;
  /** The version of payloads it pins; null: the usual one of its profile. */
  payloadVersion: string | null;
  /** Where its profile signs with private keys, what receivers check signatures with now; the current one first. */
  publicKeys: string[];
  headers: Record<string, string>;
  /** null: the schedule of its profile. */
  retry: { schedule: number[] } | null;
  timeoutMs: number;
  /** What holds for it, whether it, its profile or nobody says so; null: its profile can't be read. */
  effective: EffectivePolicy | null;
  createdAt: string;
  updatedAt: string;
}

/** What holds for a webhook. */
export interface EffectivePolicy {
  /** The title of its profile. */
  profile: string;
  payloadVersion: string | null;
  httpsOnly: boolean;
  userAgent: string | null;
  /** The status codes that acknowledge. */
  success: '2xx' | number[];
  /** `jitter`: whether each delay is varied by a tenth. */
  retry: { schedule: number[]; jitter: boolean };
  /** After how many deliveries given up in a row, and what then. */
  failing: { after: number; actions: ('mark' | 'alert' | 'disable')[] };
}

/** What of a webhook isn't in its row, and the time. */
export interface ViewParts {
  readonly publicKeys: readonly string[];
  readonly credentials: KeptViews;
  readonly nowMs: number;
}

export function webhookView(row: WebhookRow, catalogs: Catalogs, parts: ViewParts): WebhookView {
  const { publicKeys, credentials, nowMs } = parts;
  const profile = catalogs.profile(row.profile, row.payloadVersion);
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
    payloadVersion: row.payloadVersion,
    publicKeys: [...publicKeys],
    headers: row.headers,
    retry: row.retrySchedule ? { schedule: row.retrySchedule } : null,
    timeoutMs: row.timeoutMs,
    ...optionsView(row),
    ...credentialsView(credentials, row.tlsCa, nowMs),
    effective: profile ? effectivePolicy(profile, row.retrySchedule) : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function effectivePolicy(profile: Profile, ownSchedule: readonly number[] | null): EffectivePolicy {
  const schedule = ownSchedule ?? profile.retry?.schedule;
  return {
    profile: profile.title,
    payloadVersion: profile.payloadVersion,
    httpsOnly: profile.httpsOnly,
    userAgent: profile.userAgent ?? null,
    success: profile.success,
    retry: { schedule: [...(schedule ?? DEFAULT_RETRY_SCHEDULE)], jitter: schedule === undefined },
    failing: profile.failing,
  };
}
