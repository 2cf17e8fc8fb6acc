import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Budget, BudgetSpent, ownBudget, spend, withBudget } from './budget.ts';
import { isSchemaObject, subschemasOf } from './describe/subschemas.ts';
import { addFormats } from './formats.ts';
import { compilePattern } from './linear-pattern/linear-pattern.ts';
import { addMeter, metered, STEPS } from './metered-schema.ts';
import type { JsonSchema } from './preset-file.ts';
import { addUniqueItems } from './unique-items.ts';
import { UNFINISHED, type Violation, violationOf } from './violation.ts';

/**
 * Tells what a value breaks; nothing if it fits. A value that can't be judged within the budget breaks
 * `validation_unfinished`.
 */
export type Validator = (value: unknown, budget?: Budget) => Violation[];

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
  const compiler = new Ajv2020({
    ...OPTIONS,
    allErrors,
    validateSchema: false,
    // Written into each place that refers to it, a definition would make code without bound.
    inlineRefs: false,
    code: { regExp: linearPattern },
  });
  addFormats(compiler);
  addUniqueItems(compiler);
  addMeter(compiler);
  return compiler;
}

/** In the place of the engine at hand, which goes back and forth in a text for as long as a pattern lets it. */
const linearPattern = Object.assign(
  (source: string, flags: string) => {
    const pattern = compilePattern(source, flags, spend);
    if (typeof pattern !== 'string') {
      return { test: (text: string) => pattern.test(text), toString: () => `/${source}/${flags}` };
    }
    throw new Error(
      `the pattern ${JSON.stringify(source.slice(0, 100))} ${pattern}, and can't be matched in linear time ` +
        '[pattern_not_linear]',
    );
  },
  { code: 'linearPattern' },
);

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
  return (value, budget = ownBudget(0)) => {
    let found: Violation[] = [];
    try {
      return withBudget(budget, () => {
        if (first(value) === true) return [];
        found = violationsOf(first);
        if (JSON.stringify(value).length > FULL_REPORT_CHARS) return found;
        all ??= compile(schema, true);
        all(value);
        return violationsOf(all);
      });
    } catch (error) {
      if (!isUnending(error)) throw error;
      return found.length > 0 ? found : [unfinished()];
    }
  };
}

function violationsOf({ errors }: ValidateFunction): Violation[] {
  return (errors ?? []).slice(0, MAX_VIOLATIONS).map(violationOf);
}

/** Of what couldn't be judged to the end. */
export function unfinished(): Violation {
  return { path: [], rule: UNFINISHED, message: 'takes too long to be judged by its schema' };
}

/** A schema that leads to itself ends the stack if it doesn't end the budget. */
function isUnending(error: unknown): boolean {
  return error instanceof BudgetSpent || error instanceof RangeError;
}

/** What is wrong with the form of a schema, whatever it refers to; undefined if nothing is. */
export function schemaFormProblem(schema: JsonSchema): string | undefined {
  const foreign = foreignKeyword(schema, true);
  if (foreign !== undefined) return foreign;
  judge ??= new Ajv2020(OPTIONS);
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

/** @throws Error that says what is wrong with the schema */
function compile(schema: JsonSchema, allErrors: boolean): ValidateFunction {
  const problem = schemaFormProblem(schema);
  if (problem !== undefined) throw new Error(problem);
  return createCompiler(allErrors).compile(metered(schema));
}
