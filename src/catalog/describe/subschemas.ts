import type { JsonSchema } from '../preset-file.ts';

export type SchemaObject = Exclude<JsonSchema, boolean>;

// The keywords of JSON Schema (2020-12, and what is left of draft 07) that hold schemas. A walk that followed
// every object would take an example or a constant for a schema.
const ONE = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const NAMED = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);

/** A schema with each of the schemas right inside of it changed, by the keyword that holds it. */
export function mapSubschemas(
  schema: SchemaObject,
  change: (inner: JsonSchema, keyword: string) => JsonSchema,
): SchemaObject {
  const mapped: SchemaObject = {};
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword] as JsonSchema;
    if (ONE.has(keyword) && isSchema(value)) mapped[keyword] = change(value, keyword);
    else if (LISTS.has(keyword) && Array.isArray(value)) mapped[keyword] = mapList(value, keyword, change);
    else if (NAMED.has(keyword) && isSchemaObject(value)) mapped[keyword] = mapNamed(value, keyword, change);
    else mapped[keyword] = value;
  }
  return mapped;
}

type Change = Parameters<typeof mapSubschemas>[1];

function mapList(list: readonly JsonSchema[], keyword: string, change: Change): JsonSchema[] {
  return list.map((inner) => (isSchema(inner) ? change(inner, keyword) : inner));
}

function mapNamed(schemas: SchemaObject, keyword: string, change: Change): SchemaObject {
  const mapped: SchemaObject = {};
  for (const name of Object.keys(schemas)) {
    const inner = schemas[name] as JsonSchema;
    // What depends on a member may be a list of names instead.
    mapped[name] = isSchema(inner) ? change(inner, keyword) : inner;
  }
  return mapped;
}

/** The schemas right inside of a schema. */
export function subschemasOf(schema: SchemaObject): JsonSchema[] {
  const found: JsonSchema[] = [];
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword];
    if (ONE.has(keyword) && isSchema(value)) found.push(value);
    else if (LISTS.has(keyword)) found.push(...schemasIn(value));
    else if (NAMED.has(keyword) && isSchemaObject(value))
      found.push(...Object.values(value).filter(isSchema));
  }
  return found;
}

/** Whether a value has the form of a schema. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'boolean' || isSchemaObject(value);
}

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas in a list such as `anyOf`; none if it isn't one. */
export function schemasIn(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}
