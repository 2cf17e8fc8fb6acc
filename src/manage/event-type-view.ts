import { type EventType, versionFor } from '../catalog/event-type.ts';
import { payloadSchemaOf } from '../catalog/payload-schema.ts';
import type { JsonSchema } from '../catalog/preset-file.ts';

/** An event type as it is shown. */
export interface EventTypeView {
  name: string;
  /** The preset it belongs to; null: that of the instance, whichever it is. */
  preset: string | null;
  /** Whether it is one of the platform's own, and not one that its preset has brought. */
  own: boolean;
  group: string | null;
  title: string | null;
  description: string | null;
  deprecated: boolean;
  /** Of the data, as it is published. */
  schema: JsonSchema | null;
  sample: unknown;
  /** What goes out of the data, as it was written down; null: all of it. */
  payload: unknown;
  /** The versions of its payload, oldest first: the schema of what is sent, and what goes out of the data. */
  versions: { version: string; schema: JsonSchema; payload: unknown }[];
  /** The version webhooks get that don't pin one. */
  version: string | null;
}

/** @param usual the version of payloads of its preset */
export function eventTypeView(type: EventType, usual: string | null): EventTypeView {
  const { payload = null, versions = {} } = type.source as {
    payload?: unknown;
    versions?: Record<string, { payload?: unknown }>;
  };
  return {
    name: type.name,
    preset: type.preset,
    own: type.own,
    group: type.group,
    title: type.title,
    description: type.description,
    deprecated: type.deprecated,
    schema: type.schema,
    sample: type.sample ?? null,
    payload,
    versions: [...type.versions.keys()].map((version) => ({
      version,
      schema: payloadSchemaOf(type, version),
      payload: versions[version]?.payload ?? null,
    })),
    version: versionFor(type, null, usual),
  };
}
