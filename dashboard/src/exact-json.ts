/**
 * Takes a member out of a JSON object as it was written: parsed and written anew, numbers with more digits than
 * JavaScript holds would be rounded.
 *
 * @param text an object in JSON
 * @returns the text of its member; undefined: it has none
 */
export function memberText(text: string, name: string): string | undefined {
  let depth = 0;
  let key: string | undefined;
  let start: number | undefined;
  let found: string | undefined;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    if (depth === 1 && (token === ',' || token === '}')) {
      if (start !== undefined) found = text.slice(start, index).trim();
      [key, start] = [undefined, undefined];
    }
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && token === ':' && start === undefined && key === name) start = index + 1;
    else if (depth === 1 && start === undefined && token.startsWith('"')) key = JSON.parse(token) as string;
  }
  return found;
}
