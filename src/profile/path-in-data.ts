import { z } from 'zod';
import { membersOf } from './subject.ts';

/** A path into data: names of members joined by dots. */
export const dottedPath = z
  .string()
  .max(256)
  .regex(/^[^.]+(\.[^.]+)*$/, 'must be names joined by dots')
  .transform((text) => text.split('.'));

/**
 * What a path leads to in JSON.
 *
 * @returns JSON, written in one way for one value if it is text; undefined if nothing is there
 */
export function valueAt(json: string, path: readonly string[]): string | undefined {
  let value: string | undefined = json;
  for (const name of path) value = value === undefined ? undefined : membersOf(value).get(name);
  return value?.startsWith('"') ? JSON.stringify(JSON.parse(value)) : value;
}
