import type { AlertKind } from '../../store/alerts.ts';

/** What an alert says, where one kind says several things. */
export type MessageKey =
  | 'deliveries_failing'
  | 'deliveries_failing/batch'
  | 'webhook_disabled/gone'
  | 'webhook_disabled/failing'
  | 'webhook_will_be_disabled'
  | 'webhook_disabled_by_failures'
  | 'certificate_expires/expires'
  | 'certificate_expires/expired'
  | 'daily_limit_reached'
  | 'daily_limit_reached/one';

/** All that mails say in one language. Values stand in them by name: `{{attempts}}`. */
export interface MailTexts {
  readonly titles: Readonly<Record<AlertKind, string>>;
  /** What alerts say; null: what they say themselves, which is English. */
  readonly messages: Readonly<Record<MessageKey, string>> | null;
  /** How the last attempt ended, by its code; `http` where there was an answer, `other` where nothing fits. */
  readonly failures: Readonly<Record<string, string>>;
  readonly account: string;
  readonly webhook: string;
  readonly since: string;
  readonly see: string;
  readonly why: string;
}
