import type { Page } from 'playwright-core';
import type { Screen } from './screens.ts';

/** Goes there, and waits until what it shows has come. */
export async function visit(page: Page, url: string, { path, tab }: Screen): Promise<void> {
  await page.goto(url + path);
  await page.locator('h1').waitFor();
  if (tab !== undefined) {
    await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('tabpanel').waitFor();
  }
  await page.waitForFunction(() => document.querySelector('[role=status][aria-label=Loading]') === null);
}
