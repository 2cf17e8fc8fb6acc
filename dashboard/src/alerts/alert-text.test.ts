import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALERT_KINDS } from '../../../src/store/alerts.ts';
import { alertWords } from './alert-text.ts';

const textsIn = (language: string, file: string) =>
  JSON.parse(readFileSync(new URL(`../locales/${language}/${file}.json`, import.meta.url), 'utf8'));
type Kind = (typeof ALERT_KINDS)[number];
type Params = Record<string, string | number> | null;

function toldIn(language: 'en' | 'sv', kind: Kind, params: Params, message: string): string {
  const { texts, failed } = textsIn(language, 'alerts');
  const failures = { failures: textsIn(language, 'failures'), templates: textsIn(language, 'templates') };
  return alertWords(texts, failures, { kind, params, message }, language === 'en' ? 'en-GB' : 'sv', failed);
}

const told = (kind: Kind, params: Params) => toldIn('sv', kind, params, 'In English.');

describe('what an alert says in Swedish', () => {
  it.each([
    [
      'deliveries_failing',
      { attempts: 8, deliveries: 1, failureCode: 'http_503', statusCode: 503 },
      'En leverans gavs upp efter 8 försök. Det senaste: svarade 503.',
    ],
    [
      'deliveries_failing',
      { attempts: 8, deliveries: 40, failureCode: 'connection_refused' },
      'En grupp om 40 leveranser gavs upp efter 8 försök. Det senaste: det misslyckades (connection_refused).',
    ],
    [
      'webhook_disabled',
      {
        why: 'failing',
        attempts: 8,
        deliveries: 1,
        failureCode: 'dns_not_found',
        failureWhy: 'no_address',
        failureHost: 'a.example',
      },
      'En leverans gavs upp efter 8 försök. Det senaste: DNS har ingen adress för a.example. Webhooken stängdes av.',
    ],
    ['webhook_disabled', { why: 'gone' }, 'Mottagaren svarade 410 Gone: webhooken stängdes av.'],
  ] as const)('of %s with %j', (kind, params, text) => {
    expect(told(kind, params)).toBe(text);
  });

  it('of a limit of one event in the singular', () => {
    const params = { limit: 1, used: 1, endsAt: '2026-11-23T12:00:00.000Z' };
    expect(told('daily_limit_reached', params)).toMatch(/^Kontot får publicera en händelse om dagen/);
  });

  it('is what it says itself where its values were not kept', () => {
    expect(told('deliveries_failing', null)).toBe('In English.');
    expect(told('certificate_expires', {})).toBe('In English.');
  });

  it.each(['en', 'sv'])('has words for every kind in %s', (language) => {
    const { texts, kinds } = textsIn(language, 'alerts');
    const worded = new Set(Object.keys(texts).map((key) => key.split('/')[0]));
    expect(ALERT_KINDS.filter((kind) => !worded.has(kind) || !(kind in kinds))).toEqual([]);
  });
});

describe('what an alert says in English', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 10, day, 12)).toISOString();
  const shown = (day: number) =>
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(Date.parse(at(day)));

  it.each([
    [
      'webhook_will_be_disabled',
      { since: at(1), from: at(20), failureCode: 'timeout' },
      `Nothing since ${at(1)}: timed out. The next from ${at(20)} on disables it.`,
      `Nothing since ${shown(1)}: timed out. The next from ${shown(20)} on disables it.`,
    ],
    [
      'certificate_expires',
      { subject: '', notAfter: at(9), state: 'expires' },
      `The client certificate expires on ${at(9)}.`,
      `The client certificate expires on ${shown(9)}.`,
    ],
    [
      'daily_limit_reached',
      { limit: 5, used: 3, endsAt: at(23) },
      'As it was raised.',
      `This account may publish 5 events a day and has published 3 today. The day ends at ${shown(23)}.`,
    ],
    [
      'daily_limit_reached',
      { limit: 1, used: 1, endsAt: at(23) },
      'As it was raised.',
      `This account may publish one event a day and has published 1 today. The day ends at ${shown(23)}.`,
    ],
  ] as const)('of %s has its times as the viewer reads them', (kind, params, message, text) => {
    expect(toldIn('en', kind, params, message)).toBe(text);
  });

  it('keeps its own text where its values were not kept', () => {
    expect(toldIn('en', 'daily_limit_reached', null, `Until ${at(3)}.`)).toBe(`Until ${at(3)}.`);
  });
});
