import { sampleRequest } from '../../catalog/describe/sample-request.ts';
import { type EventType, versionFor } from '../../catalog/event-type.ts';
import { payloadSchemaOf } from '../../catalog/payload-schema.ts';
import { createProfile, type Preset } from '../../catalog/preset.ts';
import type { JsonSchema } from '../../catalog/preset-file.ts';
import { wireFormatOf } from './find-preset.ts';
import { versionsText } from './list.ts';
import { columns, heading, indented, say } from './print.ts';
import { fieldRows } from './schema-fields.ts';

/** An event type of one preset, in the version that was asked for. */
export interface ShownType {
  readonly preset: Preset;
  readonly type: EventType;
  /** Of its payload; null: none was asked for. */
  readonly version: string | null;
}

/** An event type, for programs. */
export function eventTypeJson(shown: ShownType) {
  const { preset, type, version } = shown;
  const { name, group, title, description, deprecated, schema, sample, versions } = type;
  return {
    preset: preset.name,
    name,
    group,
    title,
    description,
    deprecated,
    schema,
    sample: sample ?? null,
    versions: [...versions.keys()],
    version: version ?? versionFor(type, null, preset.payloadVersion),
    payloadSchema: sentSchema(shown),
    body: sampleBody(shown),
  };
}

/** An event type, for people. */
export function showEventType(shown: ShownType): void {
  const { preset, type, version } = shown;
  say(heading(type.name));
  const facts = [type.title, type.group, `preset ${preset.name} (${preset.title})`];
  say([...facts, type.deprecated ? 'deprecated' : null].filter((fact) => fact !== null).join(' · '));
  if (type.description !== null) section('', [type.description]);
  if (version === null) section('Data, as it is published', fieldLines(type.schema ?? true));
  const sent = sentSchema(shown);
  const isOther = JSON.stringify(sent) !== JSON.stringify(type.schema);
  if (version !== null || isOther) section(`Payload, as it is sent${versionNote(shown)}`, fieldLines(sent));
  showSample(shown);
  if (type.versions.size === 0) return;
  section('Versions of the payload', [versionsText([...type.versions.keys()], preset.payloadVersion)]);
}

function showSample(shown: ShownType): void {
  const { type, version } = shown;
  if (type.sample === undefined) return;
  const [title, value] =
    version === null
      ? ['Sample of the data', type.sample]
      : [`Sample of a request's body${versionNote(shown)}`, sampleBody(shown)];
  section(title, JSON.stringify(value, null, 2).split('\n'));
}

function versionNote({ preset, type, version }: ShownType): string {
  const shown = version ?? versionFor(type, null, preset.payloadVersion);
  return shown === null ? '' : ` in version ${shown}`;
}

function section(title: string, lines: readonly string[]): void {
  say();
  if (title !== '') say(heading(title));
  for (const line of title === '' ? lines : indented(lines)) say(line);
}

function fieldLines(schema: JsonSchema): string[] {
  return columns(fieldRows(schema));
}

function sentSchema({ preset, type, version }: ShownType): JsonSchema {
  const chosen = versionFor(type, version, preset.payloadVersion);
  return payloadSchemaOf(type, chosen, wireFormatOf(preset).payloads);
}

/** What a receiver gets of the sample; null if there is none. */
function sampleBody({ preset, type, version }: ShownType): unknown {
  const request = sampleRequest(createProfile(preset, wireFormatOf(preset), version), type);
  return request ? JSON.parse(request.body) : null;
}
