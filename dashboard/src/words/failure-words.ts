import i18next from 'i18next';
import { duration } from '../components/time.tsx';
import { formatLocale } from '../i18n.ts';
import { textsOf, type Values, type Words, wordsFor } from './own-words.ts';
import type { Said } from './said.ts';
import { templateWords } from './template-words.ts';

/** Why an attempt failed, as the API tells it. What isn't known of it is left out. */
export interface Failure {
  readonly code: string;
  /** The API's own text: a lower-case phrase without a full stop, as the words here are. */
  readonly reason: string;
  /** The values in it; null: none, or they were not kept. */
  readonly params?: Values | null;
  readonly statusCode?: number | null;
  readonly durationMs?: number;
  readonly url?: string;
}

/** The words for failures, and for what goes wrong with templates. */
export interface FailureTexts {
  readonly failures: Words;
  readonly templates: Words;
}

/** Why an attempt failed, in the viewer's language: a lower-case phrase without a full stop. */
export function failureSaid(failure: Failure): Said {
  const failures = textsOf<Words>('failures');
  const templates = textsOf<Words>('templates');
  if (failures === undefined || templates === undefined) return { text: failure.reason };
  return failureWords({ failures, templates }, failure, formatLocale(i18next.language));
}

/** The same for where nothing in it can be set apart. */
export function failureText(failure: Failure): string {
  return failureSaid(failure).text;
}

/** @returns the API's own text for a code that has no words */
export function failureWords(texts: FailureTexts, failure: Failure, language: string): Said {
  const { reason, params } = failure;
  const text = textOf(texts, failure, language);
  if (text === undefined) return { text: reason };
  const foreign = [params?.said, reason].find(
    (one) => typeof one === 'string' && one !== '' && text.includes(one),
  );
  return { text, ...(typeof foreign === 'string' && foreign !== text && { foreign }) };
}

function textOf(texts: FailureTexts, failure: Failure, language: string): string | undefined {
  const { code, reason, params } = failure;
  const values = valuesOf(failure, language);
  const { answered, cause } = params ?? {};
  if (typeof cause === 'string') {
    // Of the token server: where the webhook leads says nothing of it.
    const { cause: _cause, ...others } = params ?? {};
    const inner = textOf(texts, { code: cause, reason, params: others }, language);
    return wordsFor(texts.failures, code, 'cause', { ...values, cause: inner });
  }
  if (typeof answered === 'number') {
    const { answered: _answered, ...others } = params ?? {};
    const inner = textOf(texts, { ...failure, statusCode: null, params: others }, language);
    return wordsFor(texts.failures, 'answered', undefined, { ...values, failure: inner });
  }
  const detail = params && templateWords(texts.templates, code, { ...params, message: reason });
  if (detail) {
    const place = params?.line === undefined ? undefined : 'line';
    return wordsFor(texts.failures, 'unsent', place, { ...values, detail });
  }
  return wordsFor(texts.failures, code.startsWith('http_') ? 'http' : code, kindOf(failure), values);
}

function valuesOf({ reason, params, statusCode, durationMs, url }: Failure, language: string): Values {
  const { limitMs = durationMs, at } = params ?? {};
  return {
    host: url === undefined ? undefined : URL.parse(url)?.hostname,
    status: statusCode,
    ...params,
    message: reason,
    duration: typeof limitMs === 'number' ? duration(limitMs, language) : undefined,
    at: typeof at === 'string' ? timeText(at, language) : undefined,
  };
}

function timeText(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    Date.parse(at),
  );
}

/** What tells apart the things one code says. */
function kindOf({ code, params, statusCode }: Failure): string | undefined {
  if (typeof params?.why === 'string') return params.why;
  const named = ['said', 'at', 'status'].find((name) => params?.[name] !== undefined);
  if (named !== undefined) return named;
  if (typeof statusCode !== 'number') return undefined;
  if (code === 'timeout') return 'answered';
  if (statusCode < 300) return 'success';
  return statusCode < 400 ? 'redirect' : undefined;
}
