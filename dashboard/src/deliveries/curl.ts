import type { ShownRequest } from '../../../src/manage/attempt-requests.ts';

/**
 * A request as a command of a POSIX shell. Whatever is in it is text to the shell. A header that is not shown has the
 * name of a variable in its place, to be set by whoever has the value.
 */
export function asCurl({ method, url, headers, body }: ShownRequest, hidden: readonly string[]): string {
  const parts = [`curl --globoff -X ${method} ${quoted(url)}`];
  for (const [name, value] of Object.entries(headers)) {
    if (hidden.includes(name)) parts.push(`-H ${quoted(`${name}: `)}"$${variable(name)}"`);
    // With nothing after the colon curl would leave the header out.
    else parts.push(`-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`);
  }
  // Other than --data it reads no file where a body begins with an @.
  parts.push(`--data-raw ${quoted(body)}`);
  return parts.join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function variable(name: string): string {
  return name
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '_')
    .replace(/^(?=\d)/, '_');
}
