/** A name of an event type: words joined by dots, as in `order.created`. */
export const EVENT_TYPE = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
export const MAX_EVENT_TYPE_LENGTH = 128;

/** `*` (all), `order.*` (all whose name begins with `order.`), or one type in full. */
export function isEventPattern(text: string): boolean {
  if (text.length > MAX_EVENT_TYPE_LENGTH) return false;
  if (text === '*') return true;
  return EVENT_TYPE.test(text.endsWith('.*') ? text.slice(0, -2) : text);
}

/** Whether a pattern, which `isEventPattern` has accepted, covers an event type. */
export function matchesPattern(pattern: string, type: string): boolean {
  if (pattern === '*') return true;
  if (pattern.endsWith('.*')) return type.startsWith(pattern.slice(0, -1));
  return pattern === type;
}
