import { type Values, type Words, wordsFor } from './own-words.ts';

/**
 * What is wrong with a template, or with what it yields: a phrase without a full stop.
 *
 * @param params of the problem, with the API's own text as `message`
 * @returns undefined where there are no words for it
 */
export function templateWords(texts: Words, code: string, params: Values): string | undefined {
  const { why, wanted, message } = params;
  const values = { ...params, wanted: wantedWords(texts, wanted, message) };
  return wordsFor(texts, code, typeof why === 'string' ? why : undefined, values);
}

/** What should stand where something else does. */
function wantedWords(texts: Words, wanted: Values[string], message: Values[string]): string | undefined {
  return typeof wanted === 'string' ? wordsFor(texts, 'wanted', wanted, { message }) : undefined;
}
