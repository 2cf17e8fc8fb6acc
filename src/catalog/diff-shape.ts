import { type SchemaObject, schemasIn } from './describe/subschemas.ts';
import { ANNOTATIONS, combine, TEXTS, unique, untangle, withConstListed } from './diff-merge.ts';
import { schemaText } from './diff-schema-text.ts';
import type { JsonSchema } from './preset-file.ts';
import { compileSchema } from './schema.ts';
import { definitionName, definitionsOf } from './schema-walk.ts';

const TYPES = ['boolean', 'integer', 'number', 'string', 'array', 'object'] as const;
export type TypeName = (typeof TYPES)[number];

/** One form a value can have. Null isn't among its types and values. */
export interface Shape {
  readonly types: ReadonlySet<TypeName>;
  /** All there are; undefined: any of its types. */
  readonly values: readonly unknown[] | undefined;
  readonly keywords: SchemaObject;
}

/** All that a schema allows. */
export interface Forms {
  readonly nullable: boolean;
  /** Empty, and not nullable: nothing fits. */
  readonly shapes: readonly Shape[];
}

/** What a schema that nothing fits is among the parts of another. */
const NEVER: SchemaObject = { not: {} };
const ANY = new Set<TypeName>(['boolean', 'number', 'string', 'array', 'object']);

