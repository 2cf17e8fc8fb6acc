import type { JsonSchema } from '../preset-file.ts';
import { resolveSchema } from '../schema-walk.ts';
import { notesOf, typesOf } from './nullable.ts';
import { isSchemaObject, type SchemaObject, schemasIn } from './subschemas.ts';

/** What a schema says of a value, with its references followed and "or null" taken apart from it. */
export interface Shape {
  readonly schema: SchemaObject;
  readonly notes: SchemaObject;
  /** What the value can be; undefined: anything. */
  readonly types: readonly string[] | undefined;
}

/** What a schema says of one member of an object. */
export interface Member {
  readonly schema: SchemaObject;
  /** Whether it is there whenever the whole fits its schema. */
  readonly always: boolean;
}

// A schema may compose itself without end.
const MAX_DEPTH = 16;

/** @param root whose definitions the schema refers to */
export function shapeOf(given: JsonSchema, root: JsonSchema): Shape {
  const resolved = resolveSchema(given, root);
  if (!isSchemaObject(resolved)) return { schema: {}, notes: {}, types: undefined };
  const notes = { ...notesOf(resolved), ...notesOf(given) };
  const one = onlyAlternative(resolved, root);
  if (!one) return { schema: resolved, notes, types: typesIn(resolved, root) };
  const types = typesOf(one);
  return {
    schema: one,
    notes: { ...notesOf(one), ...notes },
    types: types && [...new Set([...types, 'null'])],
  };
}

/** The types a schema names, or one of those it is composed of. */
function typesIn(schema: JsonSchema, root: JsonSchema, depth = 0): readonly string[] | undefined {
  const resolved = resolveSchema(schema, root);
  if (!isSchemaObject(resolved) || depth > MAX_DEPTH) return undefined;
  const own = typesOf(resolved);
  if (own) return own;
  return schemasIn(resolved.allOf)
    .map((part) => typesIn(part, root, depth + 1))
    .find((types) => types !== undefined);
}

/** What there is to a value beside null, of `anyOf: [something, null]`. */
function onlyAlternative(schema: SchemaObject, root: JsonSchema): SchemaObject | undefined {
  if (schema.properties !== undefined || schema.items !== undefined) return undefined;
  const alternatives = schemasIn(schema.anyOf ?? schema.oneOf).map((one) => resolveSchema(one, root));
  const others = alternatives.filter((one) => !isSchemaObject(one) || one.type !== 'null');
  const [other] = others;
  return alternatives.length === 2 && others.length === 1 && isSchemaObject(other) ? other : undefined;
}

/** Whether what fits the schema is an object and nothing else. */
export function isObjectFor(shape: Shape): boolean {
  return shape.types?.length === 1 && shape.types[0] === 'object';
}

/** What a schema says of the member at this path of an object: anything, where it says nothing. */
export function memberAt(object: JsonSchema, path: readonly string[], root: JsonSchema): Member {
  let schema: JsonSchema = object;
  let always = true;
  path.forEach((name, index) => {
    const shape = shapeOf(schema, root);
    // Of a value that isn't an object nothing is found.
    always &&= (index === 0 || isObjectFor(shape)) && requires(shape.schema, name, root);
    schema = propertyIn(shape.schema, name, root) ?? {};
  });
  return { schema: isSchemaObject(schema) ? schema : {}, always };
}

/** The members a schema describes, those of the schemas it is composed of (`allOf`) included. */
export function propertiesIn(schema: JsonSchema, root: JsonSchema, depth = 0): Record<string, JsonSchema> {
  const resolved = resolveSchema(schema, root);
  if (!isSchemaObject(resolved) || depth > MAX_DEPTH) return {};
  const parts = schemasIn(resolved.allOf).map((part) => propertiesIn(part, root, depth + 1));
  const own = isSchemaObject(resolved.properties) ? (resolved.properties as Record<string, JsonSchema>) : {};
  return Object.assign({}, ...parts, own);
}

/** The members a schema demands, those of the schemas it is composed of included. */
export function requiredIn(schema: JsonSchema, root: JsonSchema, depth = 0): string[] {
  const resolved = resolveSchema(schema, root);
  if (!isSchemaObject(resolved) || depth > MAX_DEPTH) return [];
  const parts = schemasIn(resolved.allOf).flatMap((part) => requiredIn(part, root, depth + 1));
  const own = Array.isArray(resolved.required) ? resolved.required.map(String) : [];
  return [...new Set([...parts, ...own])];
}

function propertyIn(schema: SchemaObject, name: string, root: JsonSchema): JsonSchema | undefined {
  const properties = propertiesIn(schema, root);
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function requires(schema: SchemaObject, name: string, root: JsonSchema): boolean {
  return requiredIn(schema, root).includes(name);
}
