import { setImmediate } from 'node:timers/promises';
import { headerProblem } from '../profile/header-rules.ts';
import type { WireFormat } from '../profile/profile.ts';
import { eventTypeComplaints, schemaComplaints, schemasOf } from './check-event-type.ts';
import { fieldsBudget } from './check-payload.ts';
import { locate, type PresetDocument } from './document.ts';
import { type PlacedSchema, sizeComplaints } from './document-size.ts';
import { withDefinitions } from './event-type.ts';
import { type Complaint, complaintsOf, type Flaw } from './flaws.ts';
import { headerLengthComplaints } from './header-length-rules.ts';
import { createPreset, type Preset, payloadVersionsOf } from './preset.ts';
import { type JsonSchema, type PresetFile, presetFileSchema } from './preset-file.ts';
import { reachComplaints } from './reach.ts';
import { schemaFormProblem } from './schema-form.ts';
import { definitionsOf } from './schema-walk.ts';
import { signatureComplaints } from './signature-rules.ts';

/** What a preset may rely on. */
export interface Surroundings {
  /** Whether it comes along with Waybill, or belongs to a platform. */
  readonly builtIn: boolean;
  /** Whether there is another preset of this name with a profile of its own. */
  readonly hasProfile: (name: string) => boolean;
}

/** The preset, or all that is wrong with it. */
export type CheckedPreset = { readonly preset: Preset } | { readonly flaws: readonly Flaw[] };

/** Judges a preset as a whole: its form, every schema and template, every sample against its schemas. */
export function checkPreset(document: PresetDocument, surroundings: Surroundings): CheckedPreset {
  const work = checking(document, surroundings);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

// Others are served in between.
const MAX_TURN_MS = 10;

/** The same, a few schemas at a time: compiling those of a large preset takes many seconds. */
export async function checkPresetInTurns(
  document: PresetDocument,
  surroundings: Surroundings,
): Promise<CheckedPreset> {
  const work = checking(document, surroundings);
  let turnBegan = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - turnBegan < MAX_TURN_MS) continue;
    await setImmediate();
    turnBegan = performance.now();
  }
}

/** Stops wherever somebody else may go on meanwhile. */
function* checking(
  document: PresetDocument,
  surroundings: Surroundings,
): Generator<void, CheckedPreset, void> {
  const flawed = (complaints: readonly Complaint[]) => ({ flaws: locate(document, complaints) });
  const proto = protoIn(document.value, []);
  if (proto) return flawed([{ path: proto, message: 'is not a known field' }]);
  const parsed = presetFileSchema.safeParse(document.value);
  if (!parsed.success) return flawed(complaintsOf(parsed.error.issues));
  yield;
  const file = parsed.data;
  const complaints = fileComplaints(file, surroundings);
  const tooFar = yield* reachComplaints(file);
  if (tooFar.length > 0) return flawed([...complaints, ...tooFar]);
  const preset = createPreset(file, document.value, surroundings.builtIn);
  yield;
  const tooLarge = sizeComplaints(allSchemas(file, preset));
  if (tooLarge.length > 0) return flawed([...complaints, ...tooLarge]);
  complaints.push(...(yield* definitionComplaints(file.$defs)));
  // Of two types of one name only one would be judged.
  if (complaints.length > 0) return flawed(complaints);
  complaints.push(...versionComplaints(preset));
  const budget = fieldsBudget();
  for (const [index, { name }] of file.eventTypes.entries()) {
    yield;
    const type = preset.eventTypes.get(name);
    const base = ['eventTypes', index];
    if (type) complaints.push(...eventTypeComplaints(type, preset.payloadVersion, base, budget));
  }
  return complaints.length > 0 ? flawed(complaints) : { preset };
}

function* allSchemas({ $defs, eventTypes }: PresetFile, preset: Preset): Generator<PlacedSchema> {
  for (const [name, schema] of Object.entries($defs)) {
    yield { schema: withDefinitions(schema, $defs), path: ['$defs', name] };
  }
  for (const [index, { name }] of eventTypes.entries()) {
    const type = preset.eventTypes.get(name);
    if (type) yield* schemasOf(type, ['eventTypes', index]);
  }
}

/** What is wrong with a preset beside its schemas. */
function fileComplaints(file: PresetFile, surroundings: Surroundings): Complaint[] {
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
  return complaints;
}

function versionComplaints(preset: Preset): Complaint[] {
  const versions = payloadVersionsOf(preset);
  if (preset.payloadVersion === null || versions.length === 0 || versions.includes(preset.payloadVersion)) {
    return [];
  }
  return [{ path: ['payloadVersion'], message: `must be one of ${versions.join(', ')}` }];
}

/**
 * Of each by itself, and then of what it refers to. What is wrong with one would be told of under the name of every other
 * that refers to it: it is told once, under the one that refers to the least.
 */
function* definitionComplaints(
  definitions: Readonly<Record<string, JsonSchema>>,
): Generator<void, Complaint[], void> {
  const alone: Complaint[] = [];
  for (const [name, schema] of Object.entries(definitions)) {
    alone.push(...formComplaints(schema, ['$defs', name]));
    yield;
  }
  if (alone.length > 0) return alone;
  const together: { complaint: Complaint; size: number }[] = [];
  for (const [name, schema] of Object.entries(definitions)) {
    const whole = withDefinitions(schema, definitions);
    for (const complaint of schemaComplaints(whole, ['$defs', name])) {
      together.push({ complaint, size: whole === null ? 0 : Object.keys(definitionsOf(whole)).length });
    }
    yield;
  }
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
    if (problem) complaints.push({ path, message: problem.message });
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
