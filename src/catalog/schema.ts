import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsPackage from 'ajv-formats';
import type { JsonSchema } from './preset-file.ts';

/** A rule of a schema that a value breaks. */
export interface Violation {
  /** From the value down to what breaks it. */
  readonly path: readonly (string | number)[];
  /** The keyword of the schema: `required`, `maxLength`, … */
  readonly rule: string;
  readonly message: string;
}

/** Tells what a value breaks; nothing if it fits. */
export type Validator = (value: unknown) => Violation[];

// The package is CommonJS: its default export is the module or the function, by how it is loaded.
const addFormats = (
  'default' in addFormatsPackage ? addFormatsPackage.default : addFormatsPackage
) as typeof addFormatsPackage.default;

const OPTIONS = {
  strict: true,
  // A value that may be null is the rule here, and a list of required names may name what isn't described.
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
  strictTuples: false,
  logger: false,
  // What all objects have is not a member of the data.
  ownProperties: true,
} as const;

// The first flaw alone is looked for: a hostile value could have a million. All of them are told of a small one.
const FULL_REPORT_CHARS = 64 * 1024;
const MAX_VIOLATIONS = 20;

/** One for each schema, so that none is known to another: what refers to another by its URL isn't found, nor fetched. */
function createCompiler(allErrors: boolean): Ajv2020 {
  const compiler = new Ajv2020({ ...OPTIONS, allErrors, validateSchema: false });
  addFormats(compiler);
  return compiler;
}

/** Judges the form of schemas alone; it compiles none. */
let judge: Ajv2020 | undefined;

/**
 * Makes a validator of a JSON Schema (2020-12, https://json-schema.org/draft/2020-12), with the formats of its
 * vocabulary asserted.
 *
 * @throws Error that says what is wrong with the schema
 */
export function compileSchema(schema: JsonSchema): Validator {
  const first = compile(schema, false);
  let all: ValidateFunction | undefined;
  return (value) => {
    if (first(value) === true) return [];
    const found = first.errors ?? [];
    if (JSON.stringify(value).length > FULL_REPORT_CHARS) return found.map(violationOf);
    all ??= compile(schema, true);
    all(value);
    return (all.errors ?? found).slice(0, MAX_VIOLATIONS).map(violationOf);
  };
}

/** What is wrong with the form of a schema, whatever it refers to; undefined if nothing is. */
export function schemaFormProblem(schema: JsonSchema): string | undefined {
  const foreign = foreignKeyword(schema, true);
  if (foreign !== undefined) return foreign;
  judge ??= new Ajv2020(OPTIONS);
  return judge.validateSchema(schema) === true ? undefined : judge.errorsText(judge.errors);
}

/** `$async` is not of JSON Schema and makes a validator that answers later; an `$id` inside gives a part another base. */
function foreignKeyword(value: unknown, isRoot: boolean): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) {
    if ('$async' in value && typeof value.$async === 'boolean')
      return '$async is not a keyword of JSON Schema';
    if (!isRoot && '$id' in value && typeof value.$id === 'string') {
      return 'a part has an $id of its own: a schema stands alone';
    }
  }
  for (const item of Object.values(value)) {
    const found = foreignKeyword(item, false);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws Error that says what is wrong with the schema */
function compile(schema: JsonSchema, allErrors: boolean): ValidateFunction {
  const problem = schemaFormProblem(schema);
  if (problem !== undefined) throw new Error(problem);
  return createCompiler(allErrors).compile(schema);
}

function violationOf(error: ErrorObject): Violation {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const { missingProperty, additionalProperty, allowedValues, allowedValue } = error.params;
  const rule = error.keyword;
  if (rule === 'required') return { path: [...path, missingProperty], rule, message: 'is missing' };
  if (rule === 'additionalProperties') {
    return { path: [...path, additionalProperty], rule, message: 'is not in the schema' };
  }
  const allowed = allowedValues ?? (allowedValue === undefined ? undefined : [allowedValue]);
  if (allowed)
    return {
      path,
      rule,
      message: `must be ${allowed.map((one: unknown) => JSON.stringify(one)).join(' or ')}`,
    };
  return { path, rule, message: error.message ?? 'does not fit' };
}
