import { isEventPattern, matchesPattern } from '../../../src/event-pattern.ts';

/** A pattern among those chosen that covers a type, whether the type is chosen by its name, too, or not. */
export function coveringPattern(chosen: readonly string[], type: string): string | undefined {
  return chosen.find((name) => isPattern(name) && matchesPattern(name, type));
}

export function isPattern(name: string): boolean {
  return name === '*' || name.endsWith('.*');
}

/** What is chosen or was, and isn't in the catalog, in the order it came: patterns, and plain names. All events have a switch. */
export function unlisted(names: readonly string[], known: ReadonlySet<string>) {
  const others = [...new Set(names)].filter((name) => name !== '*' && !known.has(name));
  return { patterns: others.filter(isPattern), strangers: others.filter((name) => !isPattern(name)) };
}

/** What somebody typed as the name of a type or a pattern; undefined: it is neither. */
export function typedEvent(text: string): string | undefined {
  const name = text.trim();
  return isEventPattern(name) ? name : undefined;
}

/** How much of a group is chosen, by name or by a pattern; `free`: what no pattern covers, and so can be chosen. */
export function groupState(names: readonly string[], chosen: readonly string[]) {
  const free = names.filter((name) => coveringPattern(chosen, name) === undefined);
  const count = names.length - free.length + free.filter((name) => chosen.includes(name)).length;
  return { free, all: count === names.length, some: count > 0 && count < names.length };
}
