import { type Signature, secretKindOf, type WireFormat } from '../../profile/profile.ts';
import { publicKeyOf } from '../../profile/secret.ts';
import type { Template } from '../../profile/template.ts';
import { enumerated } from './duration-words.ts';
import { sampleSecretOf } from './sample-request.ts';
import { onlyReferenceIn, referencesIn, templateText } from './template-pattern.ts';

const MADE = {
  'hmac-sha256': 'the HMAC-SHA256',
  'hmac-sha512': 'the HMAC-SHA512',
  ed25519: 'the Ed25519 signature (RFC 8032)',
} as const;
const ENCODINGS = { hex: 'lower-case hexadecimal', base64: 'base64' } as const;
const KEYS = {
  text: "The key is the webhook's secret itself, in UTF-8.",
  whsec: "The key is the bytes whose base64 stands behind `whsec_` in the webhook's secret.",
  whsk: "What checks it is the webhook's public key: the bytes whose base64 stands behind `whpk_`.",
} as const;

/** What a reference is, where a receiver doesn't find it in the request. */
const MEANINGS: Readonly<Record<string, string>> = {
  'event.id': "the event's id",
  'event.type': "the event's type",
  'event.time': 'when the event happened',
  'event.timestamp': 'when the event happened, in seconds since 1970',
  'payload.version': 'the version of the payload',
  'attempt.number': 'the number of the attempt',
  'attempt.timestamp': 'when the request was made, in seconds since 1970',
  body: 'the body, byte for byte as it came',
};

/** How a receiver finds out that a request is what was sent, and who sent it. */
export function signingWords(format: WireFormat): string {
  const { signatures } = format;
  const words =
    signatures.length === 0 ? ['Requests are not signed.'] : signatures.map((one) => oneWords(one, format));
  if (signatures.length > 0) words.push('Compare in constant time, and trust nothing in a request before.');
  if (signatures.some(({ content }) => referencesIn(content).includes('attempt.timestamp'))) {
    words.push(
      'Refuse requests whose time is more than five minutes from yours: they may be copies, sent again.',
    );
  }
  const id = placeOf('event.id', format);
  if (id !== undefined) {
    words.push(`An event can come more than once. Its id, ${id}, stays the same: drop those you have had.`);
  }
  return [...words, ...exampleWords(format)].join('\n\n');
}

function oneWords(signature: Signature, format: WireFormat): string {
  const { header, algorithm, encoding, key, content, each, value, secrets, separator } = signature;
  const signed = signedWords(content, (reference) => whereabouts(reference, signature, format));
  return [
    `The header \`${header}\` signs each request. In ${ENCODINGS[encoding]}, it has ${MADE[algorithm]} of ${signed}.`,
    KEYS[key],
    ...formWords('A signature', each, 'signature'),
    secrets === 'all' ? severalWords(separator) : SINGLE_WORDS,
    ...formWords('The header as a whole', value, 'signatures'),
  ].join(' ');
}

function signedWords(content: Template, found: (reference: string) => string): string {
  if (onlyReferenceIn(content) === 'body') return found('body');
  const parts = referencesIn(content).map((reference) => `\`{${reference}}\` is ${found(reference)}`);
  return [`\`${templateText(content)}\``, ...(parts.length > 0 ? [`where ${enumerated(parts)}`] : [])].join(
    ', ',
  );
}

/** How what the template is for stands in it; nothing, if it stands alone. */
function formWords(subject: string, template: Template, own: string): string[] {
  if (onlyReferenceIn(template) === own) return [];
  const others = referencesIn(template)
    .filter((reference) => reference !== own)
    .map((reference) => `\`{${reference}}\` is ${meaningOf(reference)}`);
  const told = others.length > 0 ? `, where ${enumerated(others)}` : '';
  return [`${subject} has the form \`${templateText(template)}\`${told}.`];
}

const SINGLE_WORDS = 'The newest secret alone signs: let the receiver take both before a secret is replaced.';

function severalWords(separator: string): string {
  const mark = separator === ' ' ? 'a space' : `\`${separator}\``;
  return `While a secret is being replaced there is a signature for each, ${mark} in between: one that fits is enough.`;
}

/** Where a receiver finds what is signed. */
function whereabouts(reference: string, { header, each, value }: Signature, format: WireFormat): string {
  if (reference === 'body') return meaningOf('body');
  const isBeside = referencesIn(each, value).includes(reference);
  if (isBeside) return `what stands in its place in \`${header}\``;
  return placeOf(reference, format) ?? meaningOf(reference);
}

/** The header, or else the member of the body, that has nothing but what a reference stands for. */
function placeOf(reference: string, { headers, body }: WireFormat): string | undefined {
  const header = Object.entries(headers).find(([, template]) => onlyReferenceIn(template) === reference);
  if (header) return `the header \`${header[0]}\``;
  if (typeof body === 'string') return undefined;
  const member = body.find((field) => 'name' in field && field.value === reference);
  return member && 'name' in member ? `\`${member.name}\` of the body` : undefined;
}

function meaningOf(reference: string): string {
  return MEANINGS[reference] ?? `\`${reference}\` of the event as it was published`;
}

/** With what the examples can be checked. */
function exampleWords(format: WireFormat): string[] {
  if (format.signatures.length === 0) return [];
  const secret = sampleSecretOf(format);
  const known =
    secretKindOf(format) === 'whsk'
      ? `the public key \`${publicKeyOf(secret)}\` checks them`
      : `their secret is \`${secret}\``;
  return [`The examples are signed too, over the body without white space: ${known}.`];
}
