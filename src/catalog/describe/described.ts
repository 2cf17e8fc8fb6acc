import type { WireFormat } from '../../profile/profile.ts';
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
  /** Seconds before each retry, more or less, where the wire format doesn't say. */
  readonly retrySchedule: readonly number[];
}

/** What a webhook sends for events of one type. */
export interface DescribedType {
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

/** All event types that there are in the version asked for. */
export function describedTypes({ preset, format, eventTypes, version: asked }: Described): DescribedType[] {
  const types = new Map([...eventTypes].map((type) => [type.name, type]));
  const profile = createProfile({ ...preset, eventTypes: types }, format, asked);
  return [...types.values()]
    .filter(({ versions }) => asked === null || versions.size === 0 || versions.has(asked))
    .map((type) => {
      const version = versionFor(type, asked, preset.payloadVersion);
      return {
        type,
        version,
        body: bodySchemaOf(format, type, version),
        headers: describeHeaders(format, { typeName: type.name, version, ofBatches: true }),
        sample: sampleRequest(profile, type),
      };
    });
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
