import type { DeprecationRow } from '../store/event-types.ts';
import type { EventType } from './event-type.ts';
import type { Preset } from './preset.ts';

/** What a node knows of presets and event types, as it was written down. */
export interface Contents {
  /** By name: those that come along, and those imported. */
  readonly presets: ReadonlyMap<string, Preset>;
  /** The names of those imported, the newest first. */
  readonly imported: readonly string[];
  /** The platform's own. */
  readonly ownTypes: readonly EventType[];
  /** What it has said of the types of presets. */
  readonly deprecations: readonly DeprecationRow[];
}

/**
 * Presets as they are in force: with what the platform has said of their event types, and its own in the place of
 * theirs or beside them.
 *
 * @param home the preset whose types those are that name none
 */
export function presetsInForce(contents: Contents, home: string): ReadonlyMap<string, Preset> {
  const said = Map.groupBy(contents.deprecations, ({ preset }) => preset);
  const own = Map.groupBy(contents.ownTypes, ({ preset }) => preset);
  return new Map(
    [...contents.presets].map(([name, preset]) => {
      const deprecations = said.get(name) ?? [];
      // What names the preset comes before what names none.
      const ownTypes = [...(name === home ? (own.get(null) ?? []) : []), ...(own.get(name) ?? [])];
      return [name, inForce(preset, deprecations, ownTypes)] as const;
    }),
  );
}

function inForce(
  preset: Preset,
  deprecations: readonly DeprecationRow[],
  ownTypes: readonly EventType[],
): Preset {
  if (deprecations.length === 0 && ownTypes.length === 0) return preset;
  const eventTypes = new Map(preset.eventTypes);
  for (const { name, deprecated } of deprecations) {
    const type = eventTypes.get(name);
    if (type) eventTypes.set(name, { ...type, deprecated });
  }
  for (const type of ownTypes) eventTypes.set(type.name, type);
  return { ...preset, eventTypes };
}

/** With this preset in the place of the one of its name. */
export function withPreset(contents: Contents, preset: Preset): Contents {
  return { ...contents, presets: new Map([...contents.presets, [preset.name, preset]]) };
}

/** Without the platform's own types of this name and these presets; with this one, if one is given. */
export function withOwnType(
  contents: Contents,
  { presets, name }: { readonly presets: readonly (string | null)[]; readonly name: string },
  type?: EventType,
): Contents {
  const others = contents.ownTypes.filter((one) => one.name !== name || !presets.includes(one.preset));
  return { ...contents, ownTypes: type ? [...others, type] : others };
}
