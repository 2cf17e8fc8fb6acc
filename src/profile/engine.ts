import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { itemSpans } from '../json-source.ts';
import { VERSION } from '../version.ts';
import type { BodyField, Profile, Signature } from './profile.ts';
import { parseSecret } from './secret.ts';
import { headerTextOf, jsonOf, membersOf, type Subject } from './subject.ts';
import { fillTemplate } from './template.ts';

const USER_AGENT = `Waybill/${VERSION}`;
const HASHES = { 'hmac-sha256': 'sha256', 'hmac-sha512': 'sha512' } as const;

/** Whether an event's body is the same for every webhook and attempt, so that it needs to be made only once. */
export function isBodyShared(profile: Profile): boolean {
  return typeof profile.body === 'string' || profile.body.every(({ value }) => isOfEvent(value));
}

function isOfEvent(value: BodyField['value']): boolean {
  if (typeof value === 'string') return value.startsWith('event.');
  return 'const' in value || value.count.startsWith('event.');
}

/**
 * The body of a request: JSON, its members in the profile's order.
 *
 * @param matches whether a pattern covers an event type
 */
export function renderBody(
  profile: Profile,
  subject: Subject,
  matches: (pattern: string, type: string) => boolean = matchesExactly,
): string {
  if (typeof profile.body === 'string') return subject.event.data;
  let text = '';
  for (const { prefix, value } of profile.body) {
    text += (text === '' ? '{' : ',') + prefix + renderValue(profile, value, subject, matches);
  }
  return `${text}}`;
}

function renderValue(
  profile: Profile,
  value: BodyField['value'],
  subject: Subject,
  matches: (pattern: string, type: string) => boolean,
): string {
  if (value === 'event.payload') return renderPayload(profile, subject, matches);
  if (typeof value === 'string') return jsonOf(value, subject);
  if ('const' in value) return JSON.stringify(value.const);
  const counted = jsonOf(value.count, subject);
  return String(counted.startsWith('[') ? itemSpans(counted, [0, counted.length]).length : 0);
}

/** The documented members of an event's data in the documented order, null where the event has none. */
function renderPayload(
  profile: Profile,
  { event }: Subject,
  matches: (pattern: string, type: string) => boolean,
): string {
  const rule = profile.payloads.find(({ events }) => events.some((pattern) => matches(pattern, event.type)));
  if (!rule) return event.data;
  const members = membersOf(event.data);
  return `{${rule.fields.map((field) => `${JSON.stringify(field)}:${members.get(field) ?? 'null'}`).join(',')}}`;
}

function matchesExactly(pattern: string, type: string): boolean {
  return pattern === type;
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
  const textOf = (reference: string): string => headerTextOf(reference, subject);
  for (const [name, template] of Object.entries(profile.headers)) {
    headers[name] = fillTemplate(template, textOf);
  }
  for (const signature of profile.signatures) {
    headers[signature.header] = sign(signature, subject, body, secrets);
  }
  return headers;
}

function sign(signature: Signature, subject: Subject, body: Uint8Array, secrets: readonly string[]): string {
  const used = signature.secrets === 'all' ? secrets : secrets.slice(0, 1);
  const each = used.map((secret) => {
    const mac = createHmac(HASHES[signature.algorithm], keyOf(secret, signature.key));
    let text = '';
    for (const part of signature.content.parts) {
      text += part.text;
      if (part.reference === 'body') {
        mac.update(text).update(body);
        text = '';
      } else if (part.reference !== null) {
        text += headerTextOf(part.reference, subject);
      }
    }
    if (text !== '') mac.update(text);
    return fill(signature.each, 'signature', mac.digest(signature.encoding), subject);
  });
  return fill(signature.value, 'signatures', each.join(signature.separator), subject);
}

function fill(template: Signature['each'], name: string, value: string, subject: Subject): string {
  return fillTemplate(template, (reference) =>
    reference === name ? value : headerTextOf(reference, subject),
  );
}

// Making a key object costs as much as signing with it; there are as many as live secrets.
const keys = { text: new Map<string, KeyObject>(), whsec: new Map<string, KeyObject>() };
const MEMORY_OF_KEYS = 10_000;

/** @throws Error for a secret that can't be one of this kind: it was checked when it was set */
function keyOf(secret: string, kind: Signature['key']): KeyObject {
  const known = keys[kind].get(secret);
  if (known) return known;
  const key = kind === 'whsec' ? parseSecret(secret) : createSecretKey(Buffer.from(secret, 'utf8'));
  if (!key) throw new Error('a secret is not of the form its profile wants');
  if (keys[kind].size >= MEMORY_OF_KEYS) keys[kind].clear();
  keys[kind].set(secret, key);
  return key;
}
