import { readFile } from 'node:fs/promises';
import type { EventInput } from '../../publish/event.ts';

const CATALOGS = new URL('../../../catalogs/', import.meta.url);

/** Reads a sample event: `scurri/tracking_update` is in `catalogs/scurri/samples/tracking_update.json`. */
export async function readSample(name: string): Promise<EventInput> {
  const path = new URL(`${name.replace('/', '/samples/')}.json`, CATALOGS);
  // The files are ours, and publishing checks every field.
  return JSON.parse(await readFile(path, 'utf8')) as EventInput;
}
