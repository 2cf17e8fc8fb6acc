import { diffFields } from './diff-fields.ts';
import { type Finding, HERE } from './diff-finding.ts';
import { diffSchemas } from './diff-schema.ts';
import type { EventType } from './event-type.ts';
import { payloadSchemaOf } from './payload-schema.ts';

// By the type, which nobody changes: large schemas take a second, and anybody who may look at the catalog may ask.
const known = new WeakMap<EventType, Map<string, readonly Finding[]>>();

/**
 * Tells what a receiver meets that gets one version of an event type's payload in the place of another.
 *
 * @param from one of the type's own versions
 * @param to another one
 */
export function diffVersions(type: EventType, from: string, to: string): readonly Finding[] {
  const ofType = known.get(type) ?? new Map<string, readonly Finding[]>();
  known.set(type, ofType);
  const pair = JSON.stringify([from, to]);
  const found = ofType.get(pair) ?? compare(type, from, to);
  ofType.set(pair, found);
  return found;
}

function compare(type: EventType, from: string, to: string): Finding[] {
  const schemas = diffSchemas(payloadSchemaOf(type, from), payloadSchemaOf(type, to));
  const [was, is] = [from, to].map((version) => type.versions.get(version)?.payload ?? null);
  const told = new Set(schemas.map(({ path }) => path));
  const fields = diffFields(was ?? null, is ?? null, type.schema ?? true, HERE);
  return [...schemas, ...fields.filter(({ path }) => !told.has(path))];
}
