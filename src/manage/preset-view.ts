import type { Catalogs } from '../catalog/catalogs.ts';
import { type Preset, payloadVersionsOf } from '../catalog/preset.ts';

/** What a webhook can choose events by, without writing a condition. */
export interface PresetFilterView {
  name: string;
  title: string;
  description: string | null;
  /** Into the data as it is published. */
  field: string;
  /** Those it can have; null: any. */
  values: (string | number)[] | null;
}

/** A preset as it is shown. */
export interface PresetView {
  name: string;
  title: string;
  description: string;
  /** Whether it comes along with Waybill. */
  builtIn: boolean;
  /** Whether its event types are known to all accounts that have no preset of their own. */
  imported: boolean;
  /** Whether it is the preset of this instance. */
  instance: boolean;
  /** How many event types it has. */
  eventTypes: number;
  /** The versions its payloads have, and the one webhooks get that don't pin one. */
  payloadVersions: string[];
  payloadVersion: string | null;
  /** What webhooks that have its profile can choose by. */
  filters: PresetFilterView[];
  policies: { validation: string; unknownTypes: string };
}

export function presetView(preset: Preset, catalogs: Catalogs): PresetView {
  const { name, title, description, builtIn, payloadVersion, policies } = preset;
  return {
    name,
    title,
    description,
    builtIn,
    imported: catalogs.isImported(name),
    instance: catalogs.instancePreset === name,
    eventTypes: preset.eventTypes.size,
    payloadVersions: payloadVersionsOf(preset),
    payloadVersion,
    filters: filtersView(preset),
    policies,
  };
}

/** What a preset offers to choose by. */
export function filtersView({ filters }: Preset): PresetFilterView[] {
  return filters.map(({ name, title, description = null, field, values }) => {
    return { name, title, description, field, values: values ? [...values] : null };
  });
}
