import type { JsonSchema } from './preset-file.ts';
import { definitionName, definitionsOf } from './schema-walk.ts';

/**
 * A part of a schema as text that is the same for the same rules, in whatever order they are written: with all
 * definitions it leads to.
 *
 * @param root whose definitions it refers to
 */
export function schemaText(part: unknown, root: JsonSchema): string {
  const definitions = definitionsOf(root);
  const used = new Map<string, unknown>();
  const collect = (value: unknown): void => {
    for (const name of referencesIn(value)) {
      if (used.has(name)) continue;
      used.set(name, definitions[name]);
      collect(definitions[name]);
    }
  };
  collect(part);
  return JSON.stringify(sortKeys([part, Object.fromEntries(used)]));
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const name = key === '$ref' && typeof item === 'string' ? definitionName(item) : undefined;
    return name === undefined ? referencesIn(item) : [name];
  });
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sortKeys(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
