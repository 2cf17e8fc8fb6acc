import type { PayloadField, PayloadFields } from '../profile/payload-fields.ts';
import { type Budget, BudgetSpent, spend, withBudget } from './budget.ts';
import { isSchema, isSchemaObject, type SchemaObject } from './describe/subschemas.ts';
import type { Complaint } from './flaws.ts';
import { patternOf } from './known-patterns.ts';
import type { JsonSchema } from './preset-file.ts';
import { branchesOf } from './schema-walk.ts';

/** What is known of a value: all that a schema says of it, whatever it depends on. Empty: nothing. */
type Place = readonly JsonSchema[];

// A step is a schema that was looked at for a field.
const MAX_STEPS = 10_000_000;

/** For all payloads of a document. */
export function fieldsBudget(): Budget {
  return { left: MAX_STEPS, worked: 0 };
}

/** Fields of a payload that the schema of the data doesn't have. A schema that lists no properties says nothing. */
export function checkPayloadFields(
  payload: PayloadFields | null,
  schema: JsonSchema | null,
  base: readonly PropertyKey[],
  budget: Budget,
): Complaint[] {
  if (!payload || schema === null) return [];
  try {
    return withBudget(budget, () => unknownFields(payload.fields, [schema], new Branches(schema), base));
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return [{ path: base, message: TOO_LARGE }];
  }
}

const TOO_LARGE =
  'has fields that take too long to be looked for in what schemas say of them, with those before [payloads_too_large]';

/** All that is said of places in a schema: put together once for each, however many fields are looked for there. */
class Branches {
  readonly #root: JsonSchema;
  readonly #known = new Map<Place, readonly SchemaObject[]>();

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  of(place: Place): readonly SchemaObject[] {
    const known = this.#known.get(place) ?? branchesOf(place, this.#root);
    this.#known.set(place, known);
    spend(1 + known.length);
    return known;
  }
}

function unknownFields(
  fields: readonly PayloadField[],
  place: Place,
  branches: Branches,
  base: readonly PropertyKey[],
): Complaint[] {
  return fields.flatMap((field, index) => {
    if (field.const !== undefined) return [];
    const found = field.from.reduce<Place | undefined>(
      (at, name) => (at === undefined ? undefined : memberIn(at, name, branches)),
      place,
    );
    const path = [...base, index];
    if (found === undefined)
      return [{ path, message: `${field.from.join('.')} is not in the schema of the data` }];
    if (field.fields) return unknownFields(field.fields, found, branches, [...path, 'fields']);
    return field.each ? unknownFields(field.each, itemsIn(found, branches), branches, [...path, 'each']) : [];
  });
}

/** undefined: others are listed, and this one isn't among them. */
function memberIn(place: Place, name: string, known: Branches): Place | undefined {
  const branches = known.of(place);
  const found = branches.flatMap((branch) => sayingOf(branch, name));
  const lists = branches.some(({ properties }) => isSchemaObject(properties));
  return found.length > 0 || !lists ? found : undefined;
}

function sayingOf(
  { properties, patternProperties, additionalProperties }: SchemaObject,
  name: string,
): Place {
  if (isSchemaObject(properties) && Object.hasOwn(properties, name)) return [properties[name] as JsonSchema];
  const patterns = Object.entries(patternProperties ?? {});
  spend(patterns.length);
  const patterned = patterns.filter(([pattern]) => matches(pattern, name));
  if (patterned.length > 0) return patterned.map(([, schema]) => schema as JsonSchema);
  // Whoever says what other members are expects some.
  return isSchema(additionalProperties) && additionalProperties !== false ? [additionalProperties] : [];
}

/** What isn't a pattern is told of elsewhere. */
function matches(source: string, name: string): boolean {
  try {
    const pattern = patternOf(source, 'u');
    return typeof pattern !== 'string' && pattern.test(name);
  } catch (error) {
    if (error instanceof BudgetSpent) throw error;
    return false;
  }
}

function itemsIn(place: Place, known: Branches): Place {
  return known
    .of(place)
    .flatMap(({ items, prefixItems }) => [
      ...(isSchema(items) ? [items] : []),
      ...(Array.isArray(prefixItems) ? prefixItems.filter(isSchema) : []),
    ]);
}
