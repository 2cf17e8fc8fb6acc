import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAIL_LANGUAGES } from '../store/alert-recipients.ts';
import { ALERT_KINDS, type AlertKind, type AlertParams } from '../store/alerts.ts';
import { alertMail, MAIL_TEXTS } from './alert-mail.ts';

const TRIED = { attempts: 8, deliveries: 1, failureCode: 'http_503', statusCode: 503 };
const SINCE = '2026-03-06T14:30:00.000Z';
const FROM = '2026-03-13T14:30:00.000Z';
/** Every kind with the values that are kept of it, and of a kind that says several things each of them. */
const RAISED: readonly (readonly [AlertKind, AlertParams])[] = [
  ['deliveries_failing', TRIED],
  ['deliveries_failing', { ...TRIED, deliveries: 40 }],
  ['webhook_disabled', { why: 'gone' }],
  ['webhook_disabled', { why: 'failing', ...TRIED }],
  ['webhook_will_be_disabled', { since: SINCE, from: FROM, failureCode: 'timeout' }],
  ['webhook_disabled_by_failures', { since: SINCE, failureCode: 'something_new' }],
  ['certificate_expires', { subject: 'CN=acme', notAfter: FROM, state: 'expires' }],
  ['certificate_expires', { subject: 'CN=acme', notAfter: FROM, state: 'expired' }],
  ['daily_limit_reached', { limit: 1000, used: 1000, endsAt: FROM }],
  ['daily_limit_reached', { limit: 1, used: 1, endsAt: FROM }],
];
const mailOf = (
  language: 'en' | 'sv',
  kind: AlertKind,
  params: AlertParams | null,
  message = 'As it was raised.',
) =>
  alertMail(
    {
      accountId: 'acme',
      webhookName: 'Warehouse',
      kind,
      params,
      message,
      createdAt: new Date(SINCE),
    },
    language,
    'Waybill',
    'https://hooks.example',
  );

describe.each(MAIL_LANGUAGES)('mails in %s', (language) => {
  it('have a text for everything, of their own', () => {
    const { failures, messages, titles, ...rest } = MAIL_TEXTS[language];
    expect(Object.keys(titles).sort()).toEqual([...ALERT_KINDS].sort());
    const texts = [...Object.values({ ...titles, ...rest, ...failures, ...messages })];
    expect(texts.filter((text) => text.trim() === '')).toEqual([]);
    expect(Object.keys(rest).sort()).toEqual(['account', 'see', 'since', 'webhook', 'why']);
  });

  it.each(RAISED)('fill the text about %s with %j', (kind, params) => {
    const { subject, text } = mailOf(language, kind, params);
    expect(subject + text).not.toMatch(/[{}]|undefined|\dT\d/);
    if (language === 'en') expect(text).toContain('As it was raised.');
    else expect(text).not.toContain('As it was raised.');
  });
});

it('a mail names the zone of the times in it', () => {
  const message = `It ends at ${FROM}.`;
  const { text } = mailOf('en', 'daily_limit_reached', { limit: 5, used: 5, endsAt: FROM }, message);
  expect(text).toContain('It ends at 2026-03-13 14:30 UTC.');
  expect(text).toContain('Since: 2026-03-06 14:30 UTC');
  expect(
    mailOf('sv', 'certificate_expires', { subject: 'CN=acme', notAfter: FROM, state: 'expires' }).text,
  ).toContain('går ut 2026-03-13 14:30 UTC.');
});

describe('a mail in Swedish', () => {
  it('tells the values of what has happened', () => {
    const { subject, text } = mailOf('sv', 'deliveries_failing', TRIED);
    expect(subject).toBe('Waybill: Leveranser misslyckas för gott: Warehouse (acme)');
    expect(text).toContain('En leverans gavs upp efter 8 försök. Det senaste: mottagaren svarade 503.');
    expect(text).toContain('Konto: acme\nWebhook: Warehouse\nSedan: 2026-03-06 14:30 UTC');
  });

  it('has words for the failures of a connection, and the code of others', () => {
    const why = (failureCode: string) => mailOf('sv', 'deliveries_failing', { ...without, failureCode }).text;
    const { statusCode: _, ...without } = TRIED;
    expect(why('connection_refused')).toContain('mottagaren avvisade anslutningen');
    expect(why('constructor')).toContain('det misslyckades (constructor)');
    const known = readFileSync(new URL('../egress/failure.ts', import.meta.url), 'utf8');
    const { http: _http, other: _other, ...failures } = MAIL_TEXTS.sv.failures;
    expect(Object.keys(failures).filter((code) => !known.includes(`'${code}'`))).toEqual([]);
  });

  it('says what an alert says itself where its values were not kept', () => {
    expect(mailOf('sv', 'deliveries_failing', null).text).toContain('As it was raised.');
    expect(mailOf('sv', 'deliveries_failing', {}).text).toContain('As it was raised.');
  });
});
