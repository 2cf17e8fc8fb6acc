import {
  isSchema,
  isSchemaObject,
  type SchemaObject,
  schemasIn,
  subschemasOf,
} from './describe/subschemas.ts';
import type { JsonSchema } from './preset-file.ts';

// A chain of references that leads nowhere ends somewhere.
const MAX_HOPS = 32;

/** A schema with its reference followed, if it has one that leads into `root`. What stands beside it isn't looked at. */
export function resolveSchema(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let at = schema;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const target = isSchemaObject(at) && typeof at.$ref === 'string' ? targetOf(at.$ref, root) : undefined;
    if (target === undefined) return at;
    at = target;
  }
  return at;
}

/** The schemas a schema defines for reference, as `#/$defs/NAME`. */
export function definitionsOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return isSchemaObject(schema) && isSchemaObject(schema.$defs)
    ? (schema.$defs as Record<string, JsonSchema>)
    : {};
}

/** `Address` of `#/$defs/Address`; undefined for any other reference. */
export function definitionName(reference: string): string | undefined {
  return /^#\/\$defs\/(\w+)$/.exec(reference)?.[1];
}

/** Of which definition a reference names a part: `Address` of `#/$defs/Address/properties/city`, too. */
export function definitionNamed(reference: string): string | undefined {
  return /^#\/\$defs\/(\w+)(?:\/|$)/.exec(reference)?.[1];
}

/** Those of the definitions that a schema refers to, and that they refer to, in the order they are met. */
export function definitionsReached(
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
): Map<string, JsonSchema> {
  const reached = new Map<string, JsonSchema>();
  // The next one last. Not by recursion: a chain of references can be as long as the document.
  const open = [...namesIn(schema)].reverse();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name) || !Object.hasOwn(definitions, name)) continue;
    const definition = definitions[name] as JsonSchema;
    reached.set(name, definition);
    open.push(...[...namesIn(definition)].reverse());
  }
  return reached;
}

// Definitions are shared by as many schemas as there are.
const named = new WeakMap<SchemaObject, readonly string[]>();

/** The names of the definitions that a schema refers to right away, be they there or not. */
export function namesIn(schema: JsonSchema): readonly string[] {
  if (!isSchemaObject(schema)) return [];
  const known = named.get(schema);
  if (known) return known;
  const found = new Set<string>();
  const visit = (given: JsonSchema): void => {
    if (!isSchemaObject(given)) return;
    const name = typeof given.$ref === 'string' ? definitionNamed(given.$ref) : undefined;
    if (name !== undefined) found.add(name);
    subschemasOf(given).forEach(visit);
  };
  visit(schema);
  const names = [...found];
  named.set(schema, names);
  return names;
}

/** What a reference leads to within a document: by a JSON pointer (RFC 6901), or by an anchor. */
export function targetOf(reference: string, root: JsonSchema): JsonSchema | undefined {
  const fragment = isSchemaObject(root) ? fragmentOf(reference, root) : undefined;
  if (fragment === undefined) return undefined;
  const found = valueAt(root as SchemaObject, decoded(fragment));
  return isSchema(found) ? found : undefined;
}

const BASE = 'https://schema.invalid/';

/** What of a reference is looked for within the document, which may be called by its name; undefined: it leads out. */
function fragmentOf(reference: string, { $id }: SchemaObject): string | undefined {
  if (reference.startsWith('#')) return reference.slice(1);
  if (reference !== '' && typeof $id !== 'string') return undefined;
  try {
    const base = new URL(typeof $id === 'string' ? $id : '', BASE);
    const target = new URL(reference, base);
    const isHere = target.href.replace(/#.*/s, '') === base.href.replace(/#.*/s, '');
    return isHere ? target.hash.slice(1) : undefined;
  } catch {
    return undefined;
  }
}

/** What a fragment leads to, be it a schema or not. */
export function valueAt(root: SchemaObject, fragment: string): unknown {
  const [first, ...keys] = fragment.split('/');
  if (first !== '') return anchorsOf(root).get(first as string);
  return keys
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, key) => {
      return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? value[key as keyof typeof value]
        : undefined;
    }, root);
}

