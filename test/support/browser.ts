import type { Browser, BrowserContext, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startChromium } from './chromium.ts';

let browser: Promise<Browser> | undefined;

function theBrowser(): Promise<Browser> {
  browser ??= startChromium();
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

export interface TestPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained of: errors of scripts, and what the content security policy kept from loading. */
  readonly complaints: readonly string[];
}

/** A page without a past, as somebody's who comes for the first time. */
export async function openPage(
  options: { colorScheme?: 'light' | 'dark'; width?: number; locale?: string } = {},
): Promise<TestPage> {
  const { colorScheme = 'light', width = 1360, locale = 'en-GB' } = options;
  const context = await (await theBrowser()).newContext({
    colorScheme,
    locale,
    viewport: { width, height: 860 },
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog was opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, context, complaints };
}
