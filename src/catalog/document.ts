import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WaybillError } from '../errors.ts';
import { duplicateMember, parseJson } from '../json-source.ts';
import { type Complaint, type Flaw, pathText } from './flaws.ts';

// Its schemas are compiled where it is imported, and nothing else is served meanwhile.
/** Of a document with a preset, or with an event type. */
export const MAX_DOCUMENT_CHARS = 2 * 1024 * 1024;

/** A preset as it was read, not checked yet, and where its parts came from. */
export interface PresetDocument {
  readonly file: string;
  readonly value: unknown;
  /** Of event types that stand in files of their own: which, and at which place there. By their place in `value`. */
  readonly origins: ReadonlyMap<number, { readonly file: string; readonly index: number }>;
}

/**
 * Reads a preset: a file of JSON, or a folder with `preset.json` and, if it likes, `event-types/*.json`, each a list of
 * event types that follow those of `preset.json`.
 *
 * @returns the document, or what makes it unreadable
 */
export function readPresetDocument(path: string): PresetDocument | Flaw[] {
  try {
    return statSync(path).isDirectory() ? readFolder(path) : readText(path);
  } catch (error) {
    return [
      { file: path, path: '', message: `cannot be read: ${error instanceof Error ? error.message : error}` },
    ];
  }
}

/** @param file what to call it */
export function documentFromText(text: string, file: string): PresetDocument | Flaw[] {
  if (text.length > MAX_DOCUMENT_CHARS)
    return [{ file, path: '', message: `is longer than ${MAX_DOCUMENT_CHARS} characters` }];
  try {
    // What is nested too deep would overflow the stack of whoever walks it.
    const { value } = parseJson(Buffer.from(text));
    const twice = duplicateMember(text);
    if (twice) return [{ file, path: pathText(twice), message: 'is there twice' }];
    return { file, value, origins: new Map() };
  } catch (error) {
    const { message } =
      error instanceof WaybillError && error.cause instanceof Error ? error.cause : (error as Error);
    return [{ file, path: '', message: `is not JSON: ${message}` }];
  }
}

function readText(file: string): PresetDocument | Flaw[] {
  const bytes = readFileSync(file);
  if (!isUtf8(bytes)) return [{ file, path: '', message: 'is not UTF-8' }];
  // A byte order mark, which some editors write, isn't JSON.
  return documentFromText(bytes.toString('utf8').replace(/^\ufeff/, ''), file);
}

/** Says of each complaint where somebody finds what is meant. */
export function locate(document: PresetDocument, complaints: readonly Complaint[]): Flaw[] {
  return complaints.map(({ path, message }) => {
    const [first, index, ...rest] = path;
    const origin =
      first === 'eventTypes' && typeof index === 'number' ? document.origins.get(index) : undefined;
    if (!origin) return { file: document.file, path: pathText(path), message };
    return { file: origin.file, path: pathText([origin.index, ...rest]), message };
  });
}

function readFolder(folder: string): PresetDocument | Flaw[] {
  const main = readPresetDocument(join(folder, 'preset.json'));
  if (Array.isArray(main)) return main;
  const typesFolder = join(folder, 'event-types');
  if (!existsSync(typesFolder) || typeof main.value !== 'object' || main.value === null) return main;
  const own = 'eventTypes' in main.value ? main.value.eventTypes : [];
  // It is refused with the rest of its form.
  if (!Array.isArray(own)) return main;
  const eventTypes: unknown[] = [...own];
  const origins = new Map<number, { file: string; index: number }>();
  const names = readdirSync(typesFolder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  for (const name of names) {
    const file = join(typesFolder, name);
    const part = readText(file);
    if (Array.isArray(part)) return part;
    if (!Array.isArray(part.value)) return [{ file, path: '', message: 'must be a list of event types' }];
    part.value.forEach((one, index) => {
      origins.set(eventTypes.length, { file, index });
      eventTypes.push(one);
    });
  }
  return { file: main.file, value: { ...main.value, eventTypes }, origins };
}
