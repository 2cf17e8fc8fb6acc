import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.ts';
import { type Screen, screensOf } from './screens.ts';
import { visit } from './visit.ts';

// Takes a picture of every screen into `screenshots/`: light, dark, and on a phone. It shows what
// `waybill demo --stay` has to show, so build the dashboard first: npm run build:dashboard

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ACCOUNT = 'nordic-box';
const PATIENCE_MS = 180_000;
/** Charts draw themselves. */
const DRAWING_MS = 900;

const WIDE = { viewport: { width: 1360, height: 860 }, deviceScaleFactor: 1 };
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { ...WIDE, colorScheme: 'light' },
  dark: { ...WIDE, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, colorScheme: 'light' },
};

interface Demo {
  readonly url: string;
  readonly ownerLink: string;
  readonly key: string;
}

/** Starts the demo, and waits until it says where to look. */
async function startDemo(): Promise<{ demo: Demo; child: ChildProcess }> {
  const child = spawn(process.execPath, ['src/cli/main.ts', 'demo', '--stay'], {
    cwd: ROOT,
    env: { ...process.env, WAYBILL_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const giveUp = AbortSignal.timeout(PATIENCE_MS);
  let ownerLink: string | undefined;
  for await (const line of createInterface({ input: child.stdout, signal: giveUp })) {
    ownerLink ??= /(http\S+\/setup#token=\S+)/.exec(line)?.[1];
    const key = /API key\s+(\S+)/.exec(line)?.[1];
    if (ownerLink && key) return { demo: { url: new URL(ownerLink).origin, ownerLink, key }, child };
  }
  throw new Error('The demo did not say where to look.');
}

async function becomeOwner(page: Page, { ownerLink }: Demo): Promise<void> {
  await page.goto(ownerLink);
  await page.getByLabel('E-mail address').fill('astrid@platform.example');
  await page.getByLabel('Your name').fill('Astrid Lind');
  await page.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.waitForURL(/\/accounts$/);
}

/** The screens, about what has the most to show. */
async function screensOfDemo({ url, key }: Demo): Promise<Screen[]> {
  const list = async (path: string) => {
    const response = await fetch(`${url}/v1/accounts/${ACCOUNT}/${path}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return ((await response.json()) as { data: Record<string, string>[] }).data;
  };
  const webhooks = await list('webhooks');
  const ailing = webhooks.find(({ name }) => name === 'Finance export')?.id ?? '';
  const [retried] = await list(`deliveries?webhookId=${ailing}&status=pending`);
  const [event] = await list('events?type=order.created');
  return screensOf({
    account: ACCOUNT,
    webhook: ailing,
    delivery: retried?.id ?? '',
    event: event?.id ?? '',
    eventType: 'order.created',
  });
}

async function takePictures(browser: Browser, demo: Demo): Promise<void> {
  const first = await browser.newContext(WIDE);
  await becomeOwner(await first.newPage(), demo);
  const storageState = await first.storageState();
  const screens = await screensOfDemo(demo);
  for (const [look, options] of Object.entries(LOOKS)) {
    const folder = `${ROOT}screenshots/${look}/`;
    await mkdir(folder, { recursive: true });
    const context = await browser.newContext({ ...options, storageState, locale: 'en-GB' });
    const page = await context.newPage();
    for (const screen of screens) {
      await visit(page, demo.url, screen);
      await page.waitForTimeout(DRAWING_MS);
      await page.screenshot({ path: `${folder}${screen.name}.png`, fullPage: look === 'phone' });
    }
    await context.close();
    process.stdout.write(`screenshots/${look}: ${screens.length} pictures\n`);
  }
}

const { demo, child } = await startDemo();
const browser = await startChromium();
try {
  await takePictures(browser, demo);
} finally {
  await browser.close();
  child.kill('SIGINT');
  await once(child, 'exit');
}
