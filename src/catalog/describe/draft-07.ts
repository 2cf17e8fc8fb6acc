import type { JsonSchema } from '../preset-file.ts';
import { isSchemaObject, mapSubschemas, type SchemaObject } from './subschemas.ts';

type Value = SchemaObject[string];

/**
 * A schema of 2020-12 in the words of draft 07, which is what AsyncAPI speaks
 * (https://www.asyncapi.com/docs/reference/specification/v3.0.0#schemaObject). What draft 07 has no words for isn't said.
 */
export function asDraft07(schema: SchemaObject): SchemaObject {
  const {
    $ref,
    contains,
    contentSchema,
    dependentRequired,
    dependentSchemas,
    items,
    maxContains,
    minContains,
    prefixItems,
    unevaluatedItems,
    unevaluatedProperties,
    ...same
  } = mapSubschemas(schema, convert);
  const isCounted = minContains !== undefined || maxContains !== undefined;
  const dependencies = { ...(dependentRequired as object), ...(dependentSchemas as object) };
  const rest: SchemaObject = {
    ...same,
    ...(contains !== undefined && !isCounted && { contains }),
    ...(Object.keys(dependencies).length > 0 && { dependencies }),
    ...arrayOf(prefixItems, items),
  };
  if ($ref === undefined) return rest;
  if (Object.keys(rest).length === 0) return { $ref };
  // Whatever stands beside a reference is passed over there.
  const { allOf, ...beside } = rest;
  return { ...beside, allOf: [{ $ref }, ...(Array.isArray(allOf) ? allOf : [])] };
}

function convert(schema: JsonSchema): JsonSchema {
  return isSchemaObject(schema) ? asDraft07(schema) : schema;
}

function arrayOf(prefixItems: Value | undefined, items: Value | undefined): SchemaObject {
  if (prefixItems === undefined)
    return items === undefined || items === true ? {} : { items: items || { not: {} } };
  return { items: prefixItems, ...(items !== undefined && { additionalItems: items }) };
}
