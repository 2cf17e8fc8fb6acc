import type { Queryable } from '../db/database.ts';
import type { Profile, WireFormat } from '../profile/profile.ts';
import { sendsPayload } from '../profile/sends-payload.ts';
import type { AccountPolicies, Policy } from '../store/accounts.ts';
import { type EventTypeRow, readDeprecations, readEventTypes } from '../store/event-types.ts';
import { type PresetRow, readCatalogVersion, readPresets } from '../store/presets.ts';
import { builtInPresets } from './built-in.ts';
import { type Contents, presetsInForce } from './contents.ts';
import { createOwnEventType, type EventType } from './event-type.ts';
import { createPreset, createProfile, type Preset } from './preset.ts';
import { eventTypeFileSchema, presetFileSchema } from './preset-file.ts';
import { DocumentReader } from './read-documents.ts';

const FRESH_MS = 2_000;

/**
 * The presets and event types this process knows: those that come along, those imported, and the platform's own types.
 * It reads them again when they have changed; what another node has changed is known within seconds.
 */
export class Catalogs {
  /** The preset of the instance, for accounts that have none of their own. */
  readonly instancePreset: string | null;
  #contents: Contents = { presets: builtInPresets(), imported: [], ownTypes: [], deprecations: [] };
  /** The same as they are in force. */
  #presets: ReadonlyMap<string, Preset> = this.#contents.presets;
  readonly #profiles = new Map<string, Profile>();
  #version = -1;
  #readAt = Number.NEGATIVE_INFINITY;

  readonly #onBroken: (name: string, error: unknown) => void;
  readonly #presetDocuments: DocumentReader<PresetRow, Preset>;
  readonly #typeDocuments: DocumentReader<EventTypeRow, EventType>;
  readonly #toldBroken = new Set<string>();

  /** @param onBroken told of a preset or event type that can't be read or judged by */
  constructor(instancePreset: string | null, onBroken: (name: string, error: unknown) => void) {
    this.instancePreset = instancePreset;
    this.#onBroken = onBroken;
    this.#presetDocuments = new DocumentReader(presetFrom, onBroken);
    this.#typeDocuments = new DocumentReader(ownTypeFrom, onBroken);
  }

  /** Reads what has changed, if anything has. */
  async refresh(db: Queryable): Promise<void> {
    const startedAt = performance.now();
    const version = await readCatalogVersion(db);
    // A transaction may see an older state than is known already.
    if (version > this.#version) {
      const contents = this.#parsed(
        await readPresets(db),
        await readEventTypes(db),
        await readDeprecations(db),
      );
      // Somebody who asked later may have been answered earlier.
      if (version > this.#version) this.#hold(contents, version);
    }
    this.#readAt = startedAt;
  }

