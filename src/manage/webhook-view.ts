import type { Catalogs } from '../catalog/catalogs.ts';
import { DEFAULT_RETRY_SCHEDULE } from '../dispatch/retry.ts';
import type { Params } from '../errors.ts';
import { toWireId } from '../ids.ts';
import type { Profile } from '../profile/profile.ts';
import type { LastFailureRow } from '../store/last-failures.ts';
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
  /**
   * `gone`: the receiver answered 410; `failing`: by the rule of its profile; `only_failures`: nothing arrived for too long;
   * `request`: somebody disabled it.
   */
  disabledReason: DisabledReason | null;
  health: 'healthy' | 'failing';
  failingSince: string | null;
  /** When the first attempt failed since one last arrived; null: the last one arrived, or there was none. */
  firstFailureAt: string | null;
  /** The last attempt that failed, if nothing has arrived since. */
  lastFailure: LastFailure | null;
  /** When it was disabled last, be it enabled again or not. */
  disabledAt: string | null;
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

/** Why a webhook fails. */
export interface LastFailure {
  at: string;
  /** Stable, for programs. */
  code: string;
  /** For people. */
  reason: string;
  /** The values in the reason; null: it holds none. */
  params: Params | null;
  statusCode: number | null;
  deliveryId: string;
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
  /** How many days of nothing but failures disable it; null: none do. */
  disableAfterDays: number | null;
}

/** What of a webhook isn't in its row, and the time. */
export interface ViewParts {
  readonly publicKeys: readonly string[];
  readonly credentials: KeptViews;
  readonly lastFailure: LastFailureRow | undefined;
  readonly nowMs: number;
  /** How many days of nothing but failures disable a webhook that doesn't say; 0: none do. */
  readonly disableAfterDays: number;
}

export function webhookView(row: WebhookRow, catalogs: Catalogs, parts: ViewParts): WebhookView {
  const { publicKeys, credentials, nowMs, disableAfterDays } = parts;
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
    firstFailureAt: row.firstFailureAt?.toISOString() ?? null,
    lastFailure: parts.lastFailure ? lastFailureView(parts.lastFailure) : null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    profile: row.profile,
    payloadVersion: row.payloadVersion,
    publicKeys: [...publicKeys],
    headers: row.headers,
    retry: row.retrySchedule ? { schedule: row.retrySchedule } : null,
    timeoutMs: row.timeoutMs,
    ...optionsView(row),
    ...credentialsView(credentials, row.tlsCa, nowMs),
    effective: profile ? effectivePolicy(profile, row, disableAfterDays) : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function lastFailureView(row: LastFailureRow): LastFailure {
  return {
    at: row.startedAt.toISOString(),
    code: row.failureCode,
    reason: row.failureReason,
    params: row.failureParams,
    statusCode: row.statusCode,
    deliveryId: toWireId('dlv', row.deliveryId),
  };
}

function effectivePolicy(profile: Profile, row: WebhookRow, disableAfterDays: number): EffectivePolicy {
  const schedule = row.retrySchedule ?? profile.retry?.schedule;
  return {
    profile: profile.title,
    payloadVersion: profile.payloadVersion,
    httpsOnly: profile.httpsOnly,
    userAgent: profile.userAgent ?? null,
    success: profile.success,
    retry: { schedule: [...(schedule ?? DEFAULT_RETRY_SCHEDULE)], jitter: schedule === undefined },
    failing: profile.failing,
    // 0 is for ever, in both.
    disableAfterDays: (row.disableAfterDays ?? disableAfterDays) || null,
  };
}
