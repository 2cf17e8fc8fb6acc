import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALERT_KINDS } from '../../../src/store/alerts.ts';
import { alertWords } from './alert-text.ts';

const textsIn = (language: string, file: string) =>
  JSON.parse(readFileSync(new URL(`../locales/${language}/${file}.json`, import.meta.url), 'utf8'));
const ALERTS = textsIn('sv', 'alerts');
const FAILURES = { failures: textsIn('sv', 'failures'), templates: textsIn('sv', 'templates') };
const told = (kind: (typeof ALERT_KINDS)[number], params: Record<string, string | number> | null) =>
  alertWords(ALERTS.texts, FAILURES, { kind, params, message: 'In English.' }, 'sv', ALERTS.failed);

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
