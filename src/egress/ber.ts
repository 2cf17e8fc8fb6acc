/**
 * An element of ASN.1 in BER (X.690), of which DER is a part: some programs still write PKCS#12 files with
 * indefinite lengths and strings in pieces.
 */
export interface Element {
  /** The first octet: class, whether it is constructed, and the number of the tag. */
  readonly tag: number;
  readonly content: Buffer;
  /** With its tag and length. */
  readonly whole: Buffer;
}

const CONSTRUCTED = 0x20;
const TAG_NUMBER = 0x1f;
const INTEGER = 0x02;
const OBJECT_IDENTIFIER = 0x06;
const INDEFINITE = 0x80;
const END_OF_CONTENTS = 0x00;
// Far beyond what a file of keys needs; it keeps a file of nothing but beginnings from filling the stack.
const MAX_DEPTH = 32;

/** Reads the element that begins the bytes; undefined if none does. What follows it is passed over. */
export function readElement(bytes: Buffer, depth = 0): Element | undefined {
  const [tag, length] = bytes;
  if (tag === undefined || length === undefined || (tag & TAG_NUMBER) === TAG_NUMBER) return undefined;
  if (length === INDEFINITE) return readIndefinite(bytes, tag, depth);
  const lengthOctets = length < INDEFINITE ? 0 : length - INDEFINITE;
  const start = 2 + lengthOctets;
  if (lengthOctets > 4 || start > bytes.length) return undefined;
  const end = start + (lengthOctets === 0 ? length : bytes.readUIntBE(2, lengthOctets));
  if (end > bytes.length) return undefined;
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(0, end) };
}

/** X.690, 8.1.3.6: the contents are elements, and two zero octets end them. */
function readIndefinite(bytes: Buffer, tag: number, depth: number): Element | undefined {
  if ((tag & CONSTRUCTED) === 0 || depth >= MAX_DEPTH) return undefined;
  let at = 2;
  while (at < bytes.length) {
    const inner = readElement(bytes.subarray(at), depth + 1);
    if (inner === undefined) return undefined;
    if (inner.tag === END_OF_CONTENTS) {
      return { tag, content: bytes.subarray(2, at), whole: bytes.subarray(0, at + inner.whole.length) };
    }
    at += inner.whole.length;
  }
  return undefined;
}

/** The elements inside of one; none if there is no such element, or anything inside can't be read. */
export function childrenOf(element: Element | undefined): readonly Element[] {
  const found: Element[] = [];
  let rest = element?.content ?? Buffer.alloc(0);
  while (rest.length > 0) {
    const inner = readElement(rest);
    if (inner === undefined) return [];
    found.push(inner);
    rest = rest.subarray(inner.whole.length);
  }
  return found;
}

/** The octets of a string of octets, whatever its tag, put together if it comes in pieces. */
export function octetsOf(element: Element | undefined, depth = 0): Buffer | undefined {
  if (element === undefined || (element.tag & CONSTRUCTED) === 0) return element?.content;
  if (depth >= MAX_DEPTH) return undefined;
  const pieces = childrenOf(element).map((piece) => octetsOf(piece, depth + 1));
  return Buffer.concat(pieces.filter((piece) => piece !== undefined));
}

/** A small integer that isn't negative, or undefined. */
export function integerOf(element: Element | undefined): number | undefined {
  if (element?.tag !== INTEGER || element.content.length === 0 || element.content.length > 6)
    return undefined;
  const value = element.content.readIntBE(0, element.content.length);
  return value < 0 ? undefined : value;
}

/** An object identifier in its dotted form: `1.2.840.113549`; empty for anything else. */
export function identifierOf(element: Element | undefined): string {
  if (element?.tag !== OBJECT_IDENTIFIER || element.content.length > 32) return '';
  const numbers: number[] = [];
  let number = 0;
  for (const octet of element.content) {
    number = number * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}
