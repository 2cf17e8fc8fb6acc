import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the page breaks, in light, and in dark of that what colours decide. */
export async function violations(page: Page, options: object = {}): Promise<string[]> {
  await page.evaluate(AXE);
  const light = await run(page, 'light', options);
  const dark = await run(page, 'dark', { runOnly: ['color-contrast', 'link-in-text-block'] });
  return [...light, ...dark];
}

async function run(page: Page, colorScheme: 'light' | 'dark', options: object): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(
    (scheme) => document.documentElement.dataset.mantineColorScheme === scheme,
    colorScheme,
  );
  // Colours fade over: half-way they are nobody's choice.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(fading.map(({ finished }) => finished));
  });
  const found = await page.evaluate(async (given) => {
    type Axe = { run(options: object): Promise<{ violations: Violation[] }> };
    return (await (globalThis as unknown as { axe: Axe }).axe.run(given)).violations;
  }, options);
  return found.map(
    ({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
