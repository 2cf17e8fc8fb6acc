import { _, type Ajv2020, type KeywordCxt, Name } from 'ajv/dist/2020.js';
import { spend } from './budget.ts';
import { isSchemaObject, mapSubschemas, type SchemaObject, subschemasOf } from './describe/subschemas.ts';
import type { JsonSchema } from './preset-file.ts';

/** What each schema of a schema is given, so that its validator counts its steps. Nobody else can write it: it is unknown. */
export const STEPS = 'waybill:steps';

/** What a schema costs each time it is applied: so much, and what the value's size adds to it. */
interface Cost {
  readonly steps: number;
  readonly perChar: boolean;
  readonly perItem: number;
  readonly perMember: number;
}

const BY_CHARS = ['maxLength', 'minLength'];
const BY_ITEMS = ['items', 'unevaluatedItems'];
// All that an item which isn't the one breaks is noted until the one is found.
const STEPS_PER_ITEM_LOOKED_FOR = 16;
// As measured, for objects of many thousands.
const STEPS_PER_MEMBER = 4;
const STEPS_PER_TRACKED_MEMBER = 8;
const BY_MEMBERS = [
  'additionalProperties',
  'maxProperties',
  'minProperties',
  'patternProperties',
  'propertyNames',
  'unevaluatedProperties',
];
/** What these hold is gone through one by one. */
const LISTED = ['const', 'dependentRequired', 'enum', 'required'];
const CHARS_PER_STEP = 32;

/**
 * The same schema, with what each of its schemas costs. One that costs no more than a look is paid for by the one that
 * holds it.
 */
export function metered(schema: JsonSchema): JsonSchema {
  const tracksMembers = /"unevaluated(?:Items|Properties)"/.test(JSON.stringify(schema));
  const meter = (given: JsonSchema): JsonSchema => {
    if (!isSchemaObject(given)) return given;
    const inner = mapSubschemas(given, meter);
    // As little as no item may fit, which the compiler takes for a slip.
    if (given.minContains === 0 && given.contains !== undefined)
      inner.maxContains ??= Number.MAX_SAFE_INTEGER;
    const cost = costOf(given, tracksMembers);
    return cost ? { ...inner, [STEPS]: cost as unknown as SchemaObject } : inner;
  };
  return meter(schema);
}

function costOf(schema: SchemaObject, tracksMembers: boolean): Cost | undefined {
  const has = (keywords: readonly string[]): boolean => keywords.some((one) => schema[one] !== undefined);
  const inside = subschemasOf(schema).length;
  const listed = LISTED.reduce((sum, one) => sum + (JSON.stringify(schema[one])?.length ?? 0), 0);
  const perChar = has(BY_CHARS);
  if (
    inside === 0 &&
    listed <= 8 * CHARS_PER_STEP &&
    !perChar &&
    !has([...BY_MEMBERS, '$ref', '$dynamicRef'])
  ) {
    return undefined;
  }
  return {
    steps: 1 + inside + Math.floor(listed / CHARS_PER_STEP),
    perChar,
    perItem: has(['contains']) ? STEPS_PER_ITEM_LOOKED_FOR : tracksMembers || has(BY_ITEMS) ? 1 : 0,
    perMember: tracksMembers ? STEPS_PER_TRACKED_MEMBER : has(BY_MEMBERS) ? STEPS_PER_MEMBER : 0,
  };
}

/** Makes the validators of a compiler pay. */
export function addMeter(compiler: Ajv2020): void {
  const errors = new Name('errors');
  compiler.addKeyword({
    keyword: STEPS,
    schemaType: 'object',
    // What refers to itself pays before it does so again.
    before: '$ref',
    code: ({ gen, data, schema }: KeywordCxt) => {
      const pay = gen.scopeValue('func', { ref: spend });
      const payBySize = gen.scopeValue('func', { ref: spendBySize });
      const cost = schema as Cost;
      // Each list of errors is copied into the one of the schema around it.
      if (!cost.perChar && cost.perItem === 0 && cost.perMember === 0)
        gen.code(_`${pay}(${cost.steps} + ${errors})`);
      else gen.code(_`${payBySize}(${gen.scopeValue('schema', { ref: cost })}, ${data}, ${errors})`);
    },
  });
}

function spendBySize(cost: Cost, value: unknown, errors: number): void {
  spend(cost.steps + errors + sizeOf(value, cost));
}

function sizeOf(value: unknown, { perChar, perItem, perMember }: Cost): number {
  if (typeof value === 'string') return perChar ? Math.floor(value.length / CHARS_PER_STEP) : 0;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return perItem * value.length;
  return perMember === 0 ? 0 : perMember * Object.keys(value).length;
}
