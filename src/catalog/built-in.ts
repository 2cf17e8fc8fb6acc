import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readPresetDocument } from './document.ts';
import { complaintsOf, pathText } from './flaws.ts';
import { createPreset, type Preset } from './preset.ts';
import { presetFileSchema } from './preset-file.ts';

const CATALOGS = fileURLToPath(new URL('../../catalogs/', import.meta.url));

let presets: ReadonlyMap<string, Preset> | undefined;

/**
 * The presets that come along, by name: each is a folder of `catalogs/`. Read once. Their form is checked here, their
 * schemas and samples by a test.
 */
export function builtInPresets(): ReadonlyMap<string, Preset> {
  presets ??= new Map(
    builtInFolders()
      .map(readBuiltIn)
      .map((preset) => [preset.name, preset]),
  );
  return presets;
}

/** The folders they are read from. */
export function builtInFolders(): string[] {
  return readdirSync(CATALOGS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${CATALOGS}${entry.name}`)
    .filter((folder) => existsSync(`${folder}/preset.json`))
    .sort();
}

/** @throws Error that names the file and what is wrong with it */
function readBuiltIn(folder: string): Preset {
  const document = readPresetDocument(folder);
  if (Array.isArray(document)) throw new Error(`${document[0]?.file} ${document[0]?.message}`);
  const parsed = presetFileSchema.safeParse(document.value);
  if (parsed.success) return createPreset(parsed.data, document.value, true);
  const told = complaintsOf(parsed.error.issues).map(({ path, message }) => `${pathText(path)} ${message}`);
  throw new Error(`${folder} is not a preset: ${told.join('; ')}`);
}