/** Takes the schemas below one root apart. The same schema gives the same object each time. */
export class ShapeReader {
  readonly #root: JsonSchema;
  readonly #forms = new Map<JsonSchema, Forms>();
  /** By the parts, since what composes itself anew each time is made of the same ones. */
  readonly #formsOfParts = new Map<string, Forms>();
  readonly #numbers = new Map<SchemaObject, number>();
  readonly #expanding = new Set<string>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  formsOf(schema: JsonSchema): Forms {
    const known = this.#forms.get(schema);
    if (known) return known;
    const parts = this.#partsOf(schema);
    const key = this.#keyOf(parts);
    const forms = this.#formsOfParts.get(key) ?? this.#formsFrom(this.#expand(parts));
    this.#formsOfParts.set(key, forms);
    this.#forms.set(schema, forms);
    return forms;
  }

  /** A shape as a schema that values can be judged by. */
  schemaOf({ types, keywords }: Shape): SchemaObject {
    return { ...this.#standAlone(keywords), type: [...types] };
  }

  #standAlone(keywords: SchemaObject): SchemaObject {
    const { $ref, $dynamicRef, ...rules } = withoutAnnotations(keywords);
    return { ...untangle(rules), $defs: { ...definitionsOf(this.#root) } };
  }

  #formsFrom(alternatives: readonly SchemaObject[]): Forms {
    let nullable = false;
    const shapes: Shape[] = [];
    const constants: unknown[] = [];
    for (const keywords of alternatives) {
      const stated = statedTypes(keywords);
      // Parts of different types: nothing fits both.
      if (stated.size === 0) continue;
      const values = this.#valuesOf(keywords);
      nullable ||= values ? values.includes(null) : stated.has('null');
      if (values) constants.push(...values.filter((value) => value !== null));
      else if (stated.size > (stated.has('null') ? 1 : 0)) {
        shapes.push({
          types: withoutNull(stated),
          values: undefined,
          keywords: withoutAnnotations(keywords),
        });
      }
    }
    // Alternatives that are one value each are an enumeration, in whichever of two ways it is written.
    const texts = alternatives.length === 1 ? textsOf(alternatives[0] ?? {}) : {};
    return { nullable, shapes: constants.length > 0 ? [shapeOfValues(constants, texts), ...shapes] : shapes };
  }

  /** The values that are listed, but for those that other rules beside the list don't allow. */
  #valuesOf(keywords: SchemaObject): readonly unknown[] | undefined {
    const { enum: values, ...others } = keywords;
    if (!Array.isArray(values)) return undefined;
    if (values.length === 0) return [];
    const judge = compileSchema(this.#standAlone(others));
    return values.filter((value) => judge(value).length === 0);
  }

  /** A part of a schema as text that is the same for the same rules, references and what they lead to included. */
  textOf(part: unknown): string {
    return schemaText(part, this.#root);
  }

  /** All that a value must fit at once: what a schema says, what it refers to, and what it is composed of. */
  #partsOf(schema: JsonSchema): SchemaObject[] {
    const parts = new Set<SchemaObject>();
    const collect = (part: JsonSchema): void => {
      if (part === false) parts.add(NEVER);
      if (typeof part === 'boolean' || parts.has(part)) return;
      parts.add(part);
      const target = this.#targetOf(part.$ref);
      if (target !== undefined) collect(target);
      schemasIn(part.allOf).forEach(collect);
    };
    collect(schema);
    return [...parts].filter((part) => this.#saysSomething(part));
  }

  #saysSomething(part: SchemaObject): boolean {
    return Object.keys(part).some((key) => {
      if (key === '$ref') return this.#targetOf(part.$ref) === undefined;
      return key !== 'allOf' && !ANNOTATIONS.has(key);
    });
  }

  #keyOf(parts: readonly SchemaObject[]): string {
    const numbers = parts.map((part) => {
      const number = this.#numbers.get(part) ?? this.#numbers.size;
      this.#numbers.set(part, number);
      return number;
    });
    return numbers.sort((a, b) => a - b).join();
  }

  /** The alternatives that parts come to, all parts put together in each. */
  #expand(parts: readonly SchemaObject[]): SchemaObject[] {
    const key = this.#keyOf(parts);
    // An alternative to itself adds nothing to what the others allow.
    if (parts.includes(NEVER) || this.#expanding.has(key)) return [];
    this.#expanding.add(key);
    let found: SchemaObject[] = [{}];
    for (const { $ref, allOf, anyOf, oneOf, ...own } of parts) {
      const isKept = $ref !== undefined && this.#targetOf($ref) === undefined;
      found = combine(found, [withConstListed(isKept ? { ...own, $ref } : own)]);
      for (const choice of [anyOf, oneOf]) {
        if (Array.isArray(choice)) found = combine(found, this.#expandAll(schemasIn(choice)));
      }
    }
    this.#expanding.delete(key);
    return found;
  }

  #expandAll(alternatives: readonly JsonSchema[]): SchemaObject[] {
    return alternatives.flatMap((one) => this.#expand(this.#partsOf(one)));
  }

  #targetOf(reference: unknown): JsonSchema | undefined {
    if (typeof reference !== 'string') return undefined;
    if (reference === '#') return this.#root;
    const name = definitionName(reference);
    const definitions = definitionsOf(this.#root);
    return name !== undefined && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  }
}

/** Whether a form allows whatever there is in JSON but null. */
function isAnything({ types, values, keywords }: Shape): boolean {
  if (values || ![...ANY].every((type) => types.has(type))) return false;
  return Object.keys(keywords).every((key) => key === 'type' || TEXTS.has(key));
}

/** Whether anything fits. */
export function isFree({ nullable, shapes }: Forms): boolean {
  return nullable && shapes.some(isAnything);
}

/** The types of a value that may have several forms, as one says it: `string or null`. */
export function typeText({ nullable, shapes }: Forms): string {
  if (isFree({ nullable, shapes })) return 'anything';
  const types = new Set(shapes.flatMap((shape) => [...shape.types]));
  const names: string[] = TYPES.filter((type) => types.has(type));
  if (nullable) names.push('null');
  return names.join(' or ') || 'nothing';
}

function shapeOfValues(values: readonly unknown[], keywords: SchemaObject): Shape {
  const types = new Set(values.map(typeOf)) as Set<TypeName>;
  if (types.has('number')) types.delete('integer');
  return { types, values: unique(values), keywords };
}

function statedTypes({ type }: SchemaObject): Set<TypeName | 'null'> {
  if (type === undefined) return new Set<TypeName | 'null'>([...ANY, 'null']);
  return new Set([type].flat() as (TypeName | 'null')[]);
}

/** The type of a value: of a whole number, `integer`. */
export function typeOf(value: unknown): TypeName | 'null' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as TypeName;
}

function withoutNull(types: ReadonlySet<TypeName | 'null'>): Set<TypeName> {
  return new Set([...types].filter((type) => type !== 'null'));
}

function withoutAnnotations(keywords: SchemaObject): SchemaObject {
  return Object.fromEntries(Object.entries(keywords).filter(([key]) => !ANNOTATIONS.has(key)));
}

function textsOf(keywords: SchemaObject): SchemaObject {
  return Object.fromEntries(Object.entries(keywords).filter(([key]) => TEXTS.has(key)));
}
