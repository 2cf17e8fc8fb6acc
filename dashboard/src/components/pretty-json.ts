const INDENT = '  ';
// A string, a run of other characters of a value, or one that structures.
const TOKENS = /"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+|[{}[\],:]/g;

/**
 * JSON over several lines, each value as it was written: parsing and writing it anew would round numbers.
 *
 * @returns the text as it is if it isn't JSON
 */
export function prettyJson(text: string): string {
  if (!isJson(text)) return text;
  let depth = 0;
  let out = '';
  let before = '';
  const line = () => `\n${INDENT.repeat(depth)}`;
  for (const [token] of text.matchAll(TOKENS)) {
    const opened = before === '{' || before === '[';
    if (token === '}' || token === ']') {
      depth -= 1;
      out += opened ? token : line() + token;
    } else {
      if (opened) out += line();
      out += token === ':' ? ': ' : token;
      if (token === ',') out += line();
      if (token === '{' || token === '[') depth += 1;
    }
    before = token;
  }
  return out;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
