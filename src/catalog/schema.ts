import type { ValidateFunction } from 'ajv/dist/2020.js';
import { type Budget, BudgetSpent, ownBudget, withBudget } from './budget.ts';
import { metered } from './metered-schema.ts';
import type { JsonSchema } from './preset-file.ts';
import { createCompiler } from './schema-compiler.ts';
import { missingReference, schemaFormProblem } from './schema-form.ts';
import { compileSharing } from './shared-definitions.ts';
import { UNFINISHED, type Violation, violationOf } from './violation.ts';

/**
 * Tells what a value breaks; nothing if it fits. A value that can't be judged within the budget breaks
 * `validation_unfinished`.
 */
export type Validator = (value: unknown, budget?: Budget) => Violation[];

// The first flaw alone is looked for: a hostile value could have a million. All of them are told of a small one.
const FULL_REPORT_CHARS = 64 * 1024;
const MAX_VIOLATIONS = 20;

/** Of a schema: what ends at the first flaw, and what finds all of them, which few are ever asked for. */
interface Compiled {
  readonly first: ValidateFunction;
  all: ValidateFunction | undefined;
}

// By the schema itself, which lives as long as its catalog does. What can't be compiled isn't tried with every event.
const known = new WeakMap<object, Compiled | { readonly error: unknown }>();

/**
 * Makes a validator of a JSON Schema (2020-12, https://json-schema.org/draft/2020-12), with the formats of its
 * vocabulary asserted. What is made of one schema is made once.
 *
 * @throws Error that says what is wrong with the schema
 */
export function compileSchema(schema: JsonSchema): Validator {
  const compiled = compiledOf(schema);
  return (value, budget = ownBudget(0)) => {
    let found: Violation[] = [];
    try {
      return withBudget(budget, () => {
        if (compiled.first(value) === true) return [];
        found = violationsOf(compiled.first);
        if (JSON.stringify(value).length > FULL_REPORT_CHARS) return found;
        compiled.all ??= compile(schema, true);
        compiled.all(value);
        return violationsOf(compiled.all);
      });
    } catch (error) {
      if (!isUnending(error)) throw error;
      return found.length > 0 ? found : [unfinished()];
    }
  };
}

function compiledOf(schema: JsonSchema): Compiled {
  if (typeof schema === 'boolean') return { first: compile(schema, false), all: undefined };
  const earlier = known.get(schema);
  if (earlier && 'error' in earlier) throw earlier.error;
  if (earlier) return earlier;
  try {
    const compiled = { first: compile(schema, false), all: undefined };
    known.set(schema, compiled);
    return compiled;
  } catch (error) {
    known.set(schema, { error });
    throw error;
  }
}

/** @throws Error that says what is wrong with the schema */
function compile(schema: JsonSchema, allErrors: boolean): ValidateFunction {
  const shared = compileSharing(schema, allErrors);
  if (shared) return shared;
  const problem = schemaFormProblem(schema) ?? missingReference(schema);
  if (problem !== undefined) throw new Error(problem);
  // One of its own: schemas don't know each other. What refers to another by its URL isn't found, nor fetched.
  return createCompiler(allErrors).compile(metered(schema));
}

function violationsOf({ errors }: ValidateFunction): Violation[] {
  return (errors ?? []).slice(0, MAX_VIOLATIONS).map(violationOf);
}

function unfinished(): Violation {
  const message = 'takes too long to be judged by its schema';
  return { path: [], rule: UNFINISHED, message, params: { why: 'slow' } };
}

/** A schema that leads to itself ends the stack if it doesn't end the budget. */
function isUnending(error: unknown): boolean {
  return error instanceof BudgetSpent || error instanceof RangeError;
}
