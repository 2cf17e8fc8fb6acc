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
} as const;

// The first flaw alone is looked for: a hostile value could have a million. All of them are told of a small one.
const FULL_REPORT_CHARS = 64 * 1024;
const MAX_VIOLATIONS = 20;

const compilers = new Map<boolean, Ajv2020>();

/** Schemas don't know each other: what refers to another by its URL isn't found, and nothing is fetched. */
function compilerOf(allErrors: boolean): Ajv2020 {
  let compiler = compilers.get(allErrors);
  if (!compiler) {
    compiler = new Ajv2020({ ...OPTIONS, allErrors });
    addFormats(compiler);
    compilers.set(allErrors, compiler);
  }
  return compiler;
}

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
    if (first(value)) return [];
    const found = first.errors ?? [];
    if (JSON.stringify(value).length > FULL_REPORT_CHARS) return found.map(violationOf);
    all ??= compile(schema, true);
    all(value);
    return (all.errors ?? found).slice(0, MAX_VIOLATIONS).map(violationOf);
  };
}

/** What is wrong with the form of a schema, whatever it refers to; undefined if nothing is. */
export function schemaFormProblem(schema: JsonSchema): string | undefined {
  const compiler = compilerOf(false);
  return compiler.validateSchema(schema) === true ? undefined : compiler.errorsText(compiler.errors);
}

function compile(schema: JsonSchema, allErrors: boolean): ValidateFunction {
  const compiler = compilerOf(allErrors);
  if (typeof schema === 'boolean') return compiler.compile(schema);
  // Of its own: a compiler remembers schemas by their identity and by their $id, of which there may be two.
  const copy = structuredClone(schema);
  try {
    return compiler.compile(copy);
  } finally {
    compiler.removeSchema(copy);
  }
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
