import type { JsonSchema } from '../preset-file.ts';
import { resolveSchema } from '../schema-walk.ts';
import { isSchemaObject, type SchemaObject, schemasIn } from './subschemas.ts';

/** What a schema says to people, not to machines. */
const NOTES = ['title', 'description', 'deprecated'] as const;
const COMPOSING = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'const'] as const;

/** The types a schema names; undefined if it names none, so that a value may be of any. */
export function typesOf(schema: SchemaObject): readonly string[] | undefined {
  if (typeof schema.type === 'string') return [schema.type];
  return Array.isArray(schema.type) ? schema.type.map(String) : undefined;
}

/** The title, the description and whether it is deprecated, as far as a schema says. */
export function notesOf(schema: JsonSchema): SchemaObject {
  if (typeof schema === 'boolean') return {};
  const said = NOTES.filter((note) => schema[note] !== undefined);
  return Object.fromEntries(said.map((note) => [note, schema[note] as JsonSchema]));
}

/** A schema that takes null beside what it takes already. */
export function nullable(schema: SchemaObject, root: JsonSchema): SchemaObject {
  if (acceptsNull(schema, root)) return schema;
  if (COMPOSING.some((keyword) => schema[keyword] !== undefined)) {
    const notes = notesOf(schema);
    const rest = Object.entries(schema).filter(([keyword]) => !(keyword in notes));
    return { ...notes, anyOf: [Object.fromEntries(rest), { type: 'null' }] };
  }
  const types = typesOf(schema);
  return {
    ...schema,
    ...(types && { type: [...new Set([...types, 'null'])] }),
    ...(Array.isArray(schema.enum) && { enum: [...new Set([...schema.enum, null])] }),
  };
}

// By the schema that is referred into, and the one that is asked about.
const known = new WeakMap<object, WeakMap<SchemaObject, boolean>>();

/** Whether a schema takes null for certain. */
function acceptsNull(given: JsonSchema, root: JsonSchema): boolean {
  if (typeof given === 'boolean') return given;
  const ofRoot = known.get(Object(root)) ?? new WeakMap<SchemaObject, boolean>();
  known.set(Object(root), ofRoot);
  const before = ofRoot.get(given);
  if (before !== undefined) return before;
  // Of one that refers to itself nothing is certain while it is asked about.
  ofRoot.set(given, false);
  const accepts = everyPartAcceptsNull(given, root);
  ofRoot.set(given, accepts);
  return accepts;
}

function everyPartAcceptsNull(given: SchemaObject, root: JsonSchema): boolean {
  if (given.not !== undefined || given.if !== undefined) return false;
  const accepts = (one: JsonSchema): boolean => acceptsNull(one, root);
  if (typeof given.$ref === 'string' && !accepts(resolveSchema({ $ref: given.$ref }, root))) return false;
  if (refusesNull(given)) return false;
  if (given.anyOf !== undefined && !schemasIn(given.anyOf).some(accepts)) return false;
  if (!schemasIn(given.allOf).every(accepts)) return false;
  if (given.oneOf === undefined) return true;
  const others = schemasIn(given.oneOf).filter((one) => !accepts(one));
  return (
    others.length === schemasIn(given.oneOf).length - 1 && others.every((one) => refusesAlways(one, root))
  );
}

function refusesAlways(given: JsonSchema, root: JsonSchema): boolean {
  const resolved = resolveSchema(given, root);
  return resolved === false || (isSchemaObject(resolved) && refusesNull(resolved));
}

function refusesNull(schema: SchemaObject): boolean {
  if (typesOf(schema)?.includes('null') === false) return true;
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) return true;
  return schema.const !== undefined && schema.const !== null;
}
