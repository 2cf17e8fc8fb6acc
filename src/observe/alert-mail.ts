import type { AlertKind } from '../store/alerts.ts';

/** What a mail about an alert is made of. */
export interface MailedAlert {
  readonly accountId: string;
  readonly webhookName: string | null;
  readonly kind: AlertKind;
  readonly message: string;
  readonly createdAt: Date;
}

const TITLES: Readonly<Record<AlertKind, string>> = {
  deliveries_failing: 'Deliveries fail for good',
  webhook_disabled: 'A webhook was disabled',
  webhook_will_be_disabled: 'A webhook is about to be disabled',
  webhook_disabled_by_failures: 'A webhook was disabled, as nothing arrived any more',
  certificate_expires: 'A client certificate expires',
  daily_limit_reached: 'The daily limit of events was reached',
};
const MAX_NAME = 80;

/**
 * The mail that tells of an alert, as text: a name a stranger has chosen is only ever text in it, on one line.
 *
 * @param brand the platform's name, as people know it
 * @param dashboardUrl where the dashboard is, without a path
 */
export function alertMail(
  alert: MailedAlert,
  brand: string,
  dashboardUrl: string,
): { subject: string; text: string } {
  const { accountId, kind, message, createdAt } = alert;
  const name = alert.webhookName === null ? '' : oneLine(alert.webhookName);
  const about = name === '' ? accountId : `${name} (${accountId})`;
  return {
    subject: `${oneLine(brand)}: ${TITLES[kind]}: ${about}`,
    text: [
      `${TITLES[kind]}.`,
      '',
      oneLine(message, 2_000),
      '',
      `Account: ${accountId}`,
      ...(name === '' ? [] : [`Webhook: ${name}`]),
      `Since: ${createdAt.toISOString()}`,
      '',
      `See what to do about it: ${dashboardUrl}/accounts/${encodeURIComponent(accountId)}/alerts`,
      '',
      'There is one mail an alert. Who gets them is set on that page.',
    ].join('\n'),
  };
}

function oneLine(text: string, most = MAX_NAME): string {
  const line = text.replaceAll(/\s+|\p{Cc}+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most).toWellFormed()}…` : line;
}
