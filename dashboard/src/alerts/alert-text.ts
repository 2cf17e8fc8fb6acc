import i18next, { type TFunction } from 'i18next';
import type { AlertView } from '../data/alerts.ts';
import { formatLocale } from '../i18n.ts';
import { type FailureTexts, failureWords } from '../words/failure-words.ts';
import { textsOf, type Values, type Words, wordsFor } from '../words/own-words.ts';

/** What an alert is about, in the viewer's language. */
export function alertText(t: TFunction, { kind }: AlertView): string {
  return t(`alerts.kinds.${kind}`);
}

/** What an alert says, in the viewer's language. */
export function alertMessage(t: TFunction, alert: AlertView): string {
  const texts = textsOf<Words>('alerts') as unknown as { readonly texts: Words } | undefined;
  if (texts === undefined) return alert.message;
  const failures = {
    failures: textsOf<Words>('failures') ?? {},
    templates: textsOf<Words>('templates') ?? {},
  };
  return alertWords(texts.texts, failures, alert, formatLocale(i18next.language), t('alerts.failed'));
}

type Told = Pick<AlertView, 'kind' | 'message' | 'params'>;

/** @returns the API's own text where its values were not kept, or there are no words */
export function alertWords(
  texts: Words,
  failures: FailureTexts,
  { kind, message, params }: Told,
  language: string,
  failed: string,
): string {
  const times = timesOf(params ?? {}, language);
  const values: Values = { ...params, ...times, message: timed(message, params ?? {}, times) };
  const failure = params && causeOf(failures, params, language, failed);
  return wordsFor(texts, kind, kindOf(params ?? {}), { ...values, failure }) ?? message;
}

/** How the last attempt ended. Its values weren't always kept: then its code has to do. */
function causeOf(failures: FailureTexts, params: Values, language: string, failed: string): string {
  const code = String(params.failureCode ?? '');
  const statusCode = typeof params.statusCode === 'number' ? params.statusCode : null;
  const failure = { code, reason: '', statusCode, params: failureParams(params) };
  const { text } = failureWords(failures, failure, language);
  return text === '' || text.includes('()') ? failed.replace('{{code}}', code) : text;
}

/** The values of its reason, which stand among those of the alert: `host` as `failureHost`. */
function failureParams(params: Values): Values | null {
  const own = Object.entries(params).flatMap(([name, value]) => {
    const [, first, rest = ''] = /^failure([A-Z])(\w*)$/.exec(name) ?? [];
    return first === undefined ? [] : [[first.toLowerCase() + rest, value] as const];
  });
  const { code: _code, ...values } = Object.fromEntries(own);
  return Object.keys(values).length > 0 ? values : null;
}

function kindOf({ why, state, deliveries, limit }: Values): string | undefined {
  if (Number(limit) === 1) return 'one';
  if (Number(deliveries) > 1 && why === undefined) return 'batch';
  const [kind] = [why, state].filter((one) => typeof one === 'string');
  return typeof kind === 'string' ? kind : undefined;
}

const TIMES = ['since', 'from', 'notAfter', 'endsAt'] as const;

function timesOf(params: Values, language: string): Values {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return Object.fromEntries(
    TIMES.flatMap((name) => {
      const ms = Date.parse(String(params[name]));
      return Number.isNaN(ms) ? [] : [[name, format.format(ms)]];
    }),
  );
}

/** The API's own text, with its times as the viewer reads them. */
function timed(message: string, params: Values, times: Values): string {
  return Object.entries(times).reduce(
    (text, [name, time]) => text.replaceAll(String(params[name]), () => String(time)),
    message,
  );
}
