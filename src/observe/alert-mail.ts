import type { MailLanguage } from '../store/alert-recipients.ts';
import type { AlertKind, AlertParams } from '../store/alerts.ts';
import { en } from './mail-texts/en.ts';
import type { MailTexts, MessageKey } from './mail-texts/mail-texts.ts';
import { sv } from './mail-texts/sv.ts';

/** What a mail about an alert is made of. */
export interface MailedAlert {
  readonly accountId: string;
  readonly webhookName: string | null;
  readonly kind: AlertKind;
  readonly message: string;
  /** The values in the message; null: they weren't kept. */
  readonly params: AlertParams | null;
  readonly createdAt: Date;
}

export const MAIL_TEXTS: Readonly<Record<MailLanguage, MailTexts>> = { en, sv };
const MAX_NAME = 80;

/**
 * The mail that tells of an alert, as text: a name a stranger has chosen is only ever text in it, on one line.
 *
 * @param brand the platform's name, as people know it
 * @param dashboardUrl where the dashboard is, without a path
 */
export function alertMail(
  alert: MailedAlert,
  language: MailLanguage,
  brand: string,
  dashboardUrl: string,
): { subject: string; text: string } {
  const texts = MAIL_TEXTS[language];
  const { accountId, kind, createdAt } = alert;
  const name = alert.webhookName === null ? '' : oneLine(alert.webhookName);
  const about = name === '' ? accountId : `${name} (${accountId})`;
  return {
    subject: `${oneLine(brand)}: ${texts.titles[kind]}: ${about}`,
    text: [
      `${texts.titles[kind]}.`,
      '',
      oneLine(messageOf(alert, texts) ?? timed(alert), 2_000),
      '',
      `${texts.account}: ${accountId}`,
      ...(name === '' ? [] : [`${texts.webhook}: ${name}`]),
      `${texts.since}: ${inUtc(createdAt)}`,
      '',
      `${texts.see}: ${dashboardUrl}/accounts/${encodeURIComponent(accountId)}/alerts`,
      '',
      texts.why,
    ].join('\n'),
  };
}

/** What an alert says in another language; undefined where its values don't fill the text: then it says it itself. */
function messageOf({ kind, params }: MailedAlert, { messages, failures }: MailTexts): string | undefined {
  if (messages === null || params === null) return undefined;
  const text = messages[keyOf(kind, params)];
  const failed = params.statusCode === undefined ? String(params.failureCode) : 'http';
  const cause = Object.hasOwn(failures, failed) ? failures[failed] : failures.other;
  return text && filled(text, { ...params, ...timesOf(params), failure: filled(cause ?? '', params) ?? '' });
}

/** What an alert says itself, with its times as people read them. */
function timed({ message, params }: MailedAlert): string {
  return Object.entries(timesOf(params ?? {})).reduce(
    (text, [name, time]) => text.replaceAll(String(params?.[name]), time),
    message,
  );
}

const TIMES = ['since', 'from', 'notAfter', 'endsAt'] as const;

function timesOf(params: AlertParams): Record<string, string> {
  return Object.fromEntries(
    TIMES.flatMap((name) => {
      const at = new Date(String(params[name]));
      return Number.isNaN(at.getTime()) ? [] : [[name, inUtc(at)]];
    }),
  );
}

/** A mail doesn't know where it is read: its times name their zone. */
function inUtc(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function keyOf(kind: AlertKind, { deliveries, why, state, limit }: AlertParams): MessageKey {
  switch (kind) {
    case 'deliveries_failing':
      return Number(deliveries) > 1 ? 'deliveries_failing/batch' : 'deliveries_failing';
    case 'webhook_disabled':
      return why === 'gone' ? 'webhook_disabled/gone' : 'webhook_disabled/failing';
    case 'certificate_expires':
      return state === 'expired' ? 'certificate_expires/expired' : 'certificate_expires/expires';
    case 'daily_limit_reached':
      return Number(limit) === 1 ? 'daily_limit_reached/one' : 'daily_limit_reached';
    default:
      return kind;
  }
}

function filled(text: string, values: AlertParams): string | undefined {
  const names = [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name as string);
  if (names.some((name) => values[name] === undefined)) return undefined;
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
}

function oneLine(text: string, most = MAX_NAME): string {
  const line = text.replaceAll(/\s+|\p{Cc}+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most).toWellFormed()}…` : line;
}
