import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const BUILT = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));
const MOST_BYTES = 350_000;

/** The scripts a page names, and all they import before anything is shown. */
function initialScripts(): Set<string> {
  const named = [
    ...readFileSync(`${BUILT}index.html`, 'utf8').matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g),
  ];
  const scripts = new Set(named.map(([, path = '']) => path));
  for (const path of scripts) {
    const source = readFileSync(BUILT + path, 'utf8');
    for (const [, name] of source.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
      scripts.add(`assets/${name}`);
    }
  }
  return scripts;
}

it('what a browser loads before it shows anything stays under 350 kB, compressed', () => {
  const scripts = initialScripts();
  expect(scripts.size).toBeGreaterThan(0);
  const bytes = [...scripts].reduce((sum, path) => sum + gzipSync(readFileSync(BUILT + path)).length, 0);
  expect(bytes).toBeLessThan(MOST_BYTES);
  // Less than this is no dashboard: then the scripts were not found.
  expect(bytes).toBeGreaterThan(MOST_BYTES / 10);
});
