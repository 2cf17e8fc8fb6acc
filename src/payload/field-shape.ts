import { readCivilTime } from './civil-time.ts';
import { isRecord, numberIn, WrittenNumber } from './data.ts';

export type FieldType = 'string' | 'number' | 'boolean' | 'date' | 'collection' | 'unknown';

/** What data consists of: of a value, of a JSON Schema, or of both together. */
export type Shape =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Shape> }
  | { readonly kind: 'list'; readonly item: Shape }
  | {
      readonly kind: 'leaf';
      readonly type: Exclude<FieldType, 'collection'>;
      readonly sample: string | null;
    };

export const UNKNOWN: Shape = { kind: 'leaf', type: 'unknown', sample: null };

/** Schemas can refer to themselves, and data can be nested: fields this deep are in nobody's template. */
export const MAX_FIELD_DEPTH = 10;

const MAX_ITEMS = 20;
const MAX_SAMPLE_LENGTH = 200;

/** The shape of a value. The items of a list may differ: each of the first ones adds its members. */
export function shapeOfValue(value: unknown, depth = 0): Shape {
  if (depth < MAX_FIELD_DEPTH && Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => shapeOfValue(item, depth + 1));
    return { kind: 'list', item: items.reduce(joinShapes, UNKNOWN) };
  }
  if (depth < MAX_FIELD_DEPTH && isRecord(value)) {
    const members = Object.entries(value).map(
      ([name, member]) => [name, shapeOfValue(member, depth + 1)] as const,
    );
    return { kind: 'object', members: new Map(members) };
  }
  return { kind: 'leaf', type: typeOf(value), sample: sampleOf(value) };
}

/** The value as text, cut; null for none. */
export function sampleOf(value: unknown): string | null {
  if (value === null || value === undefined || typeof value === 'object') {
    return value instanceof WrittenNumber ? cut(value.text) : null;
  }
  return cut(String(value));
}

/** Both together; where they contradict each other, the first has its way. */
export function joinShapes(first: Shape, second: Shape): Shape {
  if (first.kind === 'leaf' && second.kind === 'leaf') {
    const type = first.type === 'unknown' ? second.type : first.type;
    return { kind: 'leaf', type, sample: second.sample ?? first.sample };
  }
  if (first.kind === 'list' && second.kind === 'list') {
    return { kind: 'list', item: joinShapes(first.item, second.item) };
  }
  if (first.kind === 'object' && second.kind === 'object') {
    const members = new Map(first.members);
    for (const [name, shape] of second.members) {
      const known = members.get(name);
      members.set(name, known === undefined ? shape : joinShapes(known, shape));
    }
    return { kind: 'object', members };
  }
  return first.kind === 'leaf' && first.type === 'unknown' ? second : first;
}

function typeOf(value: unknown): Exclude<FieldType, 'collection'> {
  if (typeof value === 'string') return readCivilTime(value) ? 'date' : 'string';
  if (numberIn(value) !== undefined) return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'unknown';
}

function cut(text: string): string {
  return Array.from(text.slice(0, 2 * MAX_SAMPLE_LENGTH))
    .slice(0, MAX_SAMPLE_LENGTH)
    .join('');
}