/** A fragment without its percent signs, unless they are wrong. */
export function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

// By the schema they are in, which nobody changes.
const anchors = new WeakMap<SchemaObject, ReadonlyMap<string, SchemaObject>>();

function anchorsOf(root: SchemaObject): ReadonlyMap<string, SchemaObject> {
  const known = anchors.get(root);
  if (known) return known;
  const found = new Map<string, SchemaObject>();
  const visit = (schema: JsonSchema): void => {
    if (!isSchemaObject(schema)) return;
    for (const name of [schema.$anchor, schema.$dynamicAnchor]) {
      if (typeof name === 'string') found.set(name, schema);
    }
    subschemasOf(schema).forEach(visit);
  };
  visit(root);
  anchors.set(root, found);
  return found;
}

const parts = new WeakMap<SchemaObject, WeakMap<SchemaObject, readonly SchemaObject[]>>();

/**
 * All schemas that a value must fit to fit this one, each once: what it refers to, what it is composed of (`allOf`), and
 * last what it says itself.
 */
export function partsOf(schema: JsonSchema, root: JsonSchema): readonly SchemaObject[] {
  if (!isSchemaObject(schema)) return [];
  const ofRoot = isSchemaObject(root) ? (parts.get(root) ?? new WeakMap()) : new WeakMap();
  if (isSchemaObject(root)) parts.set(root, ofRoot);
  const known = ofRoot.get(schema);
  if (known) return known;
  const found = [...collect(schema, root, (one) => schemasIn(one.allOf))];
  ofRoot.set(schema, found);
  return found;
}

/** Those, and all that a value may fit instead of others, or on a condition. */
export function branchesOf(schemas: readonly JsonSchema[], root: JsonSchema): readonly SchemaObject[] {
  const inner = ({
    allOf,
    anyOf,
    oneOf,
    if: test,
    then,
    else: otherwise,
    dependentSchemas,
  }: SchemaObject) => [
    ...[allOf, anyOf, oneOf].flatMap(schemasIn),
    ...[test, then, otherwise].filter(isSchema),
    ...(isSchemaObject(dependentSchemas) ? Object.values(dependentSchemas).filter(isSchema) : []),
  ];
  return [...new Set(schemas.flatMap((one) => [...collect(one, root, inner)]))];
}

function collect(
  schema: JsonSchema,
  root: JsonSchema,
  inner: (schema: SchemaObject) => readonly JsonSchema[],
): ReadonlySet<SchemaObject> {
  const begun = new Set<SchemaObject>();
  const found = new Set<SchemaObject>();
  const visit = (given: JsonSchema): void => {
    if (!isSchemaObject(given) || begun.has(given)) return;
    begun.add(given);
    const target = typeof given.$ref === 'string' ? targetOf(given.$ref, root) : undefined;
    if (target !== undefined) visit(target);
    inner(given).forEach(visit);
    found.add(given);
  };
  visit(schema);
  return found;
}

/** What a schema says of the items of an array; `true`, which takes anything, if it doesn't say. */
export function itemsOf(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const saying = partsOf(schema, root).filter(({ items }) => isSchema(items));
  return (saying.at(-1)?.items as JsonSchema | undefined) ?? true;
}

/** What a schema says of one member: `true` if it lists none at all, undefined if it lists others. */
export function propertyOf(schema: JsonSchema, name: string, root: JsonSchema): JsonSchema | undefined {
  const listing = partsOf(schema, root).filter(({ properties }) => isSchemaObject(properties));
  if (listing.length === 0) return true;
  const lists = listing.map(({ properties }) => properties as Record<string, JsonSchema>);
  const [last, ...others] = lists
    .flatMap((list) => (Object.hasOwn(list, name) ? [list[name]] : []))
    .reverse();
  return others.length === 0 || last === undefined
    ? last
    : ({ allOf: [...others.reverse(), last] } as SchemaObject);
}
