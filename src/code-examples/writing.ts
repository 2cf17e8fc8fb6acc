import type { Piece, Plan, Words } from './plan.ts';

/** The lines there are, of those that are wanted. */
export function lines(...wanted: readonly (string | false)[]): string {
  return wanted.filter((line) => line !== false).join('\n');
}

export function camelCase(words: Words): string {
  return words.map((word, index) => (index === 0 ? word : capital(word))).join('');
}

export function snakeCase(words: Words): string {
  return words.join('_');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A text of visible ASCII between quotes. */
export function quoted(text: string, quote: '"' | "'"): string {
  return quote + text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`) + quote;
}

/** How a language writes what texts are put together from. */
export interface Writing {
  text(text: string): string;
  variable(words: Words): string;
  /** Nothing at all. */
  readonly empty: string;
  /** What stands between two of them. */
  readonly plus: string;
}

/** Texts and variables put together: an expression. */
export function joined(pieces: readonly Piece[], { text, variable, empty, plus }: Writing): string {
  const written = pieces.map((piece) => {
    if (piece.kind === 'text') return text(piece.text);
    return piece.kind === 'variable' ? variable(piece.words) : '';
  });
  return written.length === 0 ? empty : written.join(plus);
}

/** What is signed, as runs of text and the body in turn. */
export function runsOf(content: readonly Piece[]): readonly (readonly Piece[] | 'body')[] {
  const runs: (Piece[] | 'body')[] = [];
  for (const piece of content) {
    const last = runs.at(-1);
    if (piece.kind === 'body') runs.push('body');
    else if (Array.isArray(last)) last.push(piece);
    else runs.push([piece]);
  }
  return runs;
}

/** What a plan asks of a program, so that none imports or defines what it doesn't use. */
export function needsOf(plan: Plan) {
  return {
    ed25519: plan.algorithm === 'ed25519',
    pattern: plan.signatures.pattern !== null || plan.values.some(({ pattern }) => pattern !== null),
    variable: plan.algorithm === 'ed25519' ? 'WEBHOOK_PUBLIC_KEY' : 'WEBHOOK_SECRET',
    /** Before the base64 of a key. */
    prefix: plan.key === 'text' ? null : plan.key === 'whsec' ? 'whsec_' : 'whpk_',
    sha512: plan.algorithm === 'hmac-sha512',
  };
}

export const TOLERANCE_SECONDS = 300;

/** Comments that say the same in every language. */
export const SAID = {
  keys: 'The key, or both with a space between them while one replaces the other.',
  raw: 'Whether a request was signed with a key of ours, and lately. The body is the one received, before it is parsed.',
  rawTimeless:
    'Whether a request was signed with a key of ours. The body is the one received, before it is parsed.',
  accepted: 'The body can be trusted now: keep it, answer, and work on it afterwards.',
} as const;

/** @returns what the verifying function is for */
export function purposeOf(plan: Plan): string {
  return plan.timestamp ? SAID.raw : SAID.rawTimeless;
}
