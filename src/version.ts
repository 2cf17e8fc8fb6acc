import { readFileSync } from 'node:fs';

interface PackageJson {
  readonly version: string;
  readonly description: string;
}

const packageJson: PackageJson = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** This version of Waybill, as in package.json. */
export const VERSION = packageJson.version;
export const DESCRIPTION = packageJson.description;
