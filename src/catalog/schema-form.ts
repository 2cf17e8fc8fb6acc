import { Ajv2020 } from 'ajv/dist/2020.js';
import { isSchemaObject, subschemasOf } from './describe/subschemas.ts';
import { STEPS } from './metered-schema.ts';
import type { JsonSchema } from './preset-file.ts';
import { STRICT } from './schema-compiler.ts';

/** Judges the form of schemas alone; it compiles none. */
let judge: Ajv2020 | undefined;

/** What is wrong with the form of a schema, whatever it refers to; undefined if nothing is. */
export function schemaFormProblem(schema: JsonSchema): string | undefined {
  const foreign = foreignKeyword(schema, true);
  if (foreign !== undefined) return foreign;
  judge ??= new Ajv2020(STRICT);
  return judge.validateSchema(schema) === true ? undefined : judge.errorsText(judge.errors);
}

/** `$async` is not of JSON Schema and makes a validator that answers later; an `$id` inside gives a part another base. */
function foreignKeyword(schema: JsonSchema, isRoot: boolean): string | undefined {
  if (!isSchemaObject(schema)) return undefined;
  for (const keyword of ['$async', STEPS]) {
    if (Object.hasOwn(schema, keyword)) return `${keyword} is not a keyword of JSON Schema`;
  }
  if (!isRoot && Object.hasOwn(schema, '$id')) return 'a part has an $id of its own: a schema stands alone';
  for (const inner of subschemasOf(schema)) {
    const found = foreignKeyword(inner, false);
    if (found !== undefined) return found;
  }
  return undefined;
}
