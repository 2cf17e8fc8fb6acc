import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { englishIn } from '../../../test/support/english.ts';
import {
  networkFailures,
  type ToldFailure,
  templateFailures,
  tlsFailures,
  tokenFailures,
} from '../../../test/support/failures.ts';
import { BY_CODE } from '../deliveries/advice.ts';
import { failureWords } from './failure-words.ts';

const words = (language: string, name: string) =>
  JSON.parse(readFileSync(new URL(`../locales/${language}/${name}.json`, import.meta.url), 'utf8'));
const textsOf = (language: string) => ({
  failures: words(language, 'failures'),
  templates: words(language, 'templates'),
});
const SWEDISH = textsOf('sv');
const url = 'https://hooks.example/';

/** What isn't sent for reasons that no template has, as the parts that find them tell of it. */
const UNSENT: readonly ToldFailure[] = [
  { code: 'url_scheme', reason: '…', params: { why: 'url', profile: 'acme' } },
  { code: 'url_scheme', reason: '…', params: { why: 'token_url', profile: 'acme' } },
  { code: 'profile_missing', reason: '…', params: { profile: 'acme' } },
  ...['empty', 'event_gone', 'not_prepared', 'webhook_unusable'].map((code) => ({ code, reason: '…' })),
];
// Only the library tells of it, and nothing is known that makes it.
const UNKNOWN_CAUSE = { code: 'render_failed', reason: '…', params: { said: 'what is this?', line: 2 } };
const ALL: readonly ToldFailure[] = [
  ...networkFailures(),
  ...tlsFailures(),
  ...tokenFailures(),
  ...templateFailures(),
  ...UNSENT,
  UNKNOWN_CAUSE,
];

const told = ({ reason, ...failure }: ToldFailure) =>
  failureWords(SWEDISH, { ...failure, reason: `${reason} [the API]`, durationMs: 15_000, url }, 'sv');

describe('why an attempt failed, in Swedish', () => {
  it.each(ALL.map((failure) => [failure.reason, failure] as const))('is told in full of %j', (_, failure) => {
    const { text, foreign = '' } = told(failure);
    const { said = '', field = '', text: quoted = '', found = '', names = '' } = failure.params ?? {};
    expect(text).not.toContain('[the API]');
    expect(text).not.toMatch(/undefined|\{\{\w|\(\)/);
    expect(foreign).toBe(said);
    const theirs = [
      foreign,
      field,
      quoted,
      found,
      names,
      '$$Order.OrderCode$$',
      'for-tagg',
      '<!-- RangeStart:$$Order.IsPaid$$',
    ];
    expect(englishIn(text, theirs.map(String))).toEqual([]);
  });

  it('is told of every code the server has, in each way it tells of it', () => {
    const codes = new Set(ALL.map(({ code }) => code));
    expect(Object.keys(BY_CODE).filter((code) => !codes.has(code))).toEqual([]);
    const met: string[] = ALL.flatMap(({ code, params }) => {
      const kinds = [
        params?.why,
        params?.cause && 'cause',
        params?.said && 'said',
        params?.at && 'at',
        params?.status && 'status',
      ];
      const wanted = params?.wanted === undefined ? [] : [`wanted/${params.wanted}`];
      return [...kinds.map((kind) => `${code}/${kind}`), ...wanted];
    });
    const worded = [...Object.keys(SWEDISH.failures), ...Object.keys(SWEDISH.templates)].filter((key) =>
      key.includes('/'),
    );
    const ofStatuses = ['http/redirect', 'http/success', 'unsent/line'];
    expect(worded.filter((key) => !met.includes(key) && !ofStatuses.includes(key))).toEqual([]);
  });

  it.each([
    [
      { code: 'dns_failed', why: 'timeout', host: 'a.example', limitMs: 5_000 },
      'DNS gav ingen adress för a.example inom 5 s',
    ],
    [
      { code: 'unreachable', host: 'a.example:443', answered: 200 },
      'svarade 200, men a.example:443 går inte att nå',
    ],
    [
      { code: 'oauth_unreachable', cause: 'dns_not_found', host: 'a.example' },
      'tokenservern gav ingen token: DNS känner inte till a.example',
    ],
    [
      { code: 'template_syntax', why: 'stray', tag: 'endif', line: 3 },
      'skickades inte: taggen ”endif” hör inte till någon tagg, eller så är en annan ännu öppen (rad 3 i mallen)',
    ],
  ])('tells of %j', ({ code, ...params }, text) => {
    const { text: said } = failureWords(SWEDISH, { code, reason: '…', params, url }, 'sv');
    expect(said.replaceAll('\u00a0', ' ')).toBe(text);
  });

  it('sets apart what others say', () => {
    const params = { why: 'said', said: 'invalid_client (The client is not known)', status: 400 };
    expect(failureWords(SWEDISH, { code: 'oauth_refused', reason: '…', params }, 'sv')).toEqual({
      text: `tokenservern avvisade oss: ${params.said}`,
      foreign: params.said,
    });
  });

  it('is told with the words of the API where its values were not kept', () => {
    const reason = 'the TLS handshake failed (the port does not speak TLS)';
    expect(failureWords(SWEDISH, { code: 'tls_failed', reason, params: null, url }, 'sv')).toEqual({
      text: `TLS-handskakningen med hooks.example misslyckades (${reason})`,
      foreign: reason,
    });
  });

  it('is in English what the API says itself', () => {
    const english = textsOf('en');
    for (const failure of ALL)
      expect(failureWords(english, { ...failure, url }, 'en').text).toBe(failure.reason);
  });
});
