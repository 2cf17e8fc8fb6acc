import type { SchemaObject } from './describe/subschemas.ts';
import { breaks, type Finding, HERE, keeps, listed, ofKeyword } from './diff-finding.ts';
import { includesType } from './diff-merge.ts';
import type { Shape, ShapeReader, TypeName } from './diff-shape.ts';

/** One side of a comparison of schemas. */
export interface Sided {
  readonly shape: Shape;
  readonly reader: ShapeReader;
}

const MAXIMA: readonly (readonly [keyword: string, type: TypeName])[] = [
  ['maxLength', 'string'],
  ['maxItems', 'array'],
  ['maxProperties', 'object'],
];
const MINIMA: readonly (readonly [keyword: string, type: TypeName])[] = [
  ['minLength', 'string'],
  ['minItems', 'array'],
  ['minProperties', 'object'],
];
const FORMS: readonly (readonly [keyword: string, type: TypeName])[] = [
  ['pattern', 'string'],
  ['format', 'string'],
  ['contentEncoding', 'string'],
  ['contentMediaType', 'string'],
];
/** Rules that are looked at as a whole, with those that have no meaning without them. */
const WHOLE: Readonly<Record<string, readonly string[]>> = {
  if: ['then', 'else'],
  contains: ['minContains', 'maxContains'],
  not: [],
  propertyNames: [],
  patternProperties: [],
  dependentRequired: [],
  dependentSchemas: [],
  unevaluatedItems: [],
  unevaluatedProperties: [],
  contentSchema: [],
  $ref: [],
  $dynamicRef: [],
};

/** Compares what two forms of a value say beside types, members and items: limits, patterns, and rules of their own kind. */
export function compareRules(old: Sided, next: Sided): Finding[] {
  const [was, is] = [old.shape.keywords, next.shape.keywords];
  const shared = (type: TypeName): boolean =>
    includesType(old.shape.types, type) && includesType(next.shape.types, type);
  const isNumber = shared('integer');
  return [
    ...MAXIMA.flatMap(([key, type]) =>
      shared(type) ? compareLimit(key, limit(was, key), limit(is, key)) : [],
    ),
    ...MINIMA.flatMap(([key, type]) => {
      // Nothing is shorter than nothing at all.
      const [from, to] = [limit(was, key) || undefined, limit(is, key) || undefined];
      return shared(type) ? compareLimit(key, from, to, -1) : [];
    }),
    ...(isNumber ? [...compareBounds('maximum', was, is), ...compareBounds('minimum', was, is)] : []),
    ...(isNumber ? compareMultiple(limit(was, 'multipleOf'), limit(is, 'multipleOf')) : []),
    ...FORMS.flatMap(([key, type]) => (shared(type) ? compareForm(key, was[key], is[key]) : [])),
    ...(shared('array')
      ? compareForm('uniqueItems', was.uniqueItems || undefined, is.uniqueItems || undefined)
      : []),
    ...Object.entries(WHOLE).flatMap(([key, more]) => compareWhole([key, ...more], old, next)),
  ];
}

function limit(keywords: SchemaObject, key: string): number | undefined {
  const value = keywords[key];
  return typeof value === 'number' ? value : undefined;
}

/** @param direction 1 for what values mustn't exceed, -1 for what they mustn't fall below */
function compareLimit(
  key: string,
  from: number | undefined,
  to: number | undefined,
  direction: 1 | -1 = 1,
): Finding[] {
  if (from === to) return [];
  const loosened = from !== undefined && (to === undefined || (to - from) * direction > 0);
  const message = `${key} ${wasAndIs(from, to)}`;
  const finding = loosened
    ? breaks(HERE, 'limit_loosened', message, from, to)
    : keeps(HERE, 'limit_tightened', message, from, to);
  return [ofKeyword(key, finding)];
}

interface Bound {
  readonly value: number;
  readonly exclusive: boolean;
}

