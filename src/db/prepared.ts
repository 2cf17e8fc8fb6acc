/** By their text. */
const names = new Map<string, string>();

/**
 * Has a statement planned once by each connection, and not each time it is sent. That is for statements sent all the time
 * whose plan is the same for all values; of others PostgreSQL makes a plan for the values each time anyway.
 *
 * @param name of at most 63 bytes, which no other statement has
 * @returns the text
 */
export function prepared(name: string, text: string): string {
  names.set(text, name);
  return text;
}

/** Under which name a statement is prepared; undefined if it isn't. */
export function preparedName(text: string): string | undefined {
  return names.get(text);
}
