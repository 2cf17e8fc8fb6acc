import { MAX_EVENT_TYPE_LENGTH } from '../event-pattern.ts';
import type { Signature, WireFormat } from './profile.ts';
import type { Template } from './template.ts';

/** Of a header's value. What goes beyond is refused by many receivers, which take 8 kB of headers or so in all. */
export const MAX_HEADER_CHARS = 2_048;

const ID_CHARS = 40;
const TIME_CHARS = 24;
const NUMBER_CHARS = 16;
// Where neither type nor profile has versions it is the event's, 64 characters of any kind: `%E2%82%AC` is one of them.
const VERSION_CHARS = 64 * 9;

/** How long a reference can get that is made here. What others have published can be of any length. */
const LONGEST: Readonly<Record<string, number>> = {
  'event.id': ID_CHARS,
  'event.type': MAX_EVENT_TYPE_LENGTH,
  'event.time': TIME_CHARS,
  'event.timestamp': NUMBER_CHARS,
  'payload.version': VERSION_CHARS,
  'delivery.id': ID_CHARS,
  'attempt.number': NUMBER_CHARS,
  'attempt.timestamp': NUMBER_CHARS,
  'webhook.id': ID_CHARS,
  // Of 64 bytes in hexadecimal digits; what several come to is seen where they are made.
  signature: 128,
  signatures: 0,
};

/** What a header's value can come to. */
export interface HeaderRoom {
  /** Of what can't be cut. */
  readonly fixedChars: number;
  /** What was published, as often as it stands there. */
  readonly cut: readonly string[];
  /** How long each of these may get, so that all of it fits; negative: it doesn't, whatever they are. */
  readonly charsForEach: number;
}

/** @param templates those that make up one value, one inside of the other */
export function headerRoom(...templates: readonly Template[]): HeaderRoom {
  const parts = templates.flatMap((one) => one.parts);
  const references = parts.map(({ reference }) => reference).filter((one) => one !== null);
  const cut = references.filter((one) => LONGEST[one] === undefined);
  const texts = parts.reduce((sum, { text }) => sum + text.length, 0);
  const fixedChars = references.reduce((sum, one) => sum + (LONGEST[one] ?? 0), texts);
  const charsForEach = Math.floor((MAX_HEADER_CHARS - fixedChars) / Math.max(1, cut.length));
  return { fixedChars, cut, charsForEach };
}

export function signatureRoom({ value, each }: Signature): HeaderRoom {
  return headerRoom(value, each);
}

const known = new WeakMap<WireFormat, ReadonlyMap<string, number>>();

/**
 * How long what was published may get where a format refers to it, in all headers and in what is signed alike: so that no
 * header has to be cut as a whole, and a receiver finds in it what was signed.
 */
export function headerLimits(format: WireFormat): ReadonlyMap<string, number> {
  const earlier = known.get(format);
  if (earlier) return earlier;
  const limits = new Map<string, number>();
  const rooms = [
    ...Object.values(format.headers).map((template) => headerRoom(template)),
    ...format.signatures.map(signatureRoom),
  ];
  for (const { cut, charsForEach } of rooms) {
    for (const reference of cut) {
      limits.set(reference, Math.max(0, Math.min(charsForEach, limits.get(reference) ?? MAX_HEADER_CHARS)));
    }
  }
  known.set(format, limits);
  return limits;
}
