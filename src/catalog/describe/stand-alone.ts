import type { JsonSchema } from '../preset-file.ts';
import { decoded, valueAt } from '../schema-walk.ts';
import { isSchema, mapSubschemas, type SchemaObject } from './subschemas.ts';

/** Keywords that may be `true` or `false` in every document. A tuple is known to be closed only by `items: false`. */
const MAY_BE_BOOLEAN = new Set([
  'additionalProperties',
  'items',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

const DROPPED = new Set([
  '$anchor',
  '$defs',
  '$dynamicAnchor',
  '$dynamicRef',
  'definitions',
  'readOnly',
  'writeOnly',
]);

// By the schema itself, which lives as long as its catalog does.
const known = new WeakMap<SchemaObject, SchemaObject>();

/**
 * The same schema in a form that can be taken apart and put into other documents: every reference leads to one of its
 * own definitions, as `#/$defs/NAME`, and those that nothing refers to are gone. What can't be followed so, such as a
 * dynamic reference or a schema inside of it with an `$id` of its own, may be anything. `readOnly` is gone as well: of
 * a member of a request it says that it must not be sent.
 */
export function standAlone(schema: JsonSchema): SchemaObject {
  if (typeof schema === 'boolean') return ofBoolean(schema);
  const made = known.get(schema) ?? makeStandAlone(schema);
  known.set(schema, made);
  return made;
}

function makeStandAlone({ $id, $schema, ...root }: SchemaObject): SchemaObject {
  const definitions: Record<string, JsonSchema> = {};
  const names = new Map<string, string>();

  const nameOf = (reference: unknown): string | undefined => {
    const fragment = fragmentOf(reference, $id);
    if (fragment === undefined) return undefined;
    const given = names.get(fragment);
    if (given !== undefined) return given;
    const target = valueAt(root, fragment);
    if (!isSchema(target)) return undefined;
    const name = freeName(fragment.split('/').at(-1) || 'Root', definitions);
    names.set(fragment, name);
    // Its name is taken before what it refers to takes names, so that it may refer to itself.
    definitions[name] = {};
    definitions[name] = convert(target);
    return name;
  };

  const convert = (given: JsonSchema): SchemaObject => {
    if (typeof given === 'boolean') return ofBoolean(given);
    const { $ref, nullable, ...rest } = without(given, DROPPED);
    if (rest.$id !== undefined) return {};
    const inner = mapSubschemas(rest, (one, keyword) =>
      typeof one === 'boolean' && MAY_BE_BOOLEAN.has(keyword) ? one : convert(one),
    );
    if (nullable === true && typeof inner.type === 'string') inner.type = [inner.type, 'null'];
    const name = nameOf($ref);
    return name === undefined ? inner : { $ref: `#/$defs/${name}`, ...inner };
  };

  const converted = convert(root);
  return Object.keys(definitions).length === 0 ? converted : { ...converted, $defs: definitions };
}

function without(schema: SchemaObject, dropped: ReadonlySet<string>): SchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !dropped.has(keyword)));
}

function ofBoolean(schema: boolean): SchemaObject {
  return schema ? {} : { not: {} };
}

/** What stands behind the # of a reference into the document itself. */
function fragmentOf(reference: unknown, id: unknown): string | undefined {
  if (typeof reference !== 'string') return undefined;
  const [document, fragment = ''] = reference.split('#', 2);
  if (document !== '' && document !== id) return undefined;
  return decoded(fragment);
}

/** A name of letters, digits and _ that isn't taken yet: as it is, or with a number behind it. */
export function freeName(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  const name = wanted.replaceAll(/\W/g, '_');
  for (let count = 1; ; count += 1) {
    const numbered = count === 1 ? name : `${name}_${count}`;
    // An object can't have a member of that name by being given it.
    if (!Object.hasOwn(taken, numbered) && numbered !== '__proto__') return numbered;
  }
}
