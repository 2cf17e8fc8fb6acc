import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the dashboard as it is now: what a test sees is never what was built before. */
export default async function setup(): Promise<void> {
  const root = fileURLToPath(new URL('../../dashboard/', import.meta.url));
  await build({ root, configFile: `${root}vite.config.ts`, logLevel: 'warn' });
}
