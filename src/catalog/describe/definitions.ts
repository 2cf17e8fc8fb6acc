import type { JsonSchema } from '../preset-file.ts';
import { definitionName, definitionsOf, definitionsReached } from '../schema-walk.ts';
import { freeName } from './stand-alone.ts';
import { isSchemaObject, mapSubschemas, type SchemaObject } from './subschemas.ts';

/** The definitions that several schemas share in one document. */
export interface Definitions {
  /**
   * Takes the definitions out of a schema that stands alone.
   *
   * @returns the schema without them, its references leading here
   */
  readonly add: (schema: SchemaObject) => SchemaObject;
  /** In the order they were met. */
  readonly all: Readonly<Record<string, SchemaObject>>;
}

type Schemas = Readonly<Record<string, JsonSchema>>;

/**
 * Definitions of one name are one if they say the same, what they refer to included. If not, the later one is given
 * another name.
 *
 * @param prefix where they stand in the document: `#/components/schemas/`
 */
export function createDefinitions(prefix: string): Definitions {
  const all: Record<string, SchemaObject> = {};
  const byContent = new Map<string, string>();

  const add = ({ $defs, ...schema }: SchemaObject): SchemaObject => {
    const own = definitionsOf({ $defs: $defs ?? {} });
    const places = new Map<string, string>();
    const place = (name: string): string => {
      const known = places.get(name);
      if (known !== undefined) return known;
      const definition = own[name] ?? {};
      const content = JSON.stringify([name, definition, ...definitionsReached(definition, own)]);
      const same = byContent.get(content);
      const taken = same ?? freeName(name, all);
      places.set(name, taken);
      if (same !== undefined) return same;
      byContent.set(content, taken);
      all[taken] = {};
      all[taken] = lead(definition) as SchemaObject;
      return taken;
    };
    const lead = (given: JsonSchema): JsonSchema => {
      if (!isSchemaObject(given)) return given;
      const inner = mapSubschemas(given, lead);
      const name = referredBy(given);
      if (name !== undefined) inner.$ref = prefix + place(name);
      return inner;
    };
    return lead(schema) as SchemaObject;
  };

  return { add, all };
}

/** A schema that stands alone, with those of the definitions that it uses. */
export function withUsedDefinitions(schema: SchemaObject, definitions: Schemas): SchemaObject {
  const used = definitionsReached(schema, definitions);
  return used.size === 0 ? schema : { ...schema, $defs: Object.fromEntries(used) };
}

function referredBy(schema: SchemaObject): string | undefined {
  return typeof schema.$ref === 'string' ? definitionName(schema.$ref) : undefined;
}
