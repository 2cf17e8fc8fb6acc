import { isDeepStrictEqual } from 'node:util';
import { isSchemaObject, type SchemaObject } from './describe/subschemas.ts';
import type { JsonSchema } from './preset-file.ts';

type Json = SchemaObject[string];

// Alternatives multiply where they stand side by side.
const MAX_ALTERNATIVES = 64;

/** What says nothing of the values that fit. */
export const ANNOTATIONS = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$comment',
  '$defs',
  'default',
  'examples',
  'title',
]);

/** The same, but receivers may like to read it. */
export const TEXTS = new Set(['description', 'deprecated', 'readOnly', 'writeOnly']);

/** A constant as a list of one value, so that there is one way to say which values there are. */
export function withConstListed(keywords: SchemaObject): SchemaObject {
  const { const: only, ...others } = keywords;
  return only === undefined ? keywords : merge({ enum: [only] }, others);
}

/** Alternatives that stand side by side with others: each with each. */
export function combine(some: readonly SchemaObject[], others: readonly SchemaObject[]): SchemaObject[] {
  return some.flatMap((one) => others.map((other) => merge(one, other))).slice(0, MAX_ALTERNATIVES);
}

/** What fits two schemas at once. Of two texts the first counts, which stands nearer to where it is used. */
function merge(one: SchemaObject, other: SchemaObject): SchemaObject {
  const merged: Record<string, Json> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const own = one[key];
    merged[key] = own === undefined ? value : both(key, own, value);
  }
  return merged;
}

function both(key: string, one: Json, other: Json): Json {
  if (isDeepStrictEqual(one, other) || ANNOTATIONS.has(key) || TEXTS.has(key)) return one;
  if (/^(max|exclusiveMax)/.test(key)) return Math.min(Number(one), Number(other));
  if (/^(min|exclusiveMin)/.test(key)) return Math.max(Number(one), Number(other));
  if (key === 'required') return unique([one, other].flat()) as Json;
  if (key === 'type') return [...commonTypes([one].flat(), [other].flat())] as Json;
  if (key === 'enum') {
    const known = new ValueSet([other].flat());
    return unique([one].flat().filter((value) => known.has(value))) as Json;
  }
  if (key === 'items' || key === 'additionalProperties') return { allOf: [one, other] };
  if (key === 'properties') return bothProperties(schemasByName(one), schemasByName(other)) as Json;
  // There is no one keyword for both. As a list it is different from each, which is what a comparison goes by.
  return [one, other];
}

function bothProperties(
  one: Readonly<Record<string, JsonSchema>>,
  other: Readonly<Record<string, JsonSchema>>,
): Record<string, JsonSchema> {
  const merged: Record<string, JsonSchema> = { ...one };
  for (const [name, schema] of Object.entries(other)) {
    const own = Object.hasOwn(one, name) ? one[name] : undefined;
    merged[name] = own === undefined || own === schema ? schema : ({ allOf: [own, schema] } as JsonSchema);
  }
  return merged;
}

function commonTypes(one: readonly unknown[], other: readonly unknown[]): Set<unknown> {
  const [a, b] = [new Set(one), new Set(other)] as Set<string>[];
  return new Set([
    ...one.filter((type) => includesType(b as Set<string>, String(type))),
    ...other.filter((type) => includesType(a as Set<string>, String(type))),
  ]);
}

const LISTS = new Set(['type', 'enum', 'required', 'prefixItems']);

/** What was put together as a schema again: a list of values for a keyword that takes one means that all of them hold. */
export function untangle(keywords: SchemaObject): SchemaObject {
  const entries = Object.entries(keywords);
  const isTangled = ([key, value]: readonly [string, Json]) => Array.isArray(value) && !LISTS.has(key);
  const rules = entries
    .filter(isTangled)
    .flatMap(([key, values]) => flatten(values).map((value) => ({ [key]: value })));
  const plain = Object.fromEntries(entries.filter((entry) => !isTangled(entry)));
  return rules.length === 0 ? plain : { ...plain, allOf: rules };
}

function flatten(values: Json): Json[] {
  return Array.isArray(values) ? values.flatMap(flatten) : [values];
}

/** JSON values to look others up among: lists of thousands are no work unless they hold objects. */
export class ValueSet {
  readonly #plain = new Set<unknown>();
  readonly #others: unknown[] = [];

  constructor(values: readonly unknown[]) {
    for (const value of values) this.add(value);
  }

  has(value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return this.#plain.has(value);
    return this.#others.some((one) => isDeepStrictEqual(one, value));
  }

  /** @returns whether it is new among them */
  add(value: unknown): boolean {
    if (this.has(value)) return false;
    if (typeof value !== 'object' || value === null) this.#plain.add(value);
    else this.#others.push(value);
    return true;
  }
}

/** Those of some values that aren't among others. */
export function valuesWithout(values: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new ValueSet(others);
  return values.filter((value) => !known.has(value));
}

/** Values without those that are there twice. */
export function unique(values: readonly unknown[]): unknown[] {
  const known = new ValueSet([]);
  return values.filter((value) => known.add(value));
}

/** A value under `properties` and the like: schemas by name. */
export function schemasByName(value: unknown): Readonly<Record<string, JsonSchema>> {
  return isSchemaObject(value) ? (value as Record<string, JsonSchema>) : {};
}

/** Whether values of a type are among those of others: an integer is a number. */
export function includesType(types: ReadonlySet<string>, type: string): boolean {
  return types.has(type) || (type === 'integer' && types.has('number'));
}
