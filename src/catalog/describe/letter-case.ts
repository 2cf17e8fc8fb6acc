import { type PayloadField, projectPayload } from '../../profile/payload-fields.ts';
import type { JsonSchema } from '../preset-file.ts';
import { resolveSchema } from '../schema-walk.ts';
import { notesOf } from './nullable.ts';
import { isSchemaObject, type SchemaObject, schemasIn } from './subschemas.ts';

type Case = NonNullable<PayloadField['as']>;

// They speak of the letters as they were, or of how many there are: "ß" becomes "SS".
const LOST = [
  '$ref',
  'const',
  'default',
  'else',
  'enum',
  'examples',
  'format',
  'if',
  'maxLength',
  'not',
  'oneOf',
  'pattern',
  'then',
];
// A schema may refer to itself without end, and more than once at each level.
const MAX_DEPTH = 4;

/** The schema of a text in other letters, where a value fits `given`. What isn't a text stays as it is. */
export function inCase(given: JsonSchema, as: Case, root: JsonSchema, depth = 0): SchemaObject {
  const schema = resolveSchema(given, root);
  if (!isSchemaObject(schema) || depth > MAX_DEPTH) return {};
  const all = (value: unknown): SchemaObject[] =>
    schemasIn(value).map((one) => inCase(one, as, root, depth + 1));
  const { allOf, anyOf, oneOf } = schema;
  const cased = (values: unknown): unknown[] | undefined =>
    Array.isArray(values) ? [...new Set(values.map((one) => changeCase(one, as)))] : undefined;
  const listed = cased(schema.const === undefined ? schema.enum : [schema.const]);
  const examples = cased(schema.examples);
  const kept = Object.entries(schema).filter(([keyword]) => !LOST.includes(keyword));
  return {
    ...Object.fromEntries(kept),
    ...notesOf(given),
    ...(listed && { enum: listed }),
    ...(examples && { examples }),
    ...(allOf !== undefined && { allOf: all(allOf) }),
    // What differed in its letters alone may fit several of them now.
    ...((anyOf ?? oneOf) !== undefined && { anyOf: all(anyOf ?? oneOf) }),
  } as SchemaObject;
}

/** By the code that changes what is sent. */
function changeCase(value: unknown, as: Case): unknown {
  const fields = [{ name: 'value', from: ['value'], as, count: false }];
  return JSON.parse(projectPayload(JSON.stringify({ value }), { absent: 'null', fields })).value;
}