/** Compares how far numbers go in one direction; the bound may be one of two keywords, or both. */
function compareBounds(key: 'maximum' | 'minimum', was: SchemaObject, is: SchemaObject): Finding[] {
  const direction = key === 'maximum' ? 1 : -1;
  const [from, to] = [boundOf(key, was), boundOf(key, is)];
  const [fromText, toText] = [boundText(key, from), boundText(key, to)];
  if (fromText === toText) return [];
  const further = from && to && (to.value - from.value) * direction;
  const loosened =
    from !== undefined && (further === undefined || further > 0 || (further === 0 && from.exclusive));
  const message = `${key} ${wasAndIs(fromText, toText)}`;
  const finding = loosened
    ? breaks(HERE, 'limit_loosened', message, fromText, toText)
    : keeps(HERE, 'limit_tightened', message, fromText, toText);
  return [ofKeyword(key, finding)];
}

function boundOf(key: 'maximum' | 'minimum', keywords: SchemaObject): Bound | undefined {
  const inclusive = limit(keywords, key);
  const exclusive = limit(keywords, key === 'maximum' ? 'exclusiveMaximum' : 'exclusiveMinimum');
  if (exclusive === undefined)
    return inclusive === undefined ? undefined : { value: inclusive, exclusive: false };
  if (inclusive === undefined) return { value: exclusive, exclusive: true };
  const isTighter = key === 'maximum' ? exclusive <= inclusive : exclusive >= inclusive;
  return isTighter ? { value: exclusive, exclusive: true } : { value: inclusive, exclusive: false };
}

function boundText(key: 'maximum' | 'minimum', bound: Bound | undefined): string | undefined {
  if (!bound) return undefined;
  if (!bound.exclusive) return String(bound.value);
  return `${key === 'maximum' ? 'below' : 'above'} ${bound.value}`;
}

function compareMultiple(from: number | undefined, to: number | undefined): Finding[] {
  if (from === to) return [];
  const message = `multipleOf ${wasAndIs(from, to)}`;
  // In decimals, 0.3 is no multiple of 0.1 to the last bit.
  const kept = from === undefined || (to !== undefined && Math.abs(to / from - Math.round(to / from)) < 1e-9);
  const finding = kept
    ? keeps(HERE, 'limit_tightened', message, from, to)
    : breaks(HERE, 'limit_loosened', message, from, to);
  return [ofKeyword('multipleOf', finding)];
}

/** Compares a rule of which nobody can tell whether another one is stricter. */
function compareForm(key: string, from: unknown, to: unknown): Finding[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  const message = `${key} ${wasAndIs(from, to)}`;
  const finding =
    from === undefined
      ? keeps(HERE, 'rule_added', message, from, to)
      : breaks(HERE, 'rule_changed', message, from, to);
  return [ofKeyword(key, finding)];
}

function compareWhole(keys: readonly string[], old: Sided, next: Sided): Finding[] {
  const [key = ''] = keys;
  const [was, is] = [partsOf(keys, old), partsOf(keys, next)];
  if (was === is) return [];
  if (was === undefined) {
    return [ofKeyword(key, keeps(HERE, 'rule_added', `has the rule ${key} now`, undefined, key))];
  }
  const message =
    is === undefined ? `has lost the rule ${key}` : `has another rule ${key}: compare it yourself`;
  return [ofKeyword(key, breaks(HERE, 'rule_changed', message, key, is === undefined ? undefined : key))];
}

function partsOf(keys: readonly string[], { shape, reader }: Sided): string | undefined {
  const [key = ''] = keys;
  if (!Object.hasOwn(shape.keywords, key)) return undefined;
  return reader.textOf(keys.map((one) => shape.keywords[one] ?? null));
}

function wasAndIs(from: unknown, to: unknown): string {
  if (from === undefined) return `is ${text(to)}, and there was none`;
  return to === undefined
    ? `was ${text(from)}, and there is none now`
    : `was ${text(from)}, and is ${text(to)}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : Array.isArray(value) ? listed(value) : JSON.stringify(value);
}
