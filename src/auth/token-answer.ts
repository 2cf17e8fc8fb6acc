import { STATUS_CODES } from 'node:http';
import type { SendFailure, Sent } from '../egress/send.ts';

export type TokenFailureCode =
  | 'oauth_unreachable'
  | 'oauth_unavailable'
  | 'oauth_redirected'
  | 'oauth_refused'
  | 'oauth_malformed'
  | 'oauth_token_type';

/** Why there is no access token. `reason` is public text: a lower-case phrase without a full stop. */
export interface TokenFailure {
  readonly code: TokenFailureCode;
  readonly reason: string;
  /** The values in the reason; `why` tells apart what one code says of different things. Absent: it holds none. */
  readonly params?: Params;
}

export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: string; readonly lifetimeMs: number }
  | {
      readonly kind: 'failure';
      readonly failure: TokenFailure;
      /** How long the server asks to be left alone. */
      readonly retryAfterMs: number | null;
    };

type Params = NonNullable<SendFailure['params']>;
type Response = Extract<Sent, { kind: 'response' }>;

/** Of a token that doesn't say (RFC 6749, 5.1 leaves it to the server's documentation). */
export const DEFAULT_LIFETIME_MS = 300_000;
/** A token that says more is asked for anew after a day all the same. */
export const MAX_LIFETIME_MS = 86_400_000;
const MAX_TOKEN_LENGTH = 8_192;
const MAX_SHOWN_LENGTH = 200;

/**
 * Judges the answer of a token server, which may be anything (RFC 6749, 5.1 and 5.2).
 *
 * @param secret what must not be shown, even if the server repeats it
 */
export function judgeTokenAnswer(sent: Exclude<Sent, { kind: 'aborted' }>, secret: string): TokenAnswer {
  if (sent.kind === 'failure') {
    const { code, reason, params } = sent.failure;
    return fail('oauth_unreachable', `the token server gave no token: ${reason}`, { ...params, cause: code });
  }
  const { status } = sent;
  if (status >= 200 && status < 300) return judgeGrant(sent);
  const answered = `the token server answered ${status}${phraseOf(status)}`;
  if (status < 400) {
    const reason = `${answered}: redirects are not followed, set tokenUrl to where it leads`;
    return fail('oauth_redirected', reason, { status });
  }
  if (status === 429 || status >= 500) {
    return fail('oauth_unavailable', answered, { status }, retryAfterMs(sent));
  }
  const said = errorOf(sent, secret);
  if (said === undefined) return fail('oauth_refused', answered, { status });
  return fail('oauth_refused', `the token server refused: ${said}`, { why: 'said', said, status });
}

function judgeGrant(sent: Response): TokenAnswer {
  const { status } = sent;
  const malformed = (why: string, what: string, more: Params = {}): TokenAnswer =>
    fail('oauth_malformed', `the token server answered ${status}, but ${what}`, { ...more, why, status });
  if (sent.bodyTruncated) return malformed('too_much', 'with more than a token server sends');
  const grant = parseObject(sent.body);
  if (grant === undefined) return malformed('no_object', 'not with a JSON object');
  const { access_token: token, token_type: type, expires_in: expiresIn } = grant;
  if (typeof token !== 'string' || token === '') {
    return malformed('no_token', 'without an access_token');
  }
  // A line break in it would begin another header.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return malformed('characters', 'its access_token is not visible ASCII without spaces');
  }
  if (token.length > MAX_TOKEN_LENGTH) {
    const what = `its access_token is longer than ${MAX_TOKEN_LENGTH} characters`;
    return malformed('too_long', what, { most: MAX_TOKEN_LENGTH });
  }
  // Required, but some leave it out; then there is nothing that it contradicts.
  if (type !== undefined && (typeof type !== 'string' || type.toLowerCase() !== 'bearer')) {
    const reason = `the token server answered ${status}, but its token_type is not bearer`;
    return fail('oauth_token_type', reason, { status });
  }
  const lifetimeMs = lifetimeOf(expiresIn);
  if (lifetimeMs === undefined) {
    return malformed('lifetime', 'its expires_in is not a number of seconds to come');
  }
  return { kind: 'token', token, lifetimeMs };
}

/** Some servers send the number as a text. */
function lifetimeOf(expiresIn: unknown): number | undefined {
  if (expiresIn === undefined || expiresIn === null) return DEFAULT_LIFETIME_MS;
  const isText = typeof expiresIn === 'string' && /^\d{1,15}$/.test(expiresIn);
  const seconds = isText ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return undefined;
  return Math.min(seconds * 1000, MAX_LIFETIME_MS);
}

/**
 * RFC 6749, 5.2: `invalid_client (Client authentication failed)`; undefined if the answer isn't of that form.
 */
function errorOf(sent: Response, secret: string): string | undefined {
  const { error, error_description: description } = (!sent.bodyTruncated && parseObject(sent.body)) || {};
  if (typeof error !== 'string') return undefined;
  const code = shown(error, secret);
  if (code === '') return undefined;
  const detail = typeof description === 'string' ? shown(description, secret) : '';
  return detail === '' ? code : `${code} (${detail})`;
}

/**
 * The RFC allows printable ASCII without quotes and backslashes, and so nothing that acts where it is shown.
 */
function shown(text: string, secret: string): string {
  const withoutSecret = secret === '' ? text : text.replaceAll(secret, '…');
  const plain = withoutSecret.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e…]+/g, ' ').trim();
  const cut = plain.length > MAX_SHOWN_LENGTH ? `${plain.slice(0, MAX_SHOWN_LENGTH)}…` : plain;
  return cut.replace(/\.$/, '');
}

function parseObject(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function retryAfterMs({ headers }: Response): number | null {
  const seconds = headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : null;
}

/** The registered phrase, not the server's. */
function phraseOf(status: number): string {
  const phrase = STATUS_CODES[status];
  return phrase === undefined ? '' : ` ${phrase}`;
}

function fail(
  code: TokenFailureCode,
  reason: string,
  params: Params,
  retryAfterMs: number | null = null,
): TokenAnswer {
  return { kind: 'failure', failure: { code, reason, params }, retryAfterMs };
}
