import type { Signature, WireFormat } from '../profile/profile.ts';
import type { Template } from '../profile/template.ts';
import { patternOf } from './pattern.ts';
import type { Shape } from './reference-shape.ts';
import { aroundSignature, shapeOfAll, withSpacesOutside } from './signature-list.ts';

/** A variable, as the words of its name: every language writes them its own way. */
export type Words = readonly string[];

/** What a text is put together from. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly words: Words }
  | { readonly kind: 'body' };

/** A text that a receiver finds in a header: all of it, or what the group of a pattern matches. */
export interface HeaderPart {
  readonly header: string;
  readonly pattern: string | null;
}

/** How a receiver verifies one signature: what the examples of all languages say, each in its own words. */
export interface Plan {
  readonly algorithm: Signature['algorithm'];
  readonly encoding: Signature['encoding'];
  readonly key: Signature['key'];
  /** Shorter keys are no keys: an empty one would let anybody sign. */
  readonly minKeyBytes: number;
  /** What has to be known beside the body to put together what was signed. */
  readonly values: readonly (HeaderPart & { readonly words: Words })[];
  /** Where the signatures are, and what stands between them; a separator of null: there is one alone. */
  readonly signatures: HeaderPart & { readonly separator: string | null };
  readonly content: readonly Piece[];
  /** What stands around each signature. */
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
  /** When the request was made, where the signature covers it. */
  readonly timestamp: Words | null;
  /** The status that acknowledges. */
  readonly success: number;
}

const MIN_KEY_BYTES = { text: 8, whsec: 24, whsk: 32 } as const;
const TIMESTAMP = 'attempt.timestamp';

/**
 * How a receiver verifies what has this wire format: by the first of its signatures whose content a receiver can put
 * together from headers and body.
 *
 * @returns undefined if there is none
 */
export function planOf(format: WireFormat): Plan | undefined {
  for (const signature of format.signatures) {
    const plan = planFor(format, signature);
    if (plan) return plan;
  }
  return undefined;
}

function planFor(format: WireFormat, given: Signature): Plan | undefined {
  const signature = withSpacesOutside(given);
  const around = signature && aroundSignature(signature.each);
  if (!signature || !around) return undefined;
  const shape = shapeOfAll(signature);
  const pattern = patternOf(signature.value, 'signatures', shape);
  if (pattern === undefined) return undefined;
  const references = [signature.content, ...around].flatMap(referencesOf);
  const found = [...new Set(references)].map((reference, index) => {
    const part = findHeader(format, signature, reference, shape);
    return part && { reference, words: wordsOf(reference, index), ...part };
  });
  if (!found.every((one) => one !== undefined)) return undefined;
  const words = new Map(found.map((one) => [one.reference, one.words]));
  const [before, after] = around.map((template) => piecesOf(template, words)) as [Piece[], Piece[]];
  return {
    algorithm: signature.algorithm,
    encoding: signature.encoding,
    key: signature.key,
    minKeyBytes: MIN_KEY_BYTES[signature.key],
    values: found.map(({ words, header, pattern }) => ({ words, header, pattern })),
    signatures: {
      header: signature.header,
      pattern,
      separator: signature.secrets === 'all' ? signature.separator : null,
    },
    content: piecesOf(signature.content, words),
    before,
    after,
    timestamp: words.get(TIMESTAMP) ?? null,
    success: format.success === '2xx' ? 204 : (format.success[0] as number),
  };
}

function referencesOf({ parts }: Template): string[] {
  return parts.flatMap(({ reference }) => (reference === null || reference === 'body' ? [] : [reference]));
}

function findHeader(
  format: WireFormat,
  signature: Signature,
  reference: string,
  signatures: Shape,
): HeaderPart | undefined {
  const candidates: [string, Template][] = [
    ...Object.entries(format.headers),
    [signature.header, signature.value],
  ];
  const holding = candidates.filter(([, { parts }]) => parts.some((part) => part.reference === reference));
  const parts = holding.flatMap(([header, template]) => {
    const pattern = patternOf(template, reference, signatures);
    return pattern === undefined ? [] : [{ header, pattern }];
  });
  return parts.find(({ pattern }) => pattern === null) ?? parts[0];
}

/** Members of the data may be called anything: they are counted. */
function wordsOf(reference: string, index: number): Words {
  return reference.startsWith('event.data') ? ['data', String(index + 1)] : reference.split('.');
}

function piecesOf({ parts }: Template, variables: ReadonlyMap<string, Words>): Piece[] {
  return parts.flatMap(({ text, reference }): Piece[] => {
    const words = variables.get(reference ?? '');
    return [
      ...(text === '' ? [] : [{ kind: 'text', text } as const]),
      ...(reference === 'body' ? [{ kind: 'body' } as const] : []),
      ...(words ? [{ kind: 'variable', words } as const] : []),
    ];
  });
}