  /** The same, unless it has been done within the last two seconds. */
  async refreshIfOld(db: Queryable): Promise<void> {
    if (performance.now() - this.#readAt >= FRESH_MS) await this.refresh(db);
  }

  /** Another one whenever something has changed. */
  get version(): number {
    return this.#version;
  }

  /** By name. */
  presets(): readonly Preset[] {
    return [...this.#presets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** As it is in force: with the platform's own types among its own. */
  preset(name: string): Preset | undefined {
    return this.#presets.get(name);
  }

  /** As it was written down. */
  writtenPreset(name: string): Preset | undefined {
    return this.#contents.presets.get(name);
  }

  /** The preset whose types those of the platform's own are that name none: that of the instance, else the default one. */
  get homePreset(): string {
    return this.instancePreset ?? this.#defaultPreset().name;
  }

  /** What would be known after a change. Nothing is kept of it. */
  changed(change: (contents: Contents) => Contents): Catalogs {
    const changed = new Catalogs(this.instancePreset, this.#onBroken);
    changed.#hold(change(this.#contents), this.#version);
    return changed;
  }

  /** Whether its event types are known to all accounts that have no preset of their own. */
  isImported(name: string): boolean {
    return this.#contents.imported.includes(name);
  }

  /** The presets an account's event types are looked for in: the first that has one wins. */
  presetsOf(accountPreset: string | null): readonly Preset[] {
    const chosen = accountPreset ?? this.instancePreset;
    const names = chosen === null ? [this.homePreset, ...this.#contents.imported] : [chosen];
    return names.flatMap((name) => this.#presets.get(name) ?? []);
  }

  /** An event type as an account sees it. */
  eventType(accountPreset: string | null, name: string): EventType | undefined {
    for (const preset of this.presetsOf(accountPreset)) {
      const type = preset.eventTypes.get(name);
      if (type) return type;
    }
    return undefined;
  }

  /** What becomes of an account's events that break a rule. */
  policiesOf(account: AccountPolicies): { readonly validation: Policy; readonly unknownTypes: Policy } {
    const chosen = account.preset ?? this.instancePreset;
    const own = chosen === null ? undefined : this.#presets.get(chosen)?.policies;
    return {
      validation: account.validation ?? own?.validation ?? 'off',
      unknownTypes: account.unknownTypes ?? own?.unknownTypes ?? 'off',
    };
  }

  /** The version of a type's payload, for webhooks that don't pin one: as its preset says. */
  usualVersion(type: EventType): string | null {
    return this.#presets.get(type.preset ?? this.homePreset)?.payloadVersion ?? null;
  }

  /** The event types an account sees, of which there is one of a name. */
  typesInUse(accountPreset: string | null): readonly EventType[] {
    const types = this.presetsOf(accountPreset).flatMap((preset) => [...preset.eventTypes.values()]);
    // The first of a name wins, as when an event is judged.
    return [...new Map(types.reverse().map((type) => [type.name, type])).values()];
  }

  /** The event types that webhooks with this profile get: those of its preset. */
  typesSentBy(profile: string): readonly EventType[] {
    return [...(this.#presets.get(profile)?.eventTypes.values() ?? [])];
  }

  /** The profile webhooks of an account have unless they say otherwise. */
  defaultProfile(accountPreset: string | null): string {
    const chosen = accountPreset ?? this.instancePreset;
    if (chosen !== null && this.#presets.has(chosen)) return chosen;
    return this.#defaultPreset().name;
  }

  /**
   * The wire format of this name.
   *
   * @param version of payloads, as a webhook pins it; null: the usual one
   * @returns the same object for the same question until something changes
   */
  profile(name: string, version: string | null = null): Profile | undefined {
    const key = `${name} ${version ?? ''}`;
    const known = this.#profiles.get(key);
    if (known) return known;
    const preset = this.#presets.get(name);
    const format = preset && this.formatOf(preset);
    if (!preset || !format) return undefined;
    const profile = createProfile(preset, format, version);
    this.#profiles.set(key, profile);
    return profile;
  }

  /**
   * The version of a type's payload that goes out to webhooks with this profile.
   *
   * @param pinned the version the webhook wants; null: the usual one
   * @returns null: the type has no versions, or the profile sends the data and no payload made of it
   */
  versionSent(profile: string, pinned: string | null, type: string): string | null {
    const format = this.profile(profile, pinned);
    return format && sendsPayload(format) ? (format.types.get(type)?.version ?? null) : null;
  }

  /** A preset's own wire format, or the one it shares; undefined if that one is gone. */
  formatOf({ profile }: Preset): WireFormat | undefined {
    if (typeof profile === 'object' && profile !== null) return profile;
    const shared = profile === null ? this.#defaultPreset() : this.#presets.get(profile);
    return typeof shared?.profile === 'object' ? (shared.profile ?? undefined) : undefined;
  }

  /** Tells of an event type that events can't be judged by, once until something changes. */
  tellBroken(name: string, error: unknown): void {
    if (this.#toldBroken.has(name)) return;
    this.#toldBroken.add(name);
    this.#onBroken(name, error);
  }

  #parsed(
    rows: readonly PresetRow[],
    types: readonly EventTypeRow[],
    deprecations: Contents['deprecations'],
  ): Contents {
    const presets = new Map([
      ...builtInPresets(),
      ...this.#presetDocuments.read(rows).map((preset) => [preset.name, preset] as const),
    ]);
    return {
      presets,
      imported: rows.map(({ name }) => name).filter((name) => presets.has(name)),
      ownTypes: this.#typeDocuments.read(types),
      deprecations,
    };
  }

  #hold(contents: Contents, version: number): void {
    this.#contents = contents;
    this.#presets = presetsInForce(contents, this.homePreset);
    this.#profiles.clear();
    this.#toldBroken.clear();
    this.#version = version;
  }

  #defaultPreset(): Preset {
    for (const preset of this.#contents.presets.values()) if (preset.isDefault) return preset;
    throw new Error('none of the presets that come along is the default one');
  }
}

function presetFrom({ document }: PresetRow): Preset {
  const source = JSON.parse(document ?? '');
  return createPreset(presetFileSchema.parse(source), source, false);
}

function ownTypeFrom({ preset, document }: EventTypeRow): EventType {
  const source = JSON.parse(document);
  return createOwnEventType(eventTypeFileSchema.parse(source), source, preset);
}
