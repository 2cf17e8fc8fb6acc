import { isRecord } from './data.ts';
import { type FieldType, joinShapes, type Shape, shapeOfValue } from './field-shape.ts';
import { squeeze } from './lookup.ts';
import { shapeOfSchema } from './schema-shape.ts';

/** A field that a template can use. */
export interface MergeField {
  /** What stands between `$$` and `$$`, or behind `RangeStart:` if it is a collection; null: Liquid alone reaches it. */
  readonly name: string | null;
  /** What stands between `{{` and `}}`, or behind `in` in a `for`. The entry of a collection is called `item`. */
  readonly liquid: string;
  readonly type: FieldType;
  /** At most 200 characters; null: there is none. */
  readonly sample: string | null;
  /** Of each entry, if it is a collection. */
  readonly fields?: readonly MergeField[];
}

const MAX_FIELDS = 1_000;

/**
 * All fields of an event type, as its schema and its sample tell them.
 *
 * @param schema a JSON Schema of the data
 * @param sample data of such an event, parsed; undefined: none
 */
export function listMergeFields(schema: object | undefined, sample: unknown): readonly MergeField[] {
  const ofSample = shapeOfValue(sample);
  return fieldsOf(isRecord(schema) ? joinShapes(shapeOfSchema(schema), ofSample) : ofSample);
}

/** The fields that one event has, with its values. */
export function listMergeFieldsOf(data: unknown): readonly MergeField[] {
  return fieldsOf(shapeOfValue(data));
}

function fieldsOf(shape: Shape): readonly MergeField[] {
  if (shape.kind !== 'object') return [];
  const left = { count: MAX_FIELDS };
  return [...shape.members].flatMap(([member, inner]) =>
    fieldsAt(inner, mergeName(topName(member), member), topPath(member), left),
  );
}

function fieldsAt(shape: Shape, name: string | null, liquid: string, left: { count: number }): MergeField[] {
  if (left.count <= 0) return [];
  if (shape.kind === 'object') {
    return [...shape.members].flatMap(([member, inner]) =>
      fieldsAt(inner, name && mergeName(name, member), liquid + pathStep(member), left),
    );
  }
  left.count -= 1;
  if (shape.kind === 'leaf') return [{ name, liquid, type: shape.type, sample: shape.sample }];
  // In a range the entry goes by the last part of the collection's name.
  const entry = name?.split('.').at(-1) ?? null;
  const fields = fieldsAt(shape.item, entry, 'item', left);
  return [{ name, liquid, type: 'collection', sample: null, fields }];
}

/** `order_rows` becomes `OrderRows`: merge fields don't regard case, `_` and `-`. */
function mergeName(parent: string | null, member: string): string | null {
  const words = member.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  if (words.length === 0) return null;
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return parent === null ? name : `${parent}.${name}`;
}

const LITERALS = new Set(['true', 'false', 'nil', 'null', 'empty', 'blank', 'waybill']);

/** What we call `waybill` hides a member of the data of that name. */
function topName(member: string): string | null {
  return squeeze(member) === 'waybill' ? 'Waybill.Data' : null;
}

/** A name at the top can't stand in brackets, and some mean something else there. */
function topPath(member: string): string {
  return isPlain(member) && !LITERALS.has(member) ? member : `waybill.data[${JSON.stringify(member)}]`;
}

function pathStep(member: string): string {
  return isPlain(member) ? `.${member}` : `[${JSON.stringify(member)}]`;
}

function isPlain(member: string): boolean {
  return /^[A-Za-z_](?:[\w-]*\w)?$/.test(member);
}
