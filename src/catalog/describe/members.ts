import type { JsonSchema } from '../preset-file.ts';
import { partsOf, resolveSchema } from '../schema-walk.ts';
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

/** @param root whose definitions the schema refers to */
export function shapeOf(given: JsonSchema, root: JsonSchema): Shape {
  const resolved = withMembersBeside(given, resolveSchema(given, root), root);
  if (!isSchemaObject(resolved)) return { schema: {}, notes: {}, types: undefined };
  const notes = { ...notesOf(resolved), ...notesOf(given) };
  const one = onlyAlternative(resolved, root);
  if (!one) return { schema: resolved, notes, types: typesIn(given, root) };
  const types = typesOf(one);
  return {
    schema: one,
    notes: { ...notesOf(one), ...notes },
    types: types && [...new Set([...types, 'null'])],
  };
}

/** A reference is followed, and what stands beside it says which members there are as well. */
function withMembersBeside(given: JsonSchema, resolved: JsonSchema, root: JsonSchema): JsonSchema {
  if (!isSchemaObject(given) || !isSchemaObject(resolved) || given === resolved) return resolved;
  const { properties, required, allOf } = given;
  if (properties === undefined && required === undefined && allOf === undefined) return resolved;
  return { ...resolved, properties: propertiesIn(given, root), required: requiredIn(given, root) };
}

/** The types a schema names, or else one of those it is composed of. */
function typesIn(schema: JsonSchema, root: JsonSchema): readonly string[] | undefined {
  const parts = partsOf(schema, root);
  const [own, ...others] = [...parts.slice(-1), ...parts.slice(0, -1)];
  const named = [own, ...others].map((part) => part && typesOf(part));
  return named.find((types) => types !== undefined);
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

/** The members a schema describes, those of the schemas it refers to and is composed of (`allOf`) included. */
export function propertiesIn(schema: JsonSchema, root: JsonSchema): Record<string, JsonSchema> {
  const lists = partsOf(schema, root).map(({ properties }) => (isSchemaObject(properties) ? properties : {}));
  return Object.assign({}, ...lists);
}

/** The members a schema demands, those of the schemas it refers to and is composed of included. */
export function requiredIn(schema: JsonSchema, root: JsonSchema): string[] {
  const lists = partsOf(schema, root).map(({ required }) => (Array.isArray(required) ? required : []));
  return [...new Set(lists.flat().map(String))];
}

function propertyIn(schema: SchemaObject, name: string, root: JsonSchema): JsonSchema | undefined {
  const properties = propertiesIn(schema, root);
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function requires(schema: SchemaObject, name: string, root: JsonSchema): boolean {
  return requiredIn(schema, root).includes(name);
}
