// What a receiver needs to trust a webhook, on its own: no imports, only WebCrypto, TextEncoder, TextDecoder
// and atob, so that it runs in Node, Deno, Bun and edge workers alike.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

/** Why a request was refused. `bad_secret` and `bad_body` are mistakes of the receiver, the others of the sender. */
export type VerificationErrorCode =
  | 'missing_header'
  | 'bad_timestamp'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'no_matching_signature'
  | 'bad_secret'
  | 'bad_body';

/** The request can't be trusted. `code` is stable; `message` is for people and holds no secret. */
export class VerificationError extends Error {
  readonly code: VerificationErrorCode;

  constructor(code: VerificationErrorCode, message: string) {
    super(message);
    this.name = 'VerificationError';
    this.code = code;
  }
}

/** Headers as a Fetch `Request` has them, or as a plain object, like `request.headers` of Node. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How far the sender's clock and ours may be apart. Older requests may be replays. Default 300. */
  toleranceSeconds?: number;
  /** Milliseconds since 1970, for tests. Default `Date.now`. */
  now?: () => number;
}

/** What was signed. Nothing else of the request is to be trusted. */
export interface VerifiedWebhook {
  /** The event's id, the same for every attempt: drop what you have seen. */
  readonly id: string;
  /** When this attempt was sent, in seconds since 1970. */
  readonly timestampSeconds: number;
  /** The body as text, to be parsed now that it can be trusted. */
  readonly payload: string;
}

const SECRET_PREFIX = 'whsec_';
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const SIGNATURE_VERSION = 'v1';
const SIGNATURE_BYTES = 32;
const DEFAULT_TOLERANCE_SECONDS = 300;
const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/**
 * Verifies that a webhook comes from who holds the secret, as it was sent, and lately (Standard Webhooks).
 *
 * @param body exactly as received, before any JSON parser touched it
 * @param headers of the request; names in any case
 * @param secret `whsec_…`, or several while a secret is being changed: one that matches is enough
 * @returns id, timestamp and payload, which can now be trusted
 * @throws VerificationError with a `code` that says what is wrong. Answer 401 or 400 to it
 */
export async function verify(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  options: VerifyOptions = {},
): Promise<VerifiedWebhook> {
  const bytes = bytesOf(body);
  const secrets = secretsOf(secret);
  const id = requiredHeader(headers, 'webhook-id');
  const timestamp = requiredHeader(headers, 'webhook-timestamp');
  const signatures = signaturesOf(requiredHeader(headers, 'webhook-signature'));
  const timestampSeconds = checkTimestamp(timestamp, options);
  // The header's own text is what was signed, not what a number would print as.
  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  if (!(await matchesAny(signed, signatures, secrets))) {
    throw new VerificationError(
      'no_matching_signature',
      'No signature matches: the secret is another one, or the request was changed on its way ' +
        '(verify the body as received, before it is parsed).',
    );
  }
  return { id, timestampSeconds, payload: typeof body === 'string' ? body : new TextDecoder().decode(bytes) };
}

/** Types don't guard callers in plain JavaScript, and a parsed body is their most frequent mistake. */
function bytesOf(body: unknown): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  throw new VerificationError(
    'bad_body',
    'The body must be the raw text or bytes of the request, not an object that was parsed from it.',
  );
}

function secretsOf(secret: unknown): Uint8Array<ArrayBuffer>[] {
  const given: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  // No secret at all must never mean that anything goes.
  if (given.length === 0) throw new VerificationError('bad_secret', 'No secret was given.');
  return given.map(parseSecret);
}

function parseSecret(secret: unknown): Uint8Array<ArrayBuffer> {
  if (typeof secret !== 'string' || secret === '') {
    throw new VerificationError('bad_secret', 'No secret was given: is the variable it comes from set?');
  }
  const key = secret.startsWith(SECRET_PREFIX) ? decodeBase64(secret.slice(SECRET_PREFIX.length)) : undefined;
  if (!key || key.length < MIN_SECRET_BYTES || key.length > MAX_SECRET_BYTES) {
    throw new VerificationError(
      'bad_secret',
      `The secret must be whsec_ and base64 of ${MIN_SECRET_BYTES} to ${MAX_SECRET_BYTES} bytes. Copy all of it.`,
    );
  }
  return key;
}

function requiredHeader(headers: WebhookHeaders, name: string): string {
  const value = findHeader(headers, name);
  if (value) return value;
  throw new VerificationError('missing_header', `The request has no ${name} header.`);
}

function findHeader(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  for (const [key, value] of Object.entries(headers)) {
    if (key.toLowerCase() !== name) continue;
    // Signatures are a list anyway; a second id or timestamp makes what was signed something else, and fails.
    return typeof value === 'string' ? value : value?.join(' ');
  }
  return undefined;
}

/** The signatures of the version we know; the list may bring others, which are for others. */
function signaturesOf(header: string): Uint8Array<ArrayBuffer>[] {
  return header.split(' ').flatMap((entry) => {
    const comma = entry.indexOf(',');
    if (entry.slice(0, comma) !== SIGNATURE_VERSION) return [];
    const signature = decodeBase64(entry.slice(comma + 1));
    return signature?.length === SIGNATURE_BYTES ? [signature] : [];
  });
}

function checkTimestamp(text: string, options: VerifyOptions): number {
  const { toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, now = Date.now } = options;
  if (!/^\d{1,12}$/.test(text)) {
    throw new VerificationError('bad_timestamp', 'webhook-timestamp must be seconds since 1970.');
  }
  const timestampSeconds = Number(text);
  const ageSeconds = Math.floor(now() / 1000) - timestampSeconds;
  const limit = `more than ${toleranceSeconds} seconds`;
  // Written so that a tolerance which isn't a number refuses everything instead of nothing.
  if (!(ageSeconds <= toleranceSeconds)) {
    throw new VerificationError(
      'timestamp_too_old',
      `The request was sent ${limit} ago: it may be a replay.`,
    );
  }
  if (!(-ageSeconds <= toleranceSeconds)) {
    throw new VerificationError(
      'timestamp_too_new',
      `The request is dated ${limit} ahead: is the clock right?`,
    );
  }
  return timestampSeconds;
}

async function matchesAny(
  signed: Uint8Array<ArrayBuffer>,
  signatures: readonly Uint8Array<ArrayBuffer>[],
  secrets: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  for (const secret of secrets) {
    const key = await crypto.subtle.importKey('raw', secret, HMAC, false, ['verify']);
    for (const signature of signatures) {
      // Compares in constant time, so that the time it takes tells nothing about the right signature.
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return true;
    }
  }
  return false;
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
