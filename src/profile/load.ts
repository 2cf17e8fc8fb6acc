import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Profile, profileSchema } from './profile.ts';

const CATALOGS = new URL('../../catalogs/', import.meta.url);

let builtIn: ReadonlyMap<string, Profile> | undefined;

/** The profiles that come along, by name: one in each folder of `catalogs/`. Read once. */
export function loadProfiles(): ReadonlyMap<string, Profile> {
  builtIn ??= new Map(readProfiles().map((profile) => [profile.name, profile]));
  return builtIn;
}

function readProfiles(): Profile[] {
  return readdirSync(CATALOGS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => new URL(`${entry.name}/profile.json`, CATALOGS))
    .filter((file) => existsSync(file))
    .map((file) => parseProfile(readFileSync(file, 'utf8'), file.pathname));
}

/** @throws Error that names the file, and what is wrong with it where */
export function parseProfile(text: string, file: string): Profile {
  const parsed = profileSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is not a profile:\n${z.prettifyError(parsed.error)}`);
}
