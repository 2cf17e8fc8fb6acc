import { DEFAULT_RETRY_SCHEDULE } from '../../../src/dispatch/retry.ts';
import type { ProfileView } from '../data/profiles.ts';
import type { WebhookView } from '../data/webhooks.ts';
import { bodyOf, draftOf, type WebhookDraft } from './draft.ts';

/** Seconds before each retry. */
export interface RetriesInForce {
  readonly schedule: readonly number[];
  /** Whether each wait is varied by a tenth. */
  readonly jitter: boolean;
}

/** How long a webhook waits for each retry if its draft were saved now; undefined: that can't be read, or isn't known yet. */
export function retriesInForce(
  draft: WebhookDraft,
  webhook: WebhookView | undefined,
  profile: ProfileView | undefined,
): RetriesInForce | undefined {
  if (webhook?.effective && hasKeptFormat(draft, webhook) && hasKeptSchedule(draft, webhook)) {
    return webhook.effective.retry;
  }
  const typed = bodyOf(draft).retry as { schedule: readonly unknown[] } | null;
  if (typed !== null) {
    return typed.schedule.every(isDelay) ? { schedule: typed.schedule, jitter: false } : undefined;
  }
  if (profile === undefined) return undefined;
  return profile.retry
    ? { schedule: profile.retry.schedule, jitter: false }
    : { schedule: DEFAULT_RETRY_SCHEDULE, jitter: true };
}

/** What follows deliveries that are given up, of the format that is chosen. */
export function failingInForce(
  draft: WebhookDraft,
  webhook: WebhookView | undefined,
  profile: ProfileView | undefined,
): ProfileView['failing'] | undefined {
  if (webhook?.effective && hasKeptFormat(draft, webhook)) return webhook.effective.failing;
  return profile?.failing;
}

/**
 * After how many days of nothing but failures webhooks are disabled that don't say; null: never.
 *
 * @returns undefined where it isn't known: of a webhook that says so itself the API tells its own days alone
 */
export function usualDays(webhook: WebhookView | undefined): number | null | undefined {
  return webhook?.effective && webhook.disableAfterDays === null
    ? webhook.effective.disableAfterDays
    : undefined;
}

function hasKeptFormat(draft: WebhookDraft, webhook: WebhookView): boolean {
  return draft.profile === webhook.profile && draft.payloadVersion === (webhook.payloadVersion ?? '');
}

function hasKeptSchedule(draft: WebhookDraft, webhook: WebhookView): boolean {
  return draft.retrySchedule === draftOf(webhook).retrySchedule;
}

function isDelay(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Seconds in the largest unit that tells them exactly: `90 sec`, `5 min`, `1 hr`. */
export function exactDuration(seconds: number, language: string): string {
  const [unit, size] = UNITS.find(([, length]) => seconds % length === 0) ?? (['second', 1] as const);
  const format = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' });
  return format.format(seconds / size);
}

const MOST_TOLD = 10;

/** The waits, in words; of many only the first. */
export function waitsText(schedule: readonly number[], language: string): string {
  const told = schedule.slice(0, MOST_TOLD).map((seconds) => exactDuration(seconds, language));
  return told.join(', ') + (schedule.length > MOST_TOLD ? ' …' : '');
}
