import { resolve } from 'node:path';
import type { Command } from 'commander';
import { builtInFolders, builtInPresets } from '../../catalog/built-in.ts';
import { readPresetDocument } from '../../catalog/document.ts';
import type { Flaw } from '../../catalog/flaws.ts';
import { flawText, hasBuiltInProfile, profileText, readPreset } from './find-preset.ts';
import { counted, say } from './print.ts';

const HELP = `
Judges presets as a server does that is to take them: their form, every schema and template, every sample
against its schemas. Tells each flaw with its file and place; then the exit status is 1. A preset that shares
the profile of another one of yours is checked together with that.

Examples:
  $ waybill catalog check acme.json
  $ waybill catalog check presets/*
`;

/** `waybill catalog check` */
export function addCheck(catalog: Command): void {
  catalog
    .command('check')
    .description('check presets in files and folders')
    .argument('<path...>', 'a file, or a folder with preset.json and event-types/*.json')
    .addHelpText('after', HELP)
    .action((paths: string[]) => {
      const hasProfile = profilesAmong(paths);
      const isGood = paths.map((path) => check(path, hasProfile)).every((good) => good);
      if (!isGood) process.exitCode = 1;
    });
}

/** Whether a profile comes along, or is in one of these files and folders. */
function profilesAmong(paths: readonly string[]): (name: string) => boolean {
  const names = new Set(paths.flatMap(profileIn));
  return (name) => names.has(name) || hasBuiltInProfile(name);
}

/** The name of the preset, if it has a profile of its own. */
function profileIn(path: string): unknown[] {
  const document = readPresetDocument(path);
  if (Array.isArray(document) || typeof document.value !== 'object' || document.value === null) return [];
  const { name, profile } = document.value as { name?: unknown; profile?: unknown };
  return typeof profile === 'object' && profile !== null ? [name] : [];
}

/** Returns whether there is nothing wrong with it. */
function check(path: string, hasProfile: (name: string) => boolean): boolean {
  const found = readPreset(path, hasProfile);
  const flaws = 'flaws' in found ? found.flaws : nameFlaws(path, found.preset.name);
  for (const flaw of flaws) process.stderr.write(`${flawText(flaw)}\n`);
  if ('flaws' in found || flaws.length > 0) return false;
  const { preset } = found;
  say(`${path}: good: ${counted(preset.eventTypes.size, 'event type')}, ${profileText(preset)}`);
  return true;
}

/** No server takes a preset by the name of one that comes along. */
function nameFlaws(path: string, name: string): Flaw[] {
  const isItself = builtInFolders().some((folder) => resolve(folder) === resolve(path));
  if (isItself || !builtInPresets().has(name)) return [];
  return [
    { file: path, path: 'name', message: `${name} comes along with Waybill: give your own another name` },
  ];
}
