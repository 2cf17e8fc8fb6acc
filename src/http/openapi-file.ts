import { readFileSync, writeFileSync } from 'node:fs';
import { createOpenApiDocument } from './openapi-document.ts';

// `generate` writes openapi.json; `verify` says whether what is committed is what the code describes.
const FILE = new URL('../../openapi.json', import.meta.url);
const text = `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`;

if (process.argv[2] === 'generate') {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('openapi.json is not what the code describes. Run: npm run openapi');
  process.exitCode = 1;
}
