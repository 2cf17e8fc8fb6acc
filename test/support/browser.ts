import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser: Promise<Browser> | undefined;

/** The browser of this machine: Debian's package `chromium`, or what CHROMIUM_PATH names. */
function theBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));
  if (!executablePath) {
    throw new Error('There is no Chromium: apt-get install chromium, or set CHROMIUM_PATH to one.');
  }
  browser ??= chromium.launch({ executablePath, args: ARGUMENTS });
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
