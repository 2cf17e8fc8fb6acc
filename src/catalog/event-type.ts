import type { PayloadFields } from '../profile/payload-fields.ts';
import type { EventTypeFile, JsonSchema } from './preset-file.ts';
import { definitionsOf, definitionsReached } from './schema-walk.ts';
import { type Definitions, noteOrigin } from './shared-definitions.ts';

/** One version of what is sent of an event type. */
export interface PayloadVersion {
  /** Of the payload. */
  readonly schema: JsonSchema | null;
  readonly payload: PayloadFields | null;
}

/** An entry of a catalog. */
export interface EventType {
  /** Which it belongs to; null: that of the instance, whichever it is. */
  readonly preset: string | null;
  /** Whether it is one of the platform's own, and not in the document of its preset. */
  readonly own: boolean;
  readonly name: string;
  readonly group: string | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly deprecated: boolean;
  /** Of the data as it is published. It refers to nothing outside of itself. */
  readonly schema: JsonSchema | null;
  /** Data such as is published; undefined if there is none. */
  readonly sample: unknown;
  /** null: the whole data. */
  readonly payload: PayloadFields | null;
  /** In the order they are written down, the newest last. Empty: the payload has but one form. */
  readonly versions: ReadonlyMap<string, PayloadVersion>;
  /** As it was written down. */
  readonly source: Readonly<Record<string, unknown>>;
}

/** One of the platform's own. @param source what `file` was parsed from */
export function createOwnEventType(
  file: EventTypeFile,
  source: Readonly<Record<string, unknown>>,
  preset: string | null,
): EventType {
  return { ...createEventType(file, source, preset), own: true };
}

/**
 * @param source what `file` was parsed from
 * @param definitions those its schemas may refer to beside their own
 */
export function createEventType(
  file: EventTypeFile,
  source: Readonly<Record<string, unknown>>,
  preset: string | null,
  definitions: Definitions = {},
): EventType {
  const versions = Object.entries(file.versions ?? {}).map(([version, { schema, payload }]) => {
    return [version, { schema: withDefinitions(schema, definitions), payload: payload ?? null }] as const;
  });
  return {
    preset,
    own: false,
    name: file.name,
    group: file.group ?? null,
    title: file.title ?? null,
    description: file.description ?? null,
    deprecated: file.deprecated,
    schema: withDefinitions(file.schema, definitions),
    sample: file.sample,
    payload: file.payload ?? null,
    versions: new Map(versions),
    source,
  };
}

/** The version of its payload that a webhook gets: the one it pins if there is such, else the usual one, else the newest. */
export function versionFor(type: EventType, pinned: string | null, usual: string | null): string | null {
  if (pinned !== null && type.versions.has(pinned)) return pinned;
  if (usual !== null && type.versions.has(usual)) return usual;
  return [...type.versions.keys()].at(-1) ?? null;
}

/** A schema with those of the shared definitions it refers to, so that it stands alone. */
export function withDefinitions(schema: JsonSchema | undefined, definitions: Definitions): JsonSchema | null {
  if (schema === undefined) return null;
  if (typeof schema === 'boolean') return schema;
  const own = definitionsOf(schema);
  const used = definitionsReached(schema, othersThan(own, definitions));
  if (used.size === 0) return schema;
  const whole = { ...schema, $defs: { ...Object.fromEntries(used), ...own } };
  noteOrigin(whole, { own: schema, shared: definitions, used: [...used.keys()] });
  return whole;
}

function othersThan(own: Definitions, definitions: Definitions): Definitions {
  const names = Object.keys(own);
  if (!names.some((name) => Object.hasOwn(definitions, name))) return definitions;
  return Object.fromEntries(Object.entries(definitions).filter(([name]) => !Object.hasOwn(own, name)));
}
