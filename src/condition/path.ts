/** What `lookUp` returns if there is nothing that could have the member asked for. */
export const NO_ENTITY = Symbol('no entity');

const INDEX = /^(?:0|[1-9]\d*)$/;

/** The names a path is made of; none for the empty path, which is the data itself. */
export function splitPath(path: string): readonly string[] {
  return path === '' ? [] : path.split('.');
}

/** What a path is a member of, in words. */
export function entityOf(path: string): string {
  const end = path.lastIndexOf('.');
  return end === -1 ? 'the data' : path.slice(0, end);
}

/**
 * Finds the value at a path. Only what JSON itself has is found: own members of objects, and items of lists by their
 * index, so that no name leads to a prototype or to the length of a list.
 *
 * @returns undefined if the entity is there and has no such member; NO_ENTITY if the entity isn't there. The entity
 * is all of the path but its last name: an object, or a list if the name is an index.
 */
export function lookUp(data: unknown, names: readonly string[]): unknown {
  if (typeof data !== 'object' || data === null) return NO_ENTITY;
  let value: unknown = data;
  for (const name of names) {
    if (typeof value !== 'object' || value === null) return NO_ENTITY;
    if (Array.isArray(value) && !INDEX.test(name)) return NO_ENTITY;
    value = Object.hasOwn(value, name) ? value[name as keyof typeof value] : undefined;
  }
  return value;
}

/** The value at a path for people to look at: undefined as well if there isn't even the entity. */
export function valueAt(path: string, data: unknown): unknown {
  const value = lookUp(data, splitPath(path));
  return value === NO_ENTITY ? undefined : value;
}
