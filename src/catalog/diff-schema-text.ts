import { isSchemaObject } from './describe/subschemas.ts';
import type { JsonSchema } from './preset-file.ts';
import { definitionsOf, definitionsReached } from './schema-walk.ts';

/**
 * A part of a schema as text that is the same for the same rules, in whatever order they are written: with all
 * definitions it leads to.
 *
 * @param root whose definitions it refers to
 */
export function schemaText(part: unknown, root: JsonSchema): string {
  const used = isSchemaObject(part) ? definitionsReached(part, definitionsOf(root)) : new Map();
  return JSON.stringify(sortKeys([part, Object.fromEntries(used)]));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sortKeys(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
