import type { BodyField } from '../../profile/profile.ts';
import { dataMember } from '../../profile/template.ts';
import type { JsonSchema } from '../preset-file.ts';
import { createDefinitions, withUsedDefinitions } from './definitions.ts';
import { isObjectFor, memberAt, propertiesIn, requiredIn, shapeOf } from './members.ts';
import { nullable } from './nullable.ts';
import { type ReferenceContext, referenceSchema } from './reference-schema.ts';
import type { SchemaObject } from './subschemas.ts';

/** What the members of a body are made of. Both schemas stand alone. */
export interface EnvelopeContext extends ReferenceContext {
  readonly data: SchemaObject;
  readonly payload: SchemaObject;
}

type Value = Extract<BodyField, { name: string }>['value'];

/** The two schemas, their definitions taken to one place, once they are asked for. */
interface Sources extends ReferenceContext {
  readonly root: SchemaObject;
  readonly data: () => SchemaObject;
  readonly payload: () => SchemaObject;
}

/** The schema of a body with these members. It stands alone. */
export function envelopeSchema(fields: readonly BodyField[], context: EnvelopeContext): SchemaObject {
  const definitions = createDefinitions('#/$defs/');
  const root = { $defs: definitions.all } as SchemaObject;
  const sources = {
    ...context,
    root,
    data: () => definitions.add(context.data),
    payload: () => definitions.add(context.payload),
  };
  const taken = new Set(fields.flatMap((field) => ('name' in field ? field.name : [])));
  const parts = fields.map((field) =>
    'name' in field
      ? named(field.name, valueSchema(field.value, sources))
      : spread(field.spread, taken, sources),
  );
  const body = {
    type: 'object',
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: [...new Set(parts.flatMap(({ required }) => required))],
    ...additionalOf(parts),
  };
  return withUsedDefinitions(body, definitions.all);
}

/** Members of the body that one of its fields brings. */
interface Part {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  /** Of members beside those; undefined: nothing is said. */
  readonly additional?: JsonSchema | undefined;
}

function named(name: string, schema: SchemaObject): Part {
  return { properties: { [name]: schema }, required: [name] };
}

/** The members of the data or the payload among the others, which keep their names to themselves. */
function spread(
  reference: 'event.data' | 'event.payload',
  taken: ReadonlySet<string>,
  sources: Sources,
): Part {
  const { root } = sources;
  const source = reference === 'event.data' ? sources.data() : sources.payload();
  const shape = shapeOf(source, root);
  if (shape.types?.includes('object') === false) return named('data', source);
  const isFree = (name: string): boolean => !taken.has(name);
  const properties = Object.entries(propertiesIn(shape.schema, root)).filter(([name]) => isFree(name));
  const { additionalProperties, patternProperties } = shape.schema;
  // What isn't an object becomes one member instead, so nothing is demanded nor ruled out.
  const isObject = isObjectFor(shape);
  return {
    properties: Object.fromEntries(properties),
    required: isObject ? requiredIn(shape.schema, root).filter(isFree) : [],
    additional:
      isObject && patternProperties === undefined
        ? (additionalProperties as JsonSchema | undefined)
        : undefined,
  };
}

/** What a field says of further members holds for the body only if no other field brings some, too. */
function additionalOf(parts: readonly Part[]): SchemaObject {
  const [spreadPart, ...others] = parts.filter((part) => 'additional' in part);
  const additional = others.length === 0 ? spreadPart?.additional : undefined;
  return additional === undefined ? {} : { additionalProperties: additional };
}

function valueSchema(value: Value, sources: Sources): SchemaObject {
  if (typeof value !== 'string') {
    if ('const' in value) return { const: value.const };
    const counted = value.count.replace('event.data.', '');
    return { type: 'integer', minimum: 0, description: `How many items ${counted} has.` };
  }
  if (value === 'event.data') return sources.data();
  if (value === 'event.payload') return sources.payload();
  return referenceSchema(value, sources) ?? dataMemberSchema(dataMember(value) ?? '', sources);
}

/** Of a member of the data, which is null if it isn't there. */
function dataMemberSchema(name: string, sources: Sources): SchemaObject {
  const { root } = sources;
  const data = sources.data();
  const { schema, always } = memberAt(data, [name], root);
  return always && isObjectFor(shapeOf(data, root)) ? schema : nullable(schema, root);
}
