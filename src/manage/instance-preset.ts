import type { Logger } from 'pino';
import { NOBODY } from '../audit/audit.ts';
import { Catalogs } from '../catalog/catalogs.ts';
import type { Database } from '../db/database.ts';
import { misconfigured } from '../errors.ts';
import { Presets } from './presets.ts';

/**
 * What is known of presets, with the one this instance is. One named by its file is imported from there.
 *
 * @param preset a name, or a path: something with a / in it, or that ends in .json
 * @throws WaybillError `misconfigured` for an unknown name, `preset_invalid` for a file that doesn't hold one
 */
export async function choosePreset(
  database: Database,
  preset: string | undefined,
  log: Logger,
): Promise<Catalogs> {
  const onBroken = (name: string, error: unknown): void => {
    log.error({ err: error, name }, 'a preset or event type in the database cannot be read or judged by');
  };
  const known = new Catalogs(null, onBroken);
  await known.refresh(database);
  if (preset === undefined) return known;
  const name = isPath(preset) ? await importFrom(database, known, preset) : preset;
  const catalogs = new Catalogs(name, onBroken);
  await catalogs.refresh(database);
  if (catalogs.preset(name)) return catalogs;
  const names = catalogs.presets().map((one) => one.name);
  throw misconfigured(`WAYBILL_PRESET must be one of ${names.join(', ')}, or a file, not "${preset}".`);
}

function isPath(text: string): boolean {
  return /[/\\]|\.json$/.test(text);
}

function importFrom(database: Database, catalogs: Catalogs, path: string): Promise<string> {
  // Nothing is sent by this process yet; others are told by the import itself.
  return new Presets(database, catalogs, { told: () => undefined }, NOBODY).importFile(path);
}
