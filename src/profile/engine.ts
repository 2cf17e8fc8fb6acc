import { createHmac, type KeyObject, sign as signOnce } from 'node:crypto';
import { itemSpans } from '../json-source.ts';
import { VERSION } from '../version.ts';
import { headerLimits, MAX_HEADER_CHARS } from './header-limits.ts';
import { projectPayload } from './payload-fields.ts';
import { type BodyField, type Profile, payloadOf, type Signature } from './profile.ts';
import { parseSecret } from './secret.ts';
import { headerTextOf, jsonOf, membersOf, type Subject } from './subject.ts';
import { fillTemplate } from './template.ts';

type NamedField = Extract<BodyField, { name: string }>;
type SpreadField = Exclude<BodyField, NamedField>;

const USER_AGENT = `Waybill/${VERSION}`;
const HASHES = { 'hmac-sha256': 'sha256', 'hmac-sha512': 'sha512' } as const;

/** Whether an event's body is the same for every webhook and attempt, so that it needs to be made only once. */
export function isBodyShared(profile: Profile): boolean {
  return typeof profile.body === 'string' || profile.body.every(isOfEvent);
}

function isOfEvent(field: BodyField): boolean {
  if ('spread' in field) return true;
  const { value } = field;
  if (typeof value === 'string') return value.startsWith('event.') || value === 'payload.version';
  return 'const' in value || value.count.startsWith('event.');
}

/** The body of a request: JSON, its members in the profile's order. */
export function renderBody(profile: Profile, subject: Subject): string {
  if (typeof profile.body === 'string') return subject.event.data;
  let text = '';
  for (const field of profile.body) {
    const more =
      'spread' in field
        ? spread(profile, field, subject)
        : field.prefix + memberText(profile, field, subject);
    if (more !== '') text += `${text === '' ? '' : ','}${more}`;
  }
  return `{${text}}`;
}

function memberText(profile: Profile, { value }: NamedField, subject: Subject): string {
  if (value === 'event.payload') return payloadText(profile, subject);
  if (typeof value === 'string') return jsonOf(value, subject);
  if ('const' in value) return JSON.stringify(value.const);
  const counted = jsonOf(value.count, subject);
  return String(counted.startsWith('[') ? itemSpans(counted, [0, counted.length]).length : 0);
}

/**
 * The members of the payload among those of the envelope, which keep their names to themselves. A payload without
 * members becomes one named data, so that it isn't lost.
 */
function spread(profile: Profile, field: SpreadField, subject: Subject): string {
  const text = field.spread === 'event.data' ? subject.event.data : payloadText(profile, subject);
  if (!text.trimStart().startsWith('{')) return `"data":${text}`;
  const taken = new Set(namesOf(profile));
  return [...membersOf(text)]
    .filter(([name]) => !taken.has(name))
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    .join(',');
}

function namesOf({ body }: Profile): string[] {
  return typeof body === 'string' ? [] : body.flatMap((field) => ('name' in field ? field.name : []));
}

function payloadText(profile: Profile, { event }: Subject): string {
  const payload = payloadOf(profile, event.type);
  return payload ? projectPayload(event.data, payload) : event.data;
}

/**
 * The headers of a request but for those of its framing: content type, user agent, the profile's own, signatures.
 *
 * @param secrets those that sign now, the current one first
 */
export function renderHeaders(
  profile: Profile,
  subject: Subject,
  body: Uint8Array,
  secrets: readonly string[],
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': profile.userAgent ?? USER_AGENT,
  };
  const textOf = textsOf(profile, subject);
  for (const [name, template] of Object.entries(profile.headers)) {
    headers[name] = fillTemplate(template, textOf).trim();
  }
  for (const signature of profile.signatures) {
    headers[signature.header] = sign(signature, textOf, body, secrets).value;
  }
  return headers;
}

type TextOf = (reference: string) => string;

