import {
  isSchema,
  isSchemaObject,
  type SchemaObject,
  schemasIn,
  subschemasOf,
} from './describe/subschemas.ts';
import type { JsonSchema } from './preset-file.ts';
import { targetOf } from './schema-walk.ts';

/** Schemas that have been gone through, where several documents share them. */
export interface Walked {
  /** With all that is inside of them. */
  readonly through: WeakSet<SchemaObject>;
  /** From which all that is applied to the same value ends. */
  readonly ending: WeakSet<SchemaObject>;
}

export function newWalk(): Walked {
  return { through: new WeakSet(), ending: new WeakSet() };
}

/** A schema that is applied to the same value as another one. */
interface Step {
  readonly to: SchemaObject;
  /** The reference that leads there; null: it stands there. */
  readonly by: string | null;
}

/**
 * Looks for schemas that lead back to themselves without going down into the value, so that judging some value would
 * never end. It doesn't matter whether any value gets there: it is a slip, wherever it stands.
 *
 * @param walked what needs no second look: only what refers to the same schemas in all documents may be in it
 * @returns a reference of the circle; undefined: there is none
 */
export function endlessReference(root: JsonSchema, walked: Walked = newWalk()): string | undefined {
  const open = [root];
  for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
    if (!isSchemaObject(schema) || walked.through.has(schema)) continue;
    const found = circleFrom(schema, root, walked.ending);
    if (found !== undefined) return found;
    walked.through.add(schema);
    for (const inner of subschemasOf(schema)) open.push(inner);
  }
  return undefined;
}

/** Not by recursion: a chain of references can be as long as the document. */
function circleFrom(
  start: SchemaObject,
  root: JsonSchema,
  ending: WeakSet<SchemaObject>,
): string | undefined {
  const trail = [{ schema: start, by: null as string | null, rest: stepsFrom(start, root) }];
  const onTrail = new Set([start]);
  for (let last = trail.at(-1); last !== undefined; last = trail.at(-1)) {
    const step = last.rest.pop();
    if (step === undefined) {
      ending.add(last.schema);
      onTrail.delete(last.schema);
      trail.pop();
    } else if (onTrail.has(step.to)) {
      const from = trail.findIndex(({ schema }) => schema === step.to);
      return firstOf([...trail.slice(from + 1).map(({ by }) => by), step.by]);
    } else if (!ending.has(step.to)) {
      onTrail.add(step.to);
      trail.push({ schema: step.to, by: step.by, rest: stepsFrom(step.to, root) });
    }
  }
  return undefined;
}

/** The same one, wherever the circle was entered. */
function firstOf(references: readonly (string | null)[]): string {
  return references.filter((one) => one !== null).sort()[0] ?? '';
}

function stepsFrom(schema: SchemaObject, root: JsonSchema): Step[] {
  const { allOf, anyOf, oneOf, not, if: test, then, else: otherwise } = schema;
  const inPlace = [
    ...[allOf, anyOf, oneOf].flatMap(schemasIn),
    ...[not, test, then, otherwise].filter(isSchema),
    ...[schema.dependentSchemas, schema.dependencies]
      .filter(isSchemaObject)
      .flatMap(Object.values)
      .filter(isSchema),
  ];
  const steps: Step[] = inPlace.filter(isSchemaObject).map((to) => ({ to, by: null }));
  for (const by of [schema.$ref, schema.$dynamicRef]) {
    const to = typeof by === 'string' ? targetOf(by, root) : undefined;
    if (typeof by === 'string' && isSchemaObject(to)) steps.push({ to, by });
  }
  return steps;
}
