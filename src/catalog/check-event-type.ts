import type { Budget } from './budget.ts';
import { checkPayloadFields, fieldsBudget } from './check-payload.ts';
import { type PlacedSchema, sizeComplaints } from './document-size.ts';
import type { EventType } from './event-type.ts';
import type { Complaint } from './flaws.ts';
import type { JsonSchema } from './preset-file.ts';
import { endlessReference } from './reference-cycle.ts';
import { compileSchema } from './schema.ts';
import { walkedBefore } from './shared-definitions.ts';
import { versionViolations, violationsOf } from './validate.ts';
import { UNFINISHED } from './violation.ts';

/** What is wrong with an event type that stands alone. */
export function ownTypeComplaints(type: EventType): Complaint[] {
  const tooLarge = sizeComplaints(schemasOf(type, []));
  return tooLarge.length > 0 ? tooLarge : eventTypeComplaints(type, null, [], fieldsBudget());
}

/** The schemas of an event type, with where they stand. */
export function schemasOf(type: EventType, base: readonly PropertyKey[]): PlacedSchema[] {
  const versions = [...type.versions].map(([version, { schema }]) => {
    return { schema, path: [...base, 'versions', version, 'schema'] };
  });
  return [{ schema: type.schema, path: [...base, 'schema'] }, ...versions];
}

/**
 * What is wrong with an event type beyond its form: schemas that aren't any, payloads that name what isn't in them, a
 * sample that doesn't fit.
 *
 * @param usual the version of payloads where nothing says otherwise
 * @param budget for looking for the fields of payloads, in the whole document
 */
export function eventTypeComplaints(
  type: EventType,
  usual: string | null,
  base: readonly PropertyKey[],
  budget: Budget,
): Complaint[] {
  const complaints = [
    ...schemaComplaints(type.schema, [...base, 'schema']),
    ...checkPayloadFields(
      type.payload,
      type.schema,
      fieldsAt([...base, 'payload'], type.source.payload),
      budget,
    ),
  ];
  for (const [version, { schema, payload }] of type.versions) {
    const at = [...base, 'versions', version];
    complaints.push(...schemaComplaints(schema, [...at, 'schema']));
    const written = (type.source.versions as Record<string, { payload?: unknown }>)[version]?.payload;
    complaints.push(
      ...checkPayloadFields(payload, type.schema, fieldsAt([...at, 'payload'], written), budget),
    );
  }
  if (complaints.length > 0 || type.sample === undefined) return complaints;
  return sampleComplaints(type, usual, [...base, 'sample']);
}

/** A payload is a list of fields, or an object with one. */
function fieldsAt(path: readonly PropertyKey[], written: unknown): readonly PropertyKey[] {
  return Array.isArray(written) ? path : [...path, 'fields'];
}

function sampleComplaints(type: EventType, usual: string | null, base: readonly PropertyKey[]): Complaint[] {
  const data = JSON.stringify(type.sample);
  const violations = violationsOf(type, { data, version: null }, { usual });
  for (const version of type.versions.keys()) violations.push(...versionViolations(type, data, version));
  const complaints = violations.map(({ path, rule, message }) => ({
    path: [...base, ...path.slice(1)],
    message: `${message} [${rule}]`,
  }));
  // The usual version is judged twice.
  return [...new Map(complaints.map((one) => [JSON.stringify(one), one])).values()];
}

/** What is wrong with a schema that stands alone. */
export function schemaComplaints(schema: JsonSchema | null, path: readonly PropertyKey[]): Complaint[] {
  if (schema === null) return [];
  try {
    compileSchema(schema);
  } catch (error) {
    return [{ path, message: `is not a JSON Schema: ${error instanceof Error ? error.message : error}` }];
  }
  const endless = endlessReference(schema, walkedBefore(schema))?.slice(0, 200);
  if (endless === undefined) return [];
  return [{ path, message: `refers to itself without end, by ${endless} [${UNFINISHED}]` }];
}
