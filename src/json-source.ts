import { WaybillError } from './errors.ts';

/** A JSON text, where each value stands in it. Parsing it to values and back would change numbers and order. */
export type Span = readonly [start: number, end: number];

const MAX_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Parses JSON (RFC 8259) from bytes.
 *
 * @throws WaybillError `malformed_json` (also for bytes that aren't UTF-8), `json_too_deep`
 */
export function parseJson(bytes: Uint8Array): { readonly text: string; readonly value: unknown } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new WaybillError('malformed_json', 400, 'The body is not valid UTF-8.', { cause });
  }
  refuseDeepNesting(text);
  try {
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    const where =
      cause instanceof Error ? / at position \d+( \(line \d+ column \d+\))?/.exec(cause.message)?.[0] : '';
    throw new WaybillError(
      'malformed_json',
      400,
      `The body is not valid JSON${where ? `: error${where}` : ''}.`,
      {
        cause,
      },
    );
  }
}

/** Before parsing: every later step may recurse into a value, and none may overflow the stack. */
function refuseDeepNesting(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at) - 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > MAX_DEPTH) {
        throw new WaybillError('json_too_deep', 400, `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
      }
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
}

/** Where the values of an object's members stand, by name. Of members with one name the last counts, as in JSON.parse. */
export function memberSpans(text: string, object: Span): Map<string, Span> {
  const members = new Map<string, Span>();
  let at = skipSpace(text, object[0]) + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (at >= object[1] || text.charCodeAt(at) === CLOSE_BRACE) return members;
    if (text.charCodeAt(at) === COMMA) {
      at += 1;
      continue;
    }
    const nameEnd = endOfString(text, at);
    const raw = text.slice(at, nameEnd);
    const name: string = raw.includes('\\') ? JSON.parse(raw) : raw.slice(1, -1);
    at = skipSpace(text, nameEnd);
    if (text.charCodeAt(at) === COLON) at = skipSpace(text, at + 1);
    const end = endOfValue(text, at);
    members.set(name, [at, end]);
    at = end;
  }
}

/**
 * Where an object has two members of one name, of which JSON.parse would keep the last without a word. The text must be
 * valid JSON.
 *
 * @returns the path to the second one; undefined if there is none
 */
export function duplicateMember(text: string): readonly (string | number)[] | undefined {
  const open: { readonly names: Set<string> | undefined; part: string | number }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const inside = open.at(-1);
    if (code === OPEN_BRACE) open.push({ names: new Set(), part: '' });
    else if (code === OPEN_BRACKET) open.push({ names: undefined, part: 0 });
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) open.pop();
    else if (code === COMMA && typeof inside?.part === 'number') inside.part += 1;
    else if (code === QUOTE) {
      const end = endOfString(text, at);
      if (inside?.names && text.charCodeAt(skipSpace(text, end)) === COLON) {
        inside.part = JSON.parse(text.slice(at, end)) as string;
        if (inside.names.has(inside.part)) return open.map(({ part }) => part);
        inside.names.add(inside.part);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** Where the items of an array stand. */
export function itemSpans(text: string, array: Span): Span[] {
  const items: Span[] = [];
  let at = skipSpace(text, array[0]) + 1;
  for (;;) {
    at = skipSpace(text, at);
    if (at >= array[1] || text.charCodeAt(at) === CLOSE_BRACKET) return items;
    if (text.charCodeAt(at) === COMMA) {
      at += 1;
      continue;
    }
    const end = endOfValue(text, at);
    items.push([at, end]);
    at = end;
  }
}

/**
 * The strings and numbers of a JSON text wherever they stand in it, as they are written; not the names of members. The text
 * must be valid JSON.
 */
export function* textsAndNumbers(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (text.charCodeAt(skipSpace(text, end)) !== COLON) yield text.slice(at, end);
      at = end - 1;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfValue(text, at);
      yield text.slice(at, end);
      at = end - 1;
    }
  }
}

/** The text must be valid JSON: JSON.parse has gone before. */
function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(text, start);
  let at = start;
  while (at < text.length && !endsScalar(text.charCodeAt(at))) at += 1;
  return at;
}

function endOfNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at) - 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

/** The position after the closing quote. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
    at = text.indexOf('"', at + 1);
  }
  return text.length;
}

function endsScalar(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isSpace(code);
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
