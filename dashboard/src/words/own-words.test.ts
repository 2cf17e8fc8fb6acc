import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/condition/explain.ts';
import { parseCondition } from '../../../src/condition/parse.ts';
import { ApiProblem, type FieldProblem } from '../api.ts';
import { failureWords } from './failure-words.ts';
import { wordsFor } from './own-words.ts';
import { fieldWords, problemWords } from './problem-words.ts';
import { conditionWords, ruleWords } from './rule-words.ts';

const words = (language: string, name: string) =>
  JSON.parse(readFileSync(new URL(`../locales/${language}/${name}.json`, import.meta.url), 'utf8'));
const swedish = (name: string) => words('sv', name);
const PROBLEMS = swedish('problems');
const FAILURES = { failures: swedish('failures'), templates: swedish('templates') };
const EXPLANATIONS = swedish('explanations');

describe('words for what the API says', () => {
  it.each(['unheard_of', 'constructor', '__proto__', ''])(
    'are its own where there are none for %j',
    (code) => {
      const own = 'Something new is wrong.';
      expect(problemWords(PROBLEMS, new ApiProblem(400, code, own))).toBe(own);
      expect(fieldWords(PROBLEMS, { path: 'url', code, message: own })).toBe(own);
      expect(failureWords(FAILURES, { code, reason: own }, 'sv')).toEqual({ text: own });
      const rule = { rule: 'status', holds: true, sentence: own, code, params: {} };
      expect(ruleWords(EXPLANATIONS, rule)).toBe(own);
    },
  );

  it('are its own where a value they name is missing', () => {
    expect(wordsFor({ late: 'wait {{minutes}}' }, 'late', undefined, { minutes: 3 })).toBe('wait 3');
    expect(wordsFor({ late: 'wait {{minutes}}' }, 'late', undefined, {})).toBeUndefined();
    expect(problemWords(PROBLEMS, new ApiProblem(429, 'too_many_attempts', 'Too many.'))).toBe('Too many.');
  });

  it('say that no event is chosen, be it of a webhook or of one being tried out', () => {
    const problem = { code: 'too_small', message: '…', params: { least: 1, of: 'items' } };
    expect(fieldWords(PROBLEMS, { ...problem, path: 'events' })).toBe('Välj minst en händelse');
    expect(fieldWords(PROBLEMS, { ...problem, path: 'webhook.events' })).toBe('Välj minst en händelse');
    expect(fieldWords(PROBLEMS, { ...problem, path: 'scopes' })).toBe('välj minst 1');
  });

  it('name fields as forms do, with the values of each', () => {
    const errors: FieldProblem[] = [
      { path: 'name', code: 'too_large', message: '…', params: { most: 200, of: 'characters' } },
      { path: 'headers.Host', code: 'invalid', message: '…', params: { rule: 'header_reserved' } },
    ];
    expect(problemWords(PROBLEMS, new ApiProblem(400, 'validation_failed', '…', errors))).toBe(
      'Namn: får vara högst 200 tecken; Headers: är reserverad: systemet sätter den självt',
    );
  });

  it('say of an empty text that it is missing, and name what it belongs to by its label', () => {
    const empty = { code: 'too_small', message: '…', params: { least: 1, of: 'characters' } };
    const errors: FieldProblem[] = [
      { ...empty, path: 'auth.tokenUrl' },
      { ...empty, path: 'auth.clientId', params: { least: 2, of: 'characters' } },
      { ...empty, path: 'headers[3].name', code: 'required' },
    ];
    expect(problemWords(PROBLEMS, new ApiProblem(400, 'validation_failed', '…', errors))).toBe(
      'Token-URL: saknas; Klient-ID: ska vara minst 2 tecken; Headerns namn: saknas',
    );
  });

  it.each(['en', 'sv'])('name what authentication needs as the editor does, in %s', (language) => {
    const { names } = words(language, 'problems');
    const { fields } = words(language, 'webhooks').auth;
    const named = Object.entries(names).filter(([path]) => path.startsWith('auth.'));
    expect(new Set(named.map(([, name]) => name))).toEqual(new Set(Object.values(fields)));
  });

  it('say what is wrong with a template, and where', () => {
    const message = 'The JSON ends too early: a colon is expected.';
    const params = { message, line: 2, column: 7, why: 'early', wanted: 'colon' };
    const problem = {
      path: 'payload.template',
      code: 'invalid_json',
      message: `${message} (line 2)`,
      params,
    };
    expect(fieldWords(PROBLEMS, problem, FAILURES.templates)).toBe(
      'JSON-texten slutar för tidigt: ett kolon saknas på rad 2, kolumn 7.',
    );
    const older = { message: 'It ends too early', line: 2, column: 7 };
    expect(fieldWords(PROBLEMS, { ...problem, params: older }, FAILURES.templates)).toBe(
      'Det mallen ger är inte giltig JSON på rad 2, kolumn 7 (It ends too early)',
    );
    expect(fieldWords(words('en', 'problems'), problem, words('en', 'templates'))).toBe(problem.message);
  });

  it.each([
    [{ code: 'http_404', statusCode: 404 }, 'svarade 404'],
    [{ code: 'http_302', statusCode: 302 }, 'svarade 302: omdirigeringar följs inte, ange den nya URL:en'],
    [{ code: 'connection_refused', url: 'https://a.example:8443/x' }, 'a.example avvisade anslutningen'],
    [{ code: 'timeout', durationMs: 15_000 }, 'inget svar inom 15 s'],
    [
      { code: 'timeout', durationMs: 15_000, statusCode: 200 },
      'svarade 200, men svaret tog inte slut inom 15 s',
    ],
  ])('tell of %j', (failure, text) => {
    const { text: told } = failureWords(FAILURES, { reason: 'in English', ...failure }, 'sv');
    expect(told.replaceAll('\u00a0', ' ')).toBe(text);
  });

  it.each([
    [
      { field: 'order.total', operator: 'greaterThan', value: 100 },
      'order.total är 12.5, vilket inte är större än 100.',
    ],
    [{ field: 'order.paid', operator: 'isTrue' }, 'order.paid är sant.'],
    [
      { field: 'order.tags', operator: 'inList', value: ['a', 'b'] },
      'order.tags är en lista med 2 poster ("x", "y"), vilket inte finns i listan ("a", "b").',
    ],
    [
      { field: 'order.gone', operator: 'equals', value: 'x' },
      'order.gone är inte där, vilket inte är lika med "x".',
    ],
    [
      { field: 'order.note', operator: 'greaterThan', property: 'order.total' },
      'order.note är "hej", vilket inte är större än order.total (12.5): det är inget tal.',
    ],
    [
      { field: 'order.due', operator: 'before', date: { base: 'today', plus: 2 } },
      'order.due är "2026-03-14T23:30:00-02:00" (2026-03-15 i UTC), vilket inte är före i dag + 2 dagar (2026-03-15).',
    ],
    [
      { field: 'order.total', operator: 'between', value: [20, 30] },
      'order.total är 12.5, vilket inte är mellan 20 och 30.',
    ],
    [
      { field: 'parcel.weight', operator: 'lessThan', value: 3 },
      'parcel.weight går inte att avgöra: det som skulle ha det finns inte eller är inget objekt, eller har för många poster.',
    ],
  ])('tell of the rule %j', (rule, text) => {
    const parsed = parseCondition({ mode: 'continue', all: [rule] }, '');
    if (!('condition' in parsed)) throw new Error(JSON.stringify(parsed));
    const order = {
      total: 12.5,
      paid: true,
      tags: ['x', 'y'],
      note: 'hej',
      due: '2026-03-14T23:30:00-02:00',
    };
    const { rules } = explain(parsed.condition, { order }, Date.parse('2026-03-13T14:30:00Z'));
    const [found] = rules.all ?? [];
    if (!found || !('sentence' in found)) throw new Error('no rule');
    expect(conditionWords(EXPLANATIONS, found)).toBe(text);
    expect(conditionWords(JSON.parse(ENGLISH), found)).toBe(found.sentence);
  });
});

const ENGLISH = readFileSync(new URL('../locales/en/explanations.json', import.meta.url), 'utf8');
