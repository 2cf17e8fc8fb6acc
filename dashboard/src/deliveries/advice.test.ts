import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adviceFor, BY_CODE } from './advice.ts';

const SRC = new URL('../../../src/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, SRC), 'utf8');

/** The codes of a union, as its file has them. */
function codesOf(path: string, union: string): string[] {
  const [, members = ''] = new RegExp(`export type ${union} =([^;]+);`).exec(read(path)) ?? [];
  return [...members.matchAll(/'([a-z_0-9]+)'/g)].map(([, code]) => code as string);
}

const SERVER = [
  ...codesOf('egress/failure.ts', 'FailureCode'),
  ...codesOf('auth/token-answer.ts', 'TokenFailureCode'),
  ...codesOf('payload/failure.ts', 'PayloadErrorCode'),
  ...codesOf('dispatch/prepare.ts', 'NotSentCode'),
];
const STATUSES = Array.from({ length: 500 }, (_, index) => 100 + index);

describe('adviceFor', () => {
  it.each([
    ['http_500', 500, 'server'],
    ['http_502', 502, 'server'],
    ['http_503', 503, 'busy'],
    ['http_429', 429, 'busy'],
    ['http_401', 401, 'auth'],
    ['http_404', 404, 'notFound'],
    ['http_422', 422, 'rejected'],
    ['http_301', 301, 'url'],
    ['http_204', 204, 'success'],
    ['gone', 410, 'gone'],
    ['dns_not_found', null, 'url'],
    ['connection_refused', null, 'url'],
    ['tls_certificate_expired', null, 'tls'],
    ['tls_client_certificate_refused', null, 'auth'],
    ['oauth_refused', null, 'tokens'],
    ['timeout', null, 'timeout'],
    // An answer began, but its body never ended.
    ['timeout', 200, 'timeout'],
    ['something_new', null, 'other'],
    ['constructor', null, 'other'],
  ] as const)('answers %s with what can be done about it', (code, status, advice) => {
    expect(adviceFor(code, status)).toBe(advice);
  });

  it('has an answer of its own for every code the server can give', () => {
    expect(SERVER.length).toBeGreaterThan(40);
    expect(SERVER.filter((code) => !Object.hasOwn(BY_CODE, code))).toEqual([]);
    expect(Object.keys(BY_CODE).sort()).toEqual([...new Set(SERVER)].sort());
  });

  it('has its words in every language, and no words that nobody gets', () => {
    const given = new Set([
      ...SERVER.map((code) => adviceFor(code, null)),
      ...STATUSES.map((status) => adviceFor(`http_${status}`, status)),
      adviceFor('unheard_of', null),
    ]);
    for (const language of readdirSync(new URL('../locales/', import.meta.url))) {
      const file = new URL(`../locales/${language}/deliveries.json`, import.meta.url);
      const { title, ...advice } = JSON.parse(readFileSync(file, 'utf8')).advice;
      expect(title).not.toBe('');
      expect(Object.keys(advice).sort(), language).toEqual([...given].sort());
      expect(new Set(Object.values(advice)).size, language).toBe(given.size);
    }
  });
});
