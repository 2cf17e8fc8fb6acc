import { memberSpans } from '../json-source.ts';
import { dataMember } from './template.ts';

/** What a request is about: all that a profile can refer to. */
export interface Subject {
  readonly event: {
    /** As on the wire: `evt_…`. */
    readonly id: string;
    readonly type: string;
    /** ISO 8601, UTC. */
    readonly occurredAt: string;
    readonly subject: string | null;
    readonly channel: string | null;
    readonly version: string | null;
    /** JSON. */
    readonly data: string;
  };
  /** Of the payload, as this webhook gets it. */
  readonly payloadVersion: string | null;
  readonly delivery: { readonly id: string };
  readonly attempt: { readonly number: number; readonly timestampSeconds: number };
  readonly webhook: { readonly id: string };
}

/** What a reference stands for, as a value: text, a number, or null. Data isn't among these: see `jsonOf`. */
export function plainValueOf(reference: string, subject: Subject) {
  const { event, delivery, attempt, webhook } = subject;
  switch (reference) {
    case 'event.id':
      return event.id;
    case 'event.type':
      return event.type;
    case 'event.time':
      return event.occurredAt.replace('.000Z', 'Z');
    case 'event.timestamp':
      return Math.floor(Date.parse(event.occurredAt) / 1000);
    case 'event.subject':
      return event.subject;
    case 'event.channel':
      return event.channel;
    case 'event.version':
      return event.version;
    case 'payload.version':
      return subject.payloadVersion;
    case 'delivery.id':
      return delivery.id;
    case 'attempt.number':
      return attempt.number;
    case 'attempt.timestamp':
      return attempt.timestampSeconds;
    case 'webhook.id':
      return webhook.id;
    default:
      return null;
  }
}

/** A reference as JSON text. What comes from the data keeps its bytes; what isn't there is null. */
export function jsonOf(reference: string, subject: Subject): string {
  if (reference === 'event.data') return subject.event.data;
  const member = dataMember(reference);
  if (member === undefined) return JSON.stringify(plainValueOf(reference, subject));
  return membersOf(subject.event.data).get(member) ?? 'null';
}

/** The members of an object in JSON, as JSON texts; none for anything but an object. */
export function membersOf(json: string): Map<string, string> {
  const text = json.trimStart();
  if (!text.startsWith('{')) return new Map();
  const spans = memberSpans(text, [0, text.length]);
  return new Map([...spans].map(([name, [start, end]]) => [name, text.slice(start, end)]));
}

const VISIBLE = /^[\x20-\x7e]*$/;

/**
 * A reference as text for a header: strings as they are, everything else as JSON, null as nothing. A line break would
 * begin another header: control characters and what isn't ASCII are percent-encoded. Without spaces around it, which
 * receivers drop (RFC 9110, 5.5).
 *
 * @param maxChars what goes beyond is cut off, after a whole character
 */
export function headerTextOf(reference: string, subject: Subject, maxChars: number): string {
  const text = textOf(jsonOf(reference, subject));
  return encodedUpTo(text.replace(/^ +/, ''), maxChars).trimEnd();
}

/** Of JSON, as it was written but for the spaces: read as a number, an id of twenty digits would be another one. */
function textOf(json: string): string {
  const source = json.trim();
  if (source === 'null') return '';
  return source.startsWith('"')
    ? JSON.parse(source)
    : source.replaceAll(STRING_OR_SPACES, (_, text) => text ?? '');
}

const STRING_OR_SPACES = /("(?:[^"\\]|\\.)*")|\s+/g;

function encodedUpTo(text: string, maxChars: number): string {
  if (text.length <= maxChars && VISIBLE.test(text)) return text;
  let encoded = '';
  for (const character of text) {
    const more = VISIBLE.test(character) ? character : encodeURIComponent(character.toWellFormed());
    if (encoded.length + more.length > maxChars) break;
    encoded += more;
  }
  return encoded;
}
