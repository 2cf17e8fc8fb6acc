import type { Profile, WireFormat } from '../../profile/profile.ts';
import { sendsPayload } from '../../profile/sends-payload.ts';
import { type EventType, versionFor } from '../event-type.ts';
import { bodySchemaOf } from '../payload-schema.ts';
import { createProfile, type Preset } from '../preset.ts';
import { type DescribedHeader, describeHeaders } from './header-schema.ts';
import { type SampleRequest, sampleRequest } from './sample-request.ts';
import type { SchemaObject } from './subschemas.ts';

/** What is described to those who receive it. */
export interface Described {
  readonly preset: Preset;
  /** The preset's own, or the one it shares. */
  readonly format: WireFormat;
  /** In the order they are told. Of two with one name the later one counts. */
  readonly eventTypes: Iterable<EventType>;
  /** Of payloads; null: the usual one of each event type. */
  readonly version: string | null;
  /**
   * `asked`: the types that have the version, as they are in it; `every`: each version of a type as an entry of its own,
   * where the wire format sends payloads; `sent`: all types as a webhook gets them that pins the version.
   */
  readonly told?: 'asked' | 'every' | 'sent';
  /** What a template of the webhook's own makes in the place of the body of the wire format: its MIME type. */
  readonly template?: string;
  /** Seconds before each retry, more or less, where the wire format doesn't say. */
  readonly retrySchedule: readonly number[];
}

/** What a webhook sends for events of one type. */
export interface DescribedType {
  /** No other has it: the type, and behind an `@` the version if there are others. */
  readonly name: string;
  readonly type: EventType;
  /** Of the payload; null: the type has but one. */
  readonly version: string | null;
  /** Of the whole body. It stands alone. */
  readonly body: SchemaObject;
  readonly headers: readonly DescribedHeader[];
  /** undefined: the type has no sample. */
  readonly sample: SampleRequest | undefined;
}

// Whatever is built in is under Waybill's license. Under which one a platform describes its own isn't ours to say.
const LICENSE = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' };

/** All event types that there are in the version asked for, or in every one. */
export function describedTypes(described: Described): DescribedType[] {
  const { preset, format, eventTypes } = described;
  const types = new Map([...eventTypes].map((type) => [type.name, type]));
  const profiles = new Map<string | null, Profile>();
  const profileOf = (pinned: string | null): Profile => {
    const profile = profiles.get(pinned) ?? createProfile({ ...preset, eventTypes: types }, format, pinned);
    profiles.set(pinned, profile);
    return profile;
  };
  return [...types.values()].flatMap((type) => {
    const pinned = versionsTold(described, type);
    return pinned.map((version) => describedType(described, type, version, profileOf(version)));
  });
}

/** The versions a type is described in, as one would pin them; null: the usual one. */
function versionsTold(
  { version: asked, told, format }: Described,
  { versions }: EventType,
): readonly (string | null)[] {
  if (told === 'every' && versions.size > 0 && sendsPayload(format)) return [...versions.keys()];
  return told === 'sent' || asked === null || versions.size === 0 || versions.has(asked) ? [asked] : [];
}

function describedType(
  { preset, format, template, told }: Described,
  type: EventType,
  pinned: string | null,
  profile: Profile,
): DescribedType {
  const version = versionFor(type, pinned, preset.payloadVersion);
  return {
    name:
      told === 'every' && pinned !== null && type.versions.size > 1 ? `${type.name}@${pinned}` : type.name,
    type,
    version,
    body: template === undefined ? bodySchemaOf(format, type, version) : {},
    headers: describeHeaders(format, { typeName: type.name, version, ofBatches: true }),
    // What it signs isn't what a template would make.
    sample: template === undefined ? sampleRequest(profile, type) : undefined,
  };
}

/** What both kinds of documents begin with. */
export function infoOf({ preset, version }: Described, description: string) {
  return {
    title: `${preset.title} webhooks`,
    version: version ?? preset.payloadVersion ?? '1.0.0',
    description,
    ...(preset.builtIn && { license: LICENSE }),
  };
}

/** The groups of event types, in the order they are met. */
export function tagsOf(types: readonly DescribedType[]): { name: string; description: string }[] {
  const groups = new Set(types.map(({ type }) => type.group).filter((group) => group !== null));
  return [...groups].map((name) => ({ name, description: `Events of the group ${name}.` }));
}

/** What an event type says of itself, and which version of it this is. */
export function typeDescription({ type, version }: DescribedType): string {
  const told = version === null ? [] : [`The payload is that of version ${version}.`];
  return [type.description ?? `What is sent for each event ${type.name}.`, ...told].join('\n\n');
}

/** The value of a header of the sample, as its schema wants it; undefined if there is no sample. */
export function headerExample(
  { sample }: DescribedType,
  { name, schema }: DescribedHeader,
): string | number | undefined {
  const text = sample?.headers.get(name.toLowerCase());
  return text === undefined || schema.type !== 'integer' ? text : Number(text);
}
