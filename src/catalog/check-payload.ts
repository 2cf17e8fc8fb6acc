import type { PayloadField, PayloadFields } from '../profile/payload-fields.ts';
import { isSchema, isSchemaObject, type SchemaObject } from './describe/subschemas.ts';
import type { Complaint } from './flaws.ts';
import { compilePattern } from './linear-pattern/linear-pattern.ts';
import type { JsonSchema } from './preset-file.ts';
import { branchesOf } from './schema-walk.ts';

/** What is known of a value: all that a schema says of it, whatever it depends on. Empty: nothing. */
type Place = readonly JsonSchema[];

/** Fields of a payload that the schema of the data doesn't have. A schema that lists no properties says nothing. */
export function checkPayloadFields(
  payload: PayloadFields | null,
  schema: JsonSchema | null,
  base: readonly PropertyKey[],
): Complaint[] {
  if (!payload || schema === null) return [];
  return unknownFields(payload.fields, [schema], schema, base);
}

function unknownFields(
  fields: readonly PayloadField[],
  place: Place,
  root: JsonSchema,
  base: readonly PropertyKey[],
): Complaint[] {
  return fields.flatMap((field, index) => {
    if (field.const !== undefined) return [];
    const found = field.from.reduce<Place | undefined>(
      (at, name) => (at === undefined ? undefined : memberIn(at, name, root)),
      place,
    );
    const path = [...base, index];
    if (found === undefined)
      return [{ path, message: `${field.from.join('.')} is not in the schema of the data` }];
    if (field.fields) return unknownFields(field.fields, found, root, [...path, 'fields']);
    return field.each ? unknownFields(field.each, itemsIn(found, root), root, [...path, 'each']) : [];
  });
}

/** undefined: others are listed, and this one isn't among them. */
function memberIn(place: Place, name: string, root: JsonSchema): Place | undefined {
  const branches = branchesOf(place, root);
  const found = branches.flatMap((branch) => sayingOf(branch, name));
  const lists = branches.some(({ properties }) => isSchemaObject(properties));
  return found.length > 0 || !lists ? found : undefined;
}

function sayingOf(
  { properties, patternProperties, additionalProperties }: SchemaObject,
  name: string,
): Place {
  if (isSchemaObject(properties) && Object.hasOwn(properties, name)) return [properties[name] as JsonSchema];
  const patterned = Object.entries(patternProperties ?? {}).filter(([pattern]) => matches(pattern, name));
  if (patterned.length > 0) return patterned.map(([, schema]) => schema as JsonSchema);
  // Whoever says what other members are expects some.
  return isSchema(additionalProperties) && additionalProperties !== false ? [additionalProperties] : [];
}

/** What isn't a pattern is told of elsewhere. */
function matches(source: string, name: string): boolean {
  try {
    const pattern = compilePattern(source, 'u', () => {});
    return typeof pattern !== 'string' && pattern.test(name);
  } catch {
    return false;
  }
}

function itemsIn(place: Place, root: JsonSchema): Place {
  return branchesOf(place, root).flatMap(({ items, prefixItems }) => [
    ...(isSchema(items) ? [items] : []),
    ...(Array.isArray(prefixItems) ? prefixItems.filter(isSchema) : []),
  ]);
}
