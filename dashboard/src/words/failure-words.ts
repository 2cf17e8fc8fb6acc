import i18next from 'i18next';
import { duration } from '../components/time.tsx';
import { formatLocale } from '../i18n.ts';
import { textsOf, type Words, wordsFor } from './own-words.ts';

/** Why an attempt failed, as the API tells it. What isn't known of it is left out. */
export interface Failure {
  readonly code: string;
  /** The API's own text: a lower-case phrase without a full stop, as the words here are. */
  readonly reason: string;
  readonly statusCode?: number | null;
  readonly durationMs?: number;
  readonly url?: string;
}

/** Why an attempt failed, in the viewer's language: a lower-case phrase without a full stop. */
export function failureText(failure: Failure): string {
  const texts = textsOf<Words>('failures');
  if (texts === undefined) return failure.reason;
  return failureWords(texts, failure, formatLocale(i18next.language));
}

/** @returns the API's own text for a code that has no words */
export function failureWords(texts: Words, failure: Failure, language: string): string {
  const { code, reason, statusCode, durationMs, url } = failure;
  const values = {
    message: reason,
    status: statusCode,
    duration: durationMs === undefined ? undefined : duration(durationMs, language),
    host: url === undefined ? undefined : URL.parse(url)?.hostname,
  };
  return wordsFor(texts, code.startsWith('http_') ? 'http' : code, kindOf(failure), values) ?? reason;
}

function kindOf({ code, statusCode }: Failure): string | undefined {
  if (typeof statusCode !== 'number') return undefined;
  if (code === 'timeout') return 'answered';
  if (statusCode < 300) return 'success';
  return statusCode < 400 ? 'redirect' : undefined;
}
