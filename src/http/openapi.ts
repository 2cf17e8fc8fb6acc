import { readFileSync } from 'node:fs';

let text: string | undefined;

/** The description of the API, as it was generated and committed. */
export function openApiText(): string {
  text ??= readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
  return text;
}
