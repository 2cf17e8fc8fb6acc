import { type PayloadFields, projectPayload } from '../profile/payload-fields.ts';
import { type EventType, versionFor } from './event-type.ts';
import type { JsonSchema } from './preset-file.ts';
import { compileSchema, type Validator, type Violation } from './schema.ts';

/** What of an event is judged. */
export interface Judged {
  /** JSON. */
  readonly data: string;
  /** Of the payload, if it names one. */
  readonly version: string | null;
}

// By the schema itself, which lives as long as its catalog does.
const validators = new WeakMap<object, Validator>();

function validatorOf(schema: Exclude<JsonSchema, boolean>): Validator {
  let validator = validators.get(schema);
  if (!validator) {
    validator = compileSchema(schema);
    validators.set(schema, validator);
  }
  return validator;
}

/**
 * What an event breaks of what its type promises: the schema of its data, and that of the payload in the version it
 * names, or the usual one.
 *
 * @param usual the version of payloads where nothing says otherwise
 */
export function violationsOf(type: EventType, event: Judged, usual: string | null): Violation[] {
  if (event.version !== null && type.versions.size > 0 && !type.versions.has(event.version)) {
    const known = [...type.versions.keys()].join(', ');
    return [{ path: ['version'], rule: 'version', message: `must be one of ${known}` }];
  }
  const broken = violationsIn(type.schema, event.data);
  if (broken.length > 0) return broken;
  return versionViolations(type, event.data, versionFor(type, event.version, usual));
}

/** What the payload made of this data breaks of its version's schema. */
export function versionViolations(type: EventType, data: string, version: string | null): Violation[] {
  const rules = version === null ? undefined : type.versions.get(version);
  if (!rules) return [];
  const violations = violationsIn(rules.schema, payloadText(data, rules.payload));
  return violations.map((one) => ({ ...one, message: `${one.message} (payload version ${version})` }));
}

function payloadText(data: string, payload: PayloadFields | null): string {
  return payload ? projectPayload(data, payload) : data;
}

function violationsIn(schema: JsonSchema | null, json: string): Violation[] {
  if (schema === null || schema === true) return [];
  const violations =
    schema === false
      ? [{ path: [], rule: 'false schema', message: 'must not be published' }]
      : validatorOf(schema)(JSON.parse(json));
  return violations.map((one) => ({ ...one, path: ['data', ...one.path] }));
}
