import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import { isSchemaObject, mapSubschemas, type SchemaObject } from './describe/subschemas.ts';
import { metered } from './metered-schema.ts';
import type { JsonSchema } from './preset-file.ts';
import { newWalk, type Walked } from './reference-cycle.ts';
import { createCompiler } from './schema-compiler.ts';
import { schemaFormProblem } from './schema-form.ts';
import { definitionName, definitionsOf, namesIn } from './schema-walk.ts';

export type Definitions = Readonly<Record<string, JsonSchema>>;

/** What a schema was put together from: one as it was written, and what several share. */
interface Origin {
  readonly own: SchemaObject;
  readonly shared: Definitions;
  /** Which of those it refers to, whatever the way. */
  readonly used: readonly string[];
}

const origins = new WeakMap<object, Origin>();

/** Notes what a schema was put together from, so that what it shares with others is compiled once for all of them. */
export function noteOrigin(schema: SchemaObject, origin: Origin): void {
  origins.set(schema, origin);
}

/** A compiler that knows shared definitions, each by a URL of its own. */
interface Library {
  readonly compiler: Ajv2020;
  readonly known: Set<string>;
}

// Each lives as long as the definitions do.
const libraries = { first: new WeakMap<Definitions, Library>(), all: new WeakMap<Definitions, Library>() };

const BASE = 'https://definitions.invalid/';

/**
 * Compiles a schema that shares definitions with others.
 *
 * @returns undefined for one that doesn't, or that has to stand alone for what it says
 * @throws Error that says what is wrong with it, or with what it shares
 */
export function compileSharing(schema: JsonSchema, allErrors: boolean): ValidateFunction | undefined {
  const origin = typeof schema === 'object' ? origins.get(schema) : undefined;
  if (!origin || !canShare(origin)) return undefined;
  const { own, shared, used } = origin;
  const kind = allErrors ? libraries.all : libraries.first;
  const library = kind.get(shared) ?? { compiler: createCompiler(allErrors), known: new Set() };
  kind.set(shared, library);
  const isShared = (name: string): boolean => Object.hasOwn(shared, name);
  const prepared = (given: JsonSchema): JsonSchema => metered(relocated(checked(given), isShared));
  for (const name of used) {
    if (library.known.has(name)) continue;
    library.compiler.addSchema(prepared(shared[name] as JsonSchema), BASE + name);
    library.known.add(name);
  }
  return library.compiler.compile(prepared(own));
}

// Of definitions that mean the same wherever they are referred to.
const walks = new WeakMap<Definitions, Walked>();

/** What has been gone through of what a schema shares with others, so that it is gone through once for all of them. */
export function walkedBefore(schema: JsonSchema): Walked {
  const origin = typeof schema === 'object' ? origins.get(schema) : undefined;
  if (!origin || !canShare(origin)) return newWalk();
  const walked = walks.get(origin.shared) ?? newWalk();
  walks.set(origin.shared, walked);
  return walked;
}

/** Whether a schema that refers to definitions others have, too, is compiled with a copy of them of its own. */
export function standsApart(schema: JsonSchema): boolean {
  const origin = typeof schema === 'object' ? origins.get(schema) : undefined;
  return origin !== undefined && !canShare(origin);
}

/** What refers to the whole, or by a name of its own choosing, means something else elsewhere. */
function canShare({ own, shared, used }: Origin): boolean {
  if (isSchemaObject(own.$defs) && Object.keys(own.$defs).some((name) => Object.hasOwn(shared, name)))
    return false;
  const all = [own, ...used.map((name) => shared[name] as JsonSchema)];
  const isThere = (name: string): boolean =>
    Object.hasOwn(shared, name) || Object.hasOwn(definitionsOf(own), name);
  return all.every((one) => isPlain(one) && namesIn(one).every(isThere));
}

const plain = new WeakMap<object, boolean>();

function isPlain(schema: JsonSchema): boolean {
  if (!isSchemaObject(schema)) return true;
  const noted = plain.get(schema) ?? looksPlain(schema);
  plain.set(schema, noted);
  return noted;
}

/** What is kept track of across schemas costs more in each of them. */
const NOT_PLAIN = new Set([
  '$anchor',
  '$dynamicAnchor',
  '$dynamicRef',
  '$id',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

function looksPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, item]) => {
    if (NOT_PLAIN.has(key)) return false;
    return key === '$ref' && typeof item === 'string' ? definitionName(item) !== undefined : looksPlain(item);
  });
}

// Each is checked once, whoever refers to it.
const wellFormed = new WeakSet<object>();

function checked(schema: JsonSchema): JsonSchema {
  if (!isSchemaObject(schema) || wellFormed.has(schema)) return schema;
  const problem = schemaFormProblem(schema);
  if (problem !== undefined) throw new Error(problem);
  wellFormed.add(schema);
  return schema;
}

/** The same schema with what it refers to elsewhere led there. */
function relocated(given: JsonSchema, isShared: (name: string) => boolean): JsonSchema {
  if (!isSchemaObject(given)) return given;
  const inner = mapSubschemas(given, (one) => relocated(one, isShared));
  const name = typeof given.$ref === 'string' ? definitionName(given.$ref) : undefined;
  return name === undefined || !isShared(name) ? inner : { ...inner, $ref: BASE + name };
}
