import { headerProblem } from '../profile/header-rules.ts';
import type { WireFormat } from '../profile/profile.ts';
import { checkPayloadFields } from './check-payload.ts';
import { locate, type PresetDocument } from './document.ts';
import { type EventType, withDefinitions } from './event-type.ts';
import { type Complaint, complaintsOf, type Flaw } from './flaws.ts';
import { headerLengthComplaints } from './header-length-rules.ts';
import { createPreset, type Preset, payloadVersionsOf } from './preset.ts';
import { type JsonSchema, presetFileSchema } from './preset-file.ts';
import { endlessReference } from './reference-cycle.ts';
import { compileSchema } from './schema.ts';
import { schemaFormProblem } from './schema-form.ts';
import { definitionsOf } from './schema-walk.ts';
import { walkedBefore } from './shared-definitions.ts';
import { signatureComplaints } from './signature-rules.ts';
import { versionViolations, violationsOf } from './validate.ts';
import { UNFINISHED } from './violation.ts';

/** What a preset may rely on. */
export interface Surroundings {
  /** Whether it comes along with Waybill, or belongs to a platform. */
  readonly builtIn: boolean;
  /** Whether there is another preset of this name with a profile of its own. */
  readonly hasProfile: (name: string) => boolean;
}

/**
 * Judges a preset as a whole: its form, every schema and template, every sample against its schemas.
 *
 * @returns the preset, or all that is wrong with it
 */
export function checkPreset(
  document: PresetDocument,
  surroundings: Surroundings,
): { readonly preset: Preset } | { readonly flaws: readonly Flaw[] } {
  const proto = protoIn(document.value, []);
  if (proto) return { flaws: locate(document, [{ path: proto, message: 'is not a known field' }]) };
  const parsed = presetFileSchema.safeParse(document.value);
  if (!parsed.success) return { flaws: locate(document, complaintsOf(parsed.error.issues)) };
  const file = parsed.data;
  const complaints: Complaint[] = [
    ...duplicates(file.eventTypes, 'eventTypes'),
    ...duplicates(file.filters, 'filters'),
    ...file.filters.flatMap(({ values = [] }, index) => repeated(values, ['filters', index, 'values'])),
  ];
  if (file.default && !surroundings.builtIn) {
    complaints.push({ path: ['default'], message: 'is for the one that comes along' });
  }
  if (
    typeof file.profile === 'string' &&
    (file.profile === file.name || !surroundings.hasProfile(file.profile))
  ) {
    complaints.push({ path: ['profile'], message: `there is no profile ${file.profile}` });
  }
  if (typeof file.profile === 'object') {
    complaints.push(...headerComplaints(file.profile), ...signatureComplaints(file.profile));
    complaints.push(...headerLengthComplaints(file.profile));
  }
  complaints.push(...definitionComplaints(file.$defs));
  // Of two types of one name only one would be judged.
  if (complaints.length > 0) return { flaws: locate(document, complaints) };
  const preset = createPreset(file, document.value, surroundings.builtIn);
  const versions = payloadVersionsOf(preset);
  if (preset.payloadVersion !== null && versions.length > 0 && !versions.includes(preset.payloadVersion)) {
    complaints.push({ path: ['payloadVersion'], message: `must be one of ${versions.join(', ')}` });
  }
  file.eventTypes.forEach(({ name }, index) => {
    const type = preset.eventTypes.get(name);
    const base = ['eventTypes', index];
    if (type) complaints.push(...eventTypeComplaints(type, preset.payloadVersion, base));
  });
  return complaints.length > 0 ? { flaws: locate(document, complaints) } : { preset };
}

/**
 * What is wrong with an event type beyond its form: schemas that aren't any, payloads that name what isn't in them, a
 * sample that doesn't fit.
 */
export function eventTypeComplaints(
  type: EventType,
  usual: string | null,
  base: readonly PropertyKey[],
): Complaint[] {
  const complaints = [
    ...schemaComplaints(type.schema, [...base, 'schema']),
    ...checkPayloadFields(type.payload, type.schema, fieldsAt([...base, 'payload'], type.source.payload)),
  ];
  for (const [version, { schema, payload }] of type.versions) {
    const at = [...base, 'versions', version];
    complaints.push(...schemaComplaints(schema, [...at, 'schema']));
    const written = (type.source.versions as Record<string, { payload?: unknown }>)[version]?.payload;
    complaints.push(...checkPayloadFields(payload, type.schema, fieldsAt([...at, 'payload'], written)));
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

function schemaComplaints(schema: JsonSchema | null, path: readonly PropertyKey[]): Complaint[] {
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

/**
 * Of each by itself, and then of what it refers to. What is wrong with one would be told of under the name of every other
 * that refers to it: it is told once, under the one that refers to the least.
 */
function definitionComplaints(definitions: Readonly<Record<string, JsonSchema>>): Complaint[] {
  const alone = Object.entries(definitions).flatMap(([name, schema]) =>
    formComplaints(schema, ['$defs', name]),
  );
  if (alone.length > 0) return alone;
  const together = Object.entries(definitions).flatMap(([name, schema]) => {
    const whole = withDefinitions(schema, definitions);
    const size = whole === null ? 0 : Object.keys(definitionsOf(whole)).length;
    return schemaComplaints(whole, ['$defs', name]).map((complaint) => ({ complaint, size }));
  });
  const least = together
    .reverse()
    .sort((a, b) => b.size - a.size)
    .map(({ complaint }) => complaint);
  return [...new Map(least.map((one) => [one.message, one])).values()];
}

function formComplaints(schema: JsonSchema, path: readonly PropertyKey[]): Complaint[] {
  const problem = schemaFormProblem(schema);
  return problem === undefined ? [] : [{ path, message: `is not a JSON Schema: ${problem}` }];
}

function duplicates(named: readonly { readonly name: string }[], member: string): Complaint[] {
  const names = named.map(({ name }) => name);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (first === index) return [];
    return [{ path: [member, index, 'name'], message: `${name} is there already, as ${member}[${first}]` }];
  });
}

/** Values that are compared without regard to case, so that one of two would never be told from the other. */
function repeated(values: readonly (string | number)[], base: readonly PropertyKey[]): Complaint[] {
  const folded = values.map((value) => String(value).toUpperCase());
  return folded.flatMap((value, index) =>
    folded.indexOf(value) === index ? [] : [{ path: [...base, index], message: 'is there already' }],
  );
}

function headerComplaints(format: WireFormat): Complaint[] {
  const complaints: Complaint[] = [];
  const seen = new Set<string>();
  const check = (name: string, path: readonly PropertyKey[]): void => {
    const lower = name.toLowerCase();
    // A profile may set the headers of Standard Webhooks, which a webhook may not.
    const problem = lower.startsWith('webhook-') ? undefined : headerProblem(name, 'x');
    if (problem) complaints.push({ path, message: problem });
    if (seen.has(lower)) complaints.push({ path, message: `${name} is set twice` });
    seen.add(lower);
  };
  for (const name of Object.keys(format.headers)) check(name, ['profile', 'headers', name]);
  format.signatures.forEach(({ header }, index) => {
    check(header, ['profile', 'signatures', index, 'header']);
  });
  return complaints;
}

/** Where a member is named `__proto__`, which a schema of a record passes over without a look. */
function protoIn(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of Object.keys(value)) {
    const where = [...path, Array.isArray(value) ? Number(key) : key];
    const found = key === '__proto__' ? where : protoIn(value[key as keyof typeof value], where);
    if (found) return found;
  }
  return undefined;
}
