import { isRecord } from './data.ts';
import { joinShapes, MAX_FIELD_DEPTH, type Shape, sampleOf, UNKNOWN } from './field-shape.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A schema that refers to itself from many members grows with every level. */
const MAX_SCHEMAS = 5_000;

const MAX_REFERENCES = 20;

/** The shape of the data that a JSON Schema describes. References are followed inside of the schema only. */
export function shapeOfSchema(root: Schema): Shape {
  let seen = 0;
  const shapeOf = (given: unknown, depth: number): Shape => {
    seen += 1;
    const schema = resolve(given, root);
    if (schema === undefined || depth > MAX_FIELD_DEPTH || seen > MAX_SCHEMAS) return UNKNOWN;
    const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((name) => listAt(schema, name));
    return parts.map((part) => shapeOf(part, depth + 1)).reduce(joinShapes, ownShape(schema, depth));
  };
  const ownShape = (schema: Schema, depth: number): Shape => {
    const types = [schema.type].flat();
    if (isRecord(schema.properties)) {
      const members = Object.entries(schema.properties);
      return {
        kind: 'object',
        members: new Map(members.map(([name, member]) => [name, shapeOf(member, depth + 1)])),
      };
    }
    if (types.includes('object')) return { kind: 'object', members: new Map() };
    if (isRecord(schema.items) || types.includes('array')) {
      const items = [...listAt(schema, 'prefixItems'), schema.items];
      return {
        kind: 'list',
        item: items.map((item) => shapeOf(item, depth + 1)).reduce(joinShapes, UNKNOWN),
      };
    }
    return { kind: 'leaf', type: typeOf(schema, types), sample: exampleOf(schema) };
  };
  return shapeOf(root, 0);
}

/** Follows `$ref` to where it leads; undefined if that is nowhere in this schema. */
function resolve(given: unknown, root: Schema): Schema | undefined {
  let schema = given;
  for (let count = 0; count < MAX_REFERENCES && isRecord(schema); count += 1) {
    const reference = schema.$ref;
    if (typeof reference !== 'string') return schema;
    if (reference !== '#' && !reference.startsWith('#/')) return undefined;
    const names = reference.split('/').slice(1);
    schema = names.reduce<unknown>((value, name) => step(value, pointerPart(name)), root);
  }
  return undefined;
}

function step(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value[Number(name)];
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** RFC 6901, sections 4 and 6. */
function pointerPart(text: string): string {
  try {
    return decodeURIComponent(text).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return text;
  }
}

function typeOf(
  schema: Schema,
  types: readonly unknown[],
): 'string' | 'number' | 'boolean' | 'date' | 'unknown' {
  if (schema.format === 'date' || schema.format === 'date-time') return 'date';
  if (types.includes('string')) return 'string';
  if (types.includes('number') || types.includes('integer')) return 'number';
  return types.includes('boolean') ? 'boolean' : 'unknown';
}

function exampleOf(schema: Schema): string | null {
  const examples = [...listAt(schema, 'examples'), schema.default, schema.const, ...listAt(schema, 'enum')];
  return examples.map(sampleOf).find((sample) => sample !== null) ?? null;
}

function listAt(schema: Schema, name: string): readonly unknown[] {
  const value = schema[name];
  return Array.isArray(value) ? value : [];
}
