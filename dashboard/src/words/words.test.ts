import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPERATOR_NAMES } from '../../../src/condition/operators.ts';
import { PROBLEM_CODES } from '../../../src/condition/problems.ts';
import { RULE_CODES } from '../../../src/manage/explain-rules.ts';
import { BY_CODE } from '../deliveries/advice.ts';

const SRC = new URL('../../../src/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, SRC), 'utf8');
const SOURCES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: read(path) }));

function found(pattern: RegExp, parts = /./): string[] {
  const texts = SOURCES.filter(({ path }) => parts.test(path)).map(({ text }) => text);
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code as string)))];
}

/** The codes of a union, as its file has them. */
function codesOf(path: string, union: string): string[] {
  const [, members = ''] = new RegExp(`type ${union} =([^;]+);`).exec(read(path)) ?? [];
  return [...members.matchAll(/'([a-z_0-9]+)'/g)].map(([, code]) => code as string);
}

/** Of what the dashboard never asks for: starting a process, publishing, and being part of a program. */
const MET_BY_PROGRAMS = new Set([
  'batch_too_large',
  'data_dir_in_use',
  'database_too_new',
  'encryption_key_unknown',
  'idempotency_conflict',
  'misconfigured',
  'not_a_transaction',
  'not_in_transaction',
  'payload_too_large',
  'serialization_failure',
  'stopped',
]);

const PROBLEMS = found(/(?:new WaybillError|conflict)\(\s*'([a-z_]+)'/g).filter(
  (code) => !MET_BY_PROGRAMS.has(code),
);
const FIELDS = [
  'invalid',
  ...PROBLEM_CODES,
  ...[...(/const CODES[^=]+= \{([^}]+)\}/s.exec(read('input.ts'))?.[1] ?? '').matchAll(/: '([a-z_]+)'/g)].map(
    ([, code]) => code as string,
  ),
  ...codesOf('payload/failure.ts', 'PayloadErrorCode'),
  ...codesOf('egress/url.ts', 'UrlProblem'),
  ...codesOf('egress/identity-problem.ts', 'IdentityProblemCode'),
  ...found(/path[^\n]*\bcode: '([a-z_]+)'/g, /^(manage|people|auth|http)\//),
  ...found(/params: \{ code: '([a-z_]+)'/g),
];
const RULES = found(
  /\brule: '([a-z_]+)'/g,
  /^(auth|http|input|people|profile|publish\/event|manage\/(?!explain))/,
);

describe.each(['en', 'sv'])('the words of the dashboard in %s', (language) => {
  const texts = (name: string) =>
    JSON.parse(readFileSync(new URL(`../locales/${language}/${name}.json`, import.meta.url), 'utf8'));
  const wordless = (codes: readonly string[], words: object) =>
    [...new Set(codes)].filter((code) => !Object.hasOwn(words, code));

  it('has words for every problem somebody can meet there', () => {
    expect(PROBLEMS.length).toBeGreaterThan(35);
    expect(wordless(PROBLEMS, texts('problems').codes)).toEqual([]);
  });

  it('has words for everything that can be wrong with a field', () => {
    expect(FIELDS.length).toBeGreaterThan(60);
    expect(wordless(FIELDS, texts('problems').fields)).toEqual([]);
  });

  it('has words for every rule of texts that only its parameter tells apart', () => {
    expect(RULES.length).toBeGreaterThan(18);
    const { fields } = texts('problems');
    const known = (rule: string) => [`invalid/${rule}`, `url_scheme/${rule}`].some((key) => key in fields);
    expect(RULES.filter((rule) => !known(rule))).toEqual([]);
  });

  it('has words for every reason why an attempt fails', () => {
    const codes = [...Object.keys(BY_CODE), 'http', 'http/redirect', 'http/success', 'gone'];
    expect(wordless(codes, texts('failures'))).toEqual([]);
  });

  it('has words for every rule of explain, and every operator of a condition', () => {
    const { rules, operators } = texts('explanations');
    expect(wordless(RULE_CODES, rules)).toEqual([]);
    const phrases = OPERATOR_NAMES.flatMap((name) => [`${name}/holds`, `${name}/fails`]);
    expect(wordless(phrases, operators)).toEqual([]);
  });

  it('has words for every change that is written down', () => {
    const changes = found(
      /(?:action: |: |, )'((?:[a-z]+-)?[a-z]+\.[a-z-]+)'[,;)]/g,
      /^(manage|people)\//,
    ).filter((name) => /\.([a-z]+ed|missed-declined|[a-z]+-[a-z]+ed|made-due)$/.test(name));
    expect(changes.length).toBeGreaterThan(30);
    expect(wordless(changes, texts('audit').actions)).toEqual([]);
    const kinds = changes.map((action) => action.slice(0, action.indexOf('.')));
    expect(Object.keys(texts('audit').targets).sort()).toEqual([...new Set(kinds)].sort());
  });

  it('has no words that nobody says any more', () => {
    const { codes, fields } = texts('problems');
    const ownCodes = ['unreachable', 'unknown', 'not_json'];
    const whys = codesOf('people/refusals.ts', 'Forbidden').map((why) => `forbidden/${why}`);
    const said = new Set([...PROBLEMS, ...ownCodes, ...whys]);
    expect(whys).toHaveLength(4);
    expect(Object.keys(codes).filter((key) => !said.has(key))).toEqual([]);
    expect(Object.keys(fields).filter((key) => !key.includes('/') && !FIELDS.includes(key))).toEqual([]);
  });
});
