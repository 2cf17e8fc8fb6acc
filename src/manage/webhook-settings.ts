import type { z } from 'zod';
import type { ChosenFilters } from '../condition/chosen-filters.ts';
import type { WebhookRow, WebhookSettings } from '../store/webhooks.ts';
import { DEFAULT_TIMEOUT_MS, type newWebhookSchema, type webhookChangesSchema } from './webhook-input.ts';
import { changedOptions } from './webhook-options.ts';

/** What of a webhook is checked beyond its form, in the form it is kept in. */
export interface CheckedSettings {
  /** undefined: it isn't given. */
  readonly tlsCa: string | null | undefined;
  /** undefined: they stay as they are. */
  readonly filters: ChosenFilters | undefined;
}

export function newSettings(
  given: z.output<typeof newWebhookSchema>,
  checked: CheckedSettings & { readonly url: string; readonly profile: string },
): WebhookSettings {
  const { url, profile, tlsCa, filters } = checked;
  return {
    name: given.name ?? hostOf(url),
    url,
    events: given.events,
    channels: given.channels ?? [],
    status: given.status ?? 'active',
    profile,
    payloadVersion: given.payloadVersion ?? null,
    headers: given.headers ?? {},
    retrySchedule: given.retry?.schedule ?? null,
    timeoutMs: given.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...changedOptions({ ...given, tlsCa, filters }),
  };
}

export function changedSettings(
  before: WebhookRow,
  given: z.output<typeof webhookChangesSchema>,
  checked: CheckedSettings & { readonly url: string | undefined },
): WebhookSettings {
  const { retry } = given;
  const { tlsCa, filters, url = before.url } = checked;
  return {
    name: given.name === undefined ? before.name : (given.name ?? hostOf(url)),
    url,
    events: given.events ?? before.events,
    channels: given.channels ?? before.channels,
    status: given.status ?? before.status,
    profile: given.profile ?? before.profile,
    payloadVersion: given.payloadVersion === undefined ? before.payloadVersion : given.payloadVersion,
    headers: given.headers ?? before.headers,
    retrySchedule: retry === undefined ? before.retrySchedule : (retry?.schedule ?? null),
    timeoutMs: given.timeoutMs ?? before.timeoutMs,
    ...changedOptions({ ...given, tlsCa, filters }, before),
  };
}

/** What a webhook is called that has no name of its own. */
function hostOf(url: string): string {
  return new URL(url).hostname.slice(0, 200);
}