/** What references stand for in one request, be it in a header or in what is signed: made once, so that it is the same. */
function textsOf(profile: Profile, subject: Subject): TextOf {
  const limits = headerLimits(profile);
  const texts = new Map<string, string>();
  return (reference) => {
    const known = texts.get(reference);
    if (known !== undefined) return known;
    const text = headerTextOf(reference, subject, limits.get(reference) ?? MAX_HEADER_CHARS);
    texts.set(reference, text);
    return text;
  };
}

/** What a header with signatures vouches for. */
export interface SignedContent {
  readonly header: string;
  readonly algorithm: Signature['algorithm'];
  /** Each secret has signed these bytes. */
  readonly content: Buffer;
  /** How many of the secrets have, beginning with the current one. */
  readonly secrets: number;
}

/** What the signatures of a request are made over. @param secrets those that sign, the current one first */
export function signedContents(
  profile: Profile,
  subject: Subject,
  body: Uint8Array,
  secrets: readonly string[],
): SignedContent[] {
  const textOf = textsOf(profile, subject);
  return profile.signatures.map((signature) => ({
    header: signature.header,
    algorithm: signature.algorithm,
    content: Buffer.concat(contentOf(signature, textOf, body).map((piece) => Buffer.from(piece))),
    secrets: sign(signature, textOf, body, secrets).count,
  }));
}

/** @returns the value of the header, and how many of the secrets have signed for it */
function sign(
  signature: Signature,
  textOf: TextOf,
  body: Uint8Array,
  secrets: readonly string[],
): { readonly value: string; readonly count: number } {
  const used = signature.secrets === 'all' ? secrets : secrets.slice(0, 1);
  const content = contentOf(signature, textOf, body);
  const each = used.map((secret) => {
    const signed = signContent(signature.algorithm, content, keyOf(secret, signature.key));
    return fill(signature.each, 'signature', signed.toString(signature.encoding), textOf);
  });
  const withSignatures = (count: number): string =>
    fill(signature.value, 'signatures', each.slice(0, count).join(signature.separator), textOf);
  // Half a signature is none: those of the secrets that were replaced first are left out.
  let count = each.length;
  let value = withSignatures(count);
  while (value.length > MAX_HEADER_CHARS && count > 1) {
    count -= 1;
    value = withSignatures(count);
  }
  return { value: value.trim(), count };
}

/** What is signed, in pieces: the body isn't copied. */
function contentOf(signature: Signature, textOf: TextOf, body: Uint8Array): (string | Uint8Array)[] {
  const pieces: (string | Uint8Array)[] = [];
  let text = '';
  for (const part of signature.content.parts) {
    text += part.text;
    if (part.reference === 'body') {
      pieces.push(text, body);
      text = '';
    } else if (part.reference !== null) {
      text += textOf(part.reference);
    }
  }
  return text === '' ? pieces : [...pieces, text];
}

function signContent(
  algorithm: Signature['algorithm'],
  content: readonly (string | Uint8Array)[],
  key: KeyObject,
): Buffer {
  if (algorithm === 'ed25519') {
    return signOnce(null, Buffer.concat(content.map((piece) => Buffer.from(piece))), key);
  }
  const mac = createHmac(HASHES[algorithm], key);
  for (const piece of content) mac.update(piece);
  return mac.digest();
}

function fill(template: Signature['each'], name: string, value: string, textOf: TextOf): string {
  return fillTemplate(template, (reference) => (reference === name ? value : textOf(reference)));
}

// Making a key object costs as much as signing with it; there are as many as live secrets.
const keys = {
  text: new Map<string, KeyObject>(),
  whsec: new Map<string, KeyObject>(),
  whsk: new Map<string, KeyObject>(),
};
const MEMORY_OF_KEYS = 10_000;

/** @throws Error for a secret that can't be one of this kind: it was checked when it was set */
function keyOf(secret: string, kind: Signature['key']): KeyObject {
  const known = keys[kind].get(secret);
  if (known) return known;
  const key = parseSecret(secret, kind);
  if (!key) throw new Error('a secret is not of the form its profile wants');
  if (keys[kind].size >= MEMORY_OF_KEYS) keys[kind].clear();
  keys[kind].set(secret, key);
  return key;
}
