import type { Profile, TypePayload, WireFormat } from '../profile/profile.ts';
import type { Policy } from '../store/accounts.ts';
import { createEventType, type EventType, versionFor } from './event-type.ts';
import type { PresetFile, PresetFilter } from './preset-file.ts';

/** A system that Waybill can be: a wire format, a catalog of event types, and policies. */
export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whether it comes along with Waybill. */
  readonly builtIn: boolean;
  /** Whether webhooks have its profile where nothing says otherwise. */
  readonly isDefault: boolean;
  /** Its own wire format; the name of the preset whose it shares; null: the default one. */
  readonly profile: WireFormat | string | null;
  /** Of payloads, for webhooks that don't pin a version. */
  readonly payloadVersion: string | null;
  readonly policies: { readonly validation: Policy; readonly unknownTypes: Policy };
  /** Choices a webhook can make without writing a condition. */
  readonly filters: readonly PresetFilter[];
  /** By name. */
  readonly eventTypes: ReadonlyMap<string, EventType>;
}

/** @param source what `file` was parsed from */
export function createPreset(file: PresetFile, source: unknown, builtIn: boolean): Preset {
  const sources = (source as { eventTypes?: Record<string, unknown>[] }).eventTypes ?? [];
  const types = file.eventTypes.map((one, index) =>
    createEventType(one, sources[index] ?? {}, file.name, file.$defs),
  );
  return {
    name: file.name,
    title: file.title,
    description: file.description,
    builtIn,
    isDefault: file.default,
    profile: file.profile ?? null,
    payloadVersion: file.payloadVersion ?? null,
    policies: file.policies,
    filters: file.filters,
    eventTypes: new Map(types.map((one) => [one.name, one])),
  };
}

/** All versions its payloads have, the newest last, as people count: 9 before 10, 2024.2 before 2024.10. */
export function payloadVersionsOf(preset: Preset): string[] {
  const versions = new Set([...preset.eventTypes.values()].flatMap((type) => [...type.versions.keys()]));
  return [...versions].sort(COUNTING.compare);
}

const COUNTING = new Intl.Collator('en', { numeric: true });

/**
 * The wire format of a webhook that has this preset's profile.
 *
 * @param format the preset's own, or the one it shares
 * @param pinned the version of payloads the webhook wants; null: the usual one
 */
export function createProfile(preset: Preset, format: WireFormat, pinned: string | null): Profile {
  const types = new Map<string, TypePayload>();
  for (const type of preset.eventTypes.values()) {
    const version = versionFor(type, pinned, preset.payloadVersion);
    const payload = version === null ? type.payload : (type.versions.get(version)?.payload ?? null);
    if (version !== null || payload !== null) types.set(type.name, { version, payload });
  }
  const { name, title, description } = preset;
  return { ...format, name, title, description, types, payloadVersion: pinned ?? preset.payloadVersion };
}
