import type { JsonSchema } from './preset-file.ts';

type SchemaObject = Exclude<JsonSchema, boolean>;

// A chain of references that leads nowhere ends somewhere.
const MAX_HOPS = 32;

/** A schema with its reference followed, if it has one into `root`'s definitions. */
export function resolveSchema(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let at = schema;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const name = typeof at === 'object' && typeof at.$ref === 'string' ? definitionName(at.$ref) : undefined;
    const definitions = definitionsOf(root);
    const target = name === undefined || !Object.hasOwn(definitions, name) ? undefined : definitions[name];
    if (target === undefined) return at;
    at = target;
  }
  return at;
}

/** The schemas a schema defines for reference, as `#/$defs/NAME`. */
export function definitionsOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return typeof schema === 'object' && isSchemas(schema.$defs) ? schema.$defs : {};
}

/** `Address` of `#/$defs/Address`; undefined for any other reference. */
export function definitionName(reference: string): string | undefined {
  return /^#\/\$defs\/(\w+)$/.exec(reference)?.[1];
}

/** What a schema says of the members of an object; undefined if it lists none. */
export function propertiesOf(
  schema: JsonSchema,
  root: JsonSchema,
): Readonly<Record<string, JsonSchema>> | undefined {
  const resolved = resolveSchema(schema, root);
  return typeof resolved === 'object' && isSchemas(resolved.properties) ? resolved.properties : undefined;
}

/** What a schema says of the items of an array; `true`, which takes anything, if it doesn't say. */
export function itemsOf(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const resolved = resolveSchema(schema, root);
  const items = typeof resolved === 'object' ? (resolved as SchemaObject).items : undefined;
  return typeof items === 'boolean' || isSchema(items) ? (items as JsonSchema) : true;
}

/** What a schema says of one member: `true` if it lists none at all, undefined if it lists others. */
export function propertyOf(schema: JsonSchema, name: string, root: JsonSchema): JsonSchema | undefined {
  const properties = propertiesOf(schema, root);
  if (!properties) return true;
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSchemas(value: unknown): value is Record<string, JsonSchema> {
  return isSchema(value);
}
