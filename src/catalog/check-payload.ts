import type { PayloadField, PayloadFields } from '../profile/payload-fields.ts';
import type { Complaint } from './flaws.ts';
import type { JsonSchema } from './preset-file.ts';
import { itemsOf, propertyOf } from './schema-walk.ts';

/** Fields of a payload that the schema of the data doesn't have. A schema that lists no properties says nothing. */
export function checkPayloadFields(
  payload: PayloadFields | null,
  schema: JsonSchema | null,
  base: readonly PropertyKey[],
): Complaint[] {
  if (!payload || schema === null) return [];
  return unknownFields(payload.fields, schema, schema, base);
}

function unknownFields(
  fields: readonly PayloadField[],
  schema: JsonSchema,
  root: JsonSchema,
  base: readonly PropertyKey[],
): Complaint[] {
  return fields.flatMap((field, index) => {
    if (field.const !== undefined) return [];
    const found = field.from.reduce<JsonSchema | undefined>(
      (at, name) => (at === undefined ? undefined : propertyOf(at, name, root)),
      schema,
    );
    const path = [...base, index];
    if (found === undefined)
      return [{ path, message: `${field.from.join('.')} is not in the schema of the data` }];
    if (field.fields) return unknownFields(field.fields, found, root, [...path, 'fields']);
    return field.each ? unknownFields(field.each, itemsOf(found, root), root, [...path, 'each']) : [];
  });
}
