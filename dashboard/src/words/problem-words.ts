import i18next from 'i18next';
import { ApiProblem, type FieldProblem } from '../api.ts';
import type en from '../locales/en/problems.json';
import { textsOf, type Values, type Words, wordsFor } from './own-words.ts';
import { templateWords } from './template-words.ts';

type Texts = { readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : Words };

const MOST_NAMED = 3;

/** Why something failed, in the viewer's language. @param otherwise for what the API doesn't tell */
export function problemText(error: unknown, otherwise: string): string {
  if (!(error instanceof ApiProblem)) return otherwise;
  const texts = textsOf<Texts>('problems');
  if (texts === undefined) return error.message;
  return problemWords(texts, error, textsOf<Words>('templates'));
}

/** What is wrong with a field, in the viewer's language. */
export function fieldText(problem: FieldProblem): string {
  const texts = textsOf<Texts>('problems');
  return texts === undefined ? problem.message : fieldWords(texts, problem, textsOf<Words>('templates'));
}

/** @returns the API's own text for a code that has no words */
export function problemWords(texts: Texts, error: ApiProblem, templates: Words = {}): string {
  const { code, message, errors, params = {} } = error;
  const fields = errors.length > 0 ? fieldList(texts, errors, templates) : undefined;
  const kind = typeof params.why === 'string' ? params.why : undefined;
  return wordsFor(texts.codes, code, kind, { ...params, message, fields }) ?? message;
}

function fieldList(texts: Texts, errors: readonly FieldProblem[], templates: Words): string {
  const named = errors
    .slice(0, MOST_NAMED)
    .map((one) => `${nameOf(texts, one.path)}: ${fieldWords(texts, one, templates)}`);
  const count = errors.length - MOST_NAMED;
  return [...named, ...(count > 0 ? [i18next.t('problems.more', { count })] : [])].join('; ');
}

function fieldOf(path: string): string {
  return path.replace(/^webhook\./, '').split(/[.[]/)[0] ?? '';
}

/** A field as the forms name it; as it is sent where they don't. */
function nameOf({ names }: Texts, path: string): string {
  const whole = path.replace(/^webhook\./, '').replaceAll(/\[\d+\]/g, '[]');
  if (Object.hasOwn(names, whole)) return names[whole] as string;
  const first = fieldOf(path);
  return Object.hasOwn(names, first) ? (names[first] as string) : path;
}

/**
 * @param templates what is said of templates
 * @returns the API's own text for a code that has no words
 */
export function fieldWords(
  texts: Texts,
  { path, code, message, params = {} }: FieldProblem,
  templates: Words = {},
): string {
  // Of a template the place is told apart from what is wrong there.
  const own = typeof params.message === 'string' ? params.message : message;
  const placed = params.line !== undefined;
  const detail = templateWords(templates, code, { ...params, message: own });
  const values: Values = {
    ...params,
    message: own,
    detail: detail && detail.charAt(0).toUpperCase() + detail.slice(1),
    place: placed ? wordsFor({ at: texts.place }, 'at', undefined, params) : '',
  };
  const kind = kindOf(params);
  if (detail !== undefined && detail !== own)
    return wordsFor({ template: texts.template }, 'template', undefined, values) ?? message;
  // A few say it of one field in words of its own.
  const ofField = `${kind}/${fieldOf(path)}`;
  const words = wordsFor(
    texts.fields,
    code,
    Object.hasOwn(texts.fields, `${code}/${ofField}`) ? ofField : kind,
    values,
  );
  return words === undefined || words === own ? message : words;
}

/** What tells apart the things one code says. */
function kindOf({ rule, of, expected, allowed, least }: Values): string | undefined {
  // A text that should have a character at least is empty.
  if (of === 'characters' && least === 1) return 'nothing';
  const [kind] = [rule, of, expected].filter((one) => typeof one === 'string');
  if (typeof kind === 'string') return kind;
  return allowed === undefined ? undefined : 'allowed';
}
