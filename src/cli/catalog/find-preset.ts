import { existsSync } from 'node:fs';
import { builtInPresets } from '../../catalog/built-in.ts';
import { checkPreset } from '../../catalog/check.ts';
import { readPresetDocument } from '../../catalog/document.ts';
import type { Flaw } from '../../catalog/flaws.ts';
import { type Preset, payloadVersionsOf } from '../../catalog/preset.ts';
import { Failure } from '../failure.ts';
import { suggestion } from './closest-names.ts';

export type WireFormat = Exclude<Preset['profile'], string | null>;

/** A preset in a file or a folder. */
export interface FilePreset {
  readonly preset: Preset;
  /** As it was written, the event types of a folder in their place. */
  readonly document: unknown;
}

/** One side of a comparison, as it is named on the command line. */
export interface VersionedPreset {
  readonly preset: Preset;
  readonly format: WireFormat;
  readonly version: string | null;
}

/**
 * Reads and judges a preset of a platform's own.
 *
 * @param hasProfile which it may share. Default: also whatever a server alone may know
 */
export function readPreset(
  path: string,
  hasProfile = mayHaveProfile,
): FilePreset | { readonly flaws: readonly Flaw[] } {
  const document = readPresetDocument(path);
  if (Array.isArray(document)) return { flaws: document };
  const outcome = checkPreset(document, { builtIn: false, hasProfile });
  return 'flaws' in outcome ? outcome : { preset: outcome.preset, document: document.value };
}

/** The preset of this name among those that come along, or in this file or folder. @throws Failure */
export function findPreset(reference: string): Preset {
  return builtInPresets().get(reference) ?? findFilePreset(reference).preset;
}

/** The preset in this file or folder. @throws Failure that tells all flaws, or that there is none */
export function findFilePreset(path: string): FilePreset {
  if (!existsSync(path)) {
    const names = [...builtInPresets().keys()];
    throw new Failure(
      `There is no preset, file or folder ${path}.${suggestion(path, names)} "waybill catalog list" has all presets.`,
    );
  }
  const found = readPreset(path);
  if ('preset' in found) return found;
  throw new Failure([`${path} is not a good preset:`, ...found.flaws.map(flawText)].join('\n'));
}

/** A preset, and with `@VERSION` behind its name a version of its payloads. @throws Failure */
export function findVersion(reference: string): VersionedPreset {
  const [, name = reference, version = null] =
    (existsSync(reference) ? undefined : /^(.+)@([^@/\\]+)$/.exec(reference)) ?? [];
  const preset = findPreset(name);
  if (version !== null && !payloadVersionsOf(preset).includes(version)) {
    throw new Failure(`The payloads of ${preset.name} have no version ${version}: ${versionsText(preset)}.`);
  }
  return { preset, format: wireFormatOf(preset), version };
}

function versionsText(preset: Preset): string {
  const versions = payloadVersionsOf(preset);
  return versions.length === 0 ? 'they have none' : `they have ${versions.join(', ')}`;
}

/** The wire format of a preset: its own, the one it shares, or the default one. */
export function wireFormatOf({ name, profile }: Preset): WireFormat {
  if (typeof profile === 'object' && profile !== null) return profile;
  const shared = profile === null ? defaultPreset() : builtInPresets().get(profile);
  if (typeof shared?.profile === 'object' && shared.profile !== null) return shared.profile;
  throw new Failure(`The wire format that ${name} shares is not there: ${profile}.`);
}

/** In a line, of a flaw: where it is, and what. */
export function flawText({ file, path, message }: Flaw): string {
  return [file, path, message].filter((part) => part !== '').join(': ');
}

/** Where a preset has its wire format from. */
export function profileText({ profile }: Preset): string {
  if (profile === null) return 'the default profile';
  return typeof profile === 'string' ? `the profile of ${profile}` : 'profile of its own';
}

/** Of the platform's own presets the server alone knows. */
function mayHaveProfile(name: string): boolean {
  return !builtInPresets().has(name) || hasBuiltInProfile(name);
}

/** Whether a preset of this name comes along, with a profile of its own. */
export function hasBuiltInProfile(name: string): boolean {
  const profile = builtInPresets().get(name)?.profile;
  return typeof profile === 'object' && profile !== null;
}

function defaultPreset(): Preset | undefined {
  return [...builtInPresets().values()].find(({ isDefault }) => isDefault);
}
