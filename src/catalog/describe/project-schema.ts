import type { PayloadField, PayloadFields } from '../../profile/payload-fields.ts';
import type { JsonSchema } from '../preset-file.ts';
import { withUsedDefinitions } from './definitions.ts';
import { inCase } from './letter-case.ts';
import { type Member, memberAt, type Shape, shapeOf } from './members.ts';
import { nullable } from './nullable.ts';
import { isSchemaObject, type SchemaObject } from './subschemas.ts';

/** What stays the same all the way down. */
interface Scope {
  readonly root: SchemaObject;
  readonly absent: PayloadFields['absent'];
}

/**
 * The schema of what `projectPayload` makes of data that fits this one. It says nothing that isn't certain.
 *
 * @param schema standing alone
 */
export function projectSchema(schema: SchemaObject, payload: PayloadFields): SchemaObject {
  const { $defs, ...data } = schema;
  const projected = projectObject(data, payload.fields, { root: schema, absent: payload.absent });
  return withUsedDefinitions(projected, ($defs ?? {}) as Record<string, JsonSchema>);
}

function projectObject(given: SchemaObject, fields: readonly PayloadField[], scope: Scope): SchemaObject {
  const shape = shapeOf(given, scope.root);
  // Only objects are projected; anything else goes out as it is.
  if (shape.types?.includes('object') === false) return given;
  const members = fields.map((field) => [field.name, memberFor(field, shape.schema, scope)] as const);
  const required = members.filter(([, { always }]) => always).map(([name]) => name);
  return {
    ...shape.notes,
    ...typeOf(shape),
    properties: Object.fromEntries(members.map(([name, { schema }]) => [name, schema])),
    ...(required.length > 0 && { required }),
  };
}

function projectItems(given: SchemaObject, fields: readonly PayloadField[], scope: Scope): SchemaObject {
  const shape = shapeOf(given, scope.root);
  if (shape.types?.includes('array') === false) return given;
  const { items, prefixItems, minItems, maxItems } = shape.schema;
  const each = isSchemaObject(items) && prefixItems === undefined ? items : {};
  return {
    ...shape.notes,
    ...typeOf(shape),
    ...(minItems !== undefined && { minItems }),
    ...(maxItems !== undefined && { maxItems }),
    items: projectObject(each, fields, scope),
  };
}

/** What one field makes of an object. */
function memberFor(field: PayloadField, object: SchemaObject, scope: Scope): Member {
  if (field.const !== undefined) return { schema: { const: field.const as JsonSchema }, always: true };
  if (field.count) {
    const description = `How many items ${field.from.join('.')} has.`;
    return { schema: { type: 'integer', minimum: 0, description }, always: true };
  }
  const found = memberAt(object, field.from, scope.root);
  const schema = changed(found.schema, field, scope);
  if (found.always || scope.absent === 'omit') return { schema, always: found.always };
  return { schema: nullable(schema, scope.root), always: true };
}

function changed(schema: SchemaObject, field: PayloadField, scope: Scope): SchemaObject {
  if (field.as) return inCase(schema, field.as, scope.root);
  if (field.fields) return projectObject(schema, field.fields, scope);
  return field.each ? projectItems(schema, field.each, scope) : schema;
}

function typeOf({ types }: Shape): SchemaObject {
  if (!types) return {};
  const [only, ...others] = types;
  return { type: only !== undefined && others.length === 0 ? only : [...types] };
}
