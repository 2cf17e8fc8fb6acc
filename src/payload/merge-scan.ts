import { PayloadFailure } from './failure.ts';
import { type FieldPath, type Range, readPath, readRange } from './range.ts';
import { judgeFormat } from './value-format.ts';

/** A merge field, or a mark of a range. */
export type Mark =
  | { readonly kind: 'field'; readonly path: FieldPath; readonly format: string }
  | { readonly kind: 'start' | 'end'; readonly range: Range };

/** A piece of a template's own text: text that is sent as it stands, or a mark. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** null: text. */
  readonly mark: Mark | null;
}

const OPENING = /\$\$|<!--/g;
const RANGE = /<!--\s*Range(Start|End)\b\s*:?/iy;

/**
 * Finds merge fields and ranges in text; offsets count from its start.
 *
 * @returns the pieces in their order, and every failure
 */
export function scanMarks(text: string): { pieces: Piece[]; failures: PayloadFailure[] } {
  const pieces: Piece[] = [];
  const failures: PayloadFailure[] = [];
  let from = 0;
  let at = 0;
  for (;;) {
    OPENING.lastIndex = at;
    const start = OPENING.exec(text)?.index;
    if (start === undefined) break;
    const found = text.startsWith('$$', start) ? fieldAt(text, start) : rangeAt(text, start);
    at = found.end;
    if ('failure' in found) failures.push(found.failure);
    else if (found.keep > 0 || found.mark !== null) {
      pieces.push({ start: from, end: start + found.keep, mark: null });
      if (found.mark !== null) pieces.push({ start, end: found.end, mark: found.mark });
      from = found.end;
    }
  }
  pieces.push({ start: from, end: text.length, mark: null });
  return { pieces: pieces.filter((piece) => piece.mark !== null || piece.end > piece.start), failures };
}

/** `keep`: how many characters of it are text. */
type Found =
  | { readonly end: number; readonly failure: PayloadFailure }
  | { readonly end: number; readonly mark: Mark | null; readonly keep: number };

function fieldAt(text: string, start: number): Found {
  // Four dollar signs are two of them in the body.
  if (text.startsWith('$$$$', start)) return { end: start + 4, mark: null, keep: 2 };
  const close = text.indexOf('$$', start + 2);
  const content = text.slice(start + 2, close < 0 ? text.length : close);
  if (close < 0 || content.includes('\n')) {
    const message =
      'The merge field that begins here has no closing $$ in its line. Write $$$$ for two dollar signs.';
    return { end: start + 2, failure: new PayloadFailure('field_not_closed', message, start) };
  }
  const end = close + 2;
  const hash = content.indexOf('#');
  const path = readPath((hash < 0 ? content : content.slice(0, hash)).trim());
  if (path === undefined) {
    const message = `"${content}" isn't the name of a merge field. Write it like $$Order.OrderCode$$.`;
    return { end, failure: new PayloadFailure('field_malformed', message, start, { field: content }) };
  }
  const format = hash < 0 ? '' : content.slice(hash + 1);
  const problem = judgeFormat(format);
  if (problem) {
    const { message, params } = problem;
    return { end, failure: new PayloadFailure('format_malformed', message, start, params) };
  }
  return { end, mark: { kind: 'field', path, format }, keep: 0 };
}

function rangeAt(text: string, start: number): Found {
  RANGE.lastIndex = start;
  const opening = RANGE.exec(text);
  // Any other comment is text, and so is what it holds, merge fields apart.
  if (!opening) return { end: start + 4, mark: null, keep: 0 };
  const close = text.indexOf('-->', start);
  const end = close < 0 ? text.length : close + 3;
  const range = close < 0 ? undefined : readRange(text.slice(start + opening[0].length, close).trim());
  if (range === undefined) {
    const message =
      "This range can't be read. Write <!-- RangeStart:OrderRow --> or <!-- RangeStart:$$Order.IsPaid$$='False' -->.";
    return { end, failure: new PayloadFailure('range_malformed', message, start) };
  }
  return { end, mark: { kind: opening[1]?.toLowerCase() === 'start' ? 'start' : 'end', range }, keep: 0 };
}
