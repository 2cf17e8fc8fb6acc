import { Ajv2020 } from 'ajv/dist/2020.js';
import { isSchemaObject, subschemasOf } from './describe/subschemas.ts';
import { STEPS } from './metered-schema.ts';
import type { JsonSchema } from './preset-file.ts';
import { STRICT } from './schema-compiler.ts';
import { decoded, targetOf, valueAt } from './schema-walk.ts';

/** Judges the form of schemas alone; it compiles none. */
let judge: Ajv2020 | undefined;

/** What is wrong with the form of a schema, whatever it refers to; undefined if nothing is. */
export function schemaFormProblem(schema: JsonSchema): string | undefined {
  const foreign = foreignKeyword(schema, true) ?? misleadingReference(schema);
  if (foreign !== undefined) return foreign;
  judge ??= new Ajv2020(STRICT);
  return judge.validateSchema(schema) === true ? undefined : judge.errorsText(judge.errors);
}

/** Not of JSON Schema 2020-12, but known to the compiler: `$async` makes a validator that answers later. */
const FOREIGN = ['$async', '$recursiveAnchor', '$recursiveRef', STEPS];

/** An `$id` inside gives a part another base. */
function foreignKeyword(schema: JsonSchema, isRoot: boolean): string | undefined {
  if (!isSchemaObject(schema)) return undefined;
  for (const keyword of FOREIGN) {
    if (Object.hasOwn(schema, keyword)) return `${keyword} is not a keyword of JSON Schema 2020-12`;
  }
  if (!isRoot && Object.hasOwn(schema, '$id')) return 'a part has an $id of its own: a schema stands alone';
  for (const inner of subschemasOf(schema)) {
    const found = foreignKeyword(inner, false);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A reference to something in the schema that isn't a schema there, such as an example. */
function misleadingReference(root: JsonSchema): string | undefined {
  if (!isSchemaObject(root)) return undefined;
  const { schemas, references } = contentOf(root);
  const wrong = [...references].find((one) => {
    const target = one.startsWith('#') ? valueAt(root, decoded(one.slice(1))) : undefined;
    return target !== undefined && !schemas.has(target);
  });
  return wrong === undefined ? undefined : `$ref ${wrong.slice(0, 200)} leads to what is no schema`;
}

/** What a schema that stands alone refers to without having it; undefined if there is nothing. */
export function missingReference(root: JsonSchema): string | undefined {
  if (!isSchemaObject(root)) return undefined;
  const missing = [...contentOf(root).references].find((one) => {
    return one.startsWith('#') && targetOf(one, root) === undefined;
  });
  return missing === undefined ? undefined : `can't resolve reference ${missing.slice(0, 200)}`;
}

function contentOf(root: JsonSchema) {
  const schemas = new Set<unknown>();
  const references = new Set<string>();
  const visit = (schema: JsonSchema): void => {
    schemas.add(schema);
    if (!isSchemaObject(schema)) return;
    if (typeof schema.$ref === 'string') references.add(schema.$ref);
    subschemasOf(schema).forEach(visit);
  };
  visit(root);
  return { schemas, references };
}
