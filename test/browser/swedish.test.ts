import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { publish } from './as-somebody.ts';

afterAll(closeBrowser);

const LOCALES = new URL('../../dashboard/src/locales/', import.meta.url);

/** What components call their parts unless they are told. */
const BUILT_IN = [
  'Toggle password visibility',
  'Close',
  'Clear',
  'Remove',
  'Scroll left',
  'Scroll right',
  'Next page',
  'Previous page',
];

function textsOf(language: string): Set<string> {
  const files = readdirSync(new URL(`${language}/`, LOCALES));
  return new Set(
    files.flatMap((file) => flat(JSON.parse(readFileSync(new URL(`${language}/${file}`, LOCALES), 'utf8')))),
  );
}

function flat(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value as object).flatMap(flat);
}

const swedish = textsOf('sv');
const english = [...BUILT_IN, ...textsOf('en')].filter((text) => !swedish.has(text));

/** All that is read or read out on a page, and the buttons that have no name. */
async function textsOn(page: Page): Promise<{ texts: string[]; nameless: string[] }> {
  return page.evaluate(() => {
    const texts = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.add(walker.currentNode.textContent?.trim() ?? '');
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        texts.add(element.getAttribute(name) ?? '');
      }
    }
    const nameless = [...document.querySelectorAll('button')]
      .filter(
        (button) => !button.closest('[aria-hidden=true]') && button.getAttribute('aria-hidden') !== 'true',
      )
      .filter((button) => !button.textContent?.trim() && !button.getAttribute('aria-label'))
      .map((button) => button.outerHTML.slice(0, 200));
    return { texts: [...texts], nameless };
  });
}

it('in Swedish nothing is in English, not even what components say of themselves', async () => {
  const running = await startTestWaybill('postgres');
  const { api, waybill, url } = running;
  const made = await api.post('/v1/accounts/acme/webhooks', { url: 'https://a.example/', events: ['*'] });
  await publish(api, 'acme');
  const { page } = await openPage({ locale: 'sv-SE' });
  const left: Record<string, string[]> = {};
  const check = async (where: string) => {
    const { texts, nameless } = await textsOn(page);
    left[where] = [...texts.filter((text) => english.includes(text)), ...nameless];
  };

  const link = new URL(await waybill.people.ownerLink.renew());
  await page.goto(`${url}${link.pathname}${link.hash}`);
  await page.getByRole('button', { name: 'Visa eller dölj lösenordet' }).first().waitFor();
  await check('setup');
  await page.getByLabel('E-postadress').fill('astrid@platform.example');
  await page.getByLabel('Ditt namn').fill('Astrid Lind');
  await page.getByRole('textbox', { name: 'Lösenord' }).fill('a long enough password');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/accounts`);

  const own = `/accounts/acme/webhooks/${made.body.id}`;
  const ofAccount = [
    '',
    '/deliveries',
    '/events',
    '/webhooks/new',
    '/event-types',
    '/alerts',
    '/people',
    '/api-keys',
  ];
  const paths = ['/accounts', '/platform', '/platform/audit-log', '/profile', own];
  for (const path of [...paths, ...ofAccount.map((end) => `/accounts/acme${end}`)]) {
    await page.goto(url + path);
    await page.locator('h1').waitFor();
    await page.waitForFunction(() => document.querySelector('[role=status][aria-label="Läser in"]') === null);
    await check(path);
  }

  await page.goto(url + own);
  await page.getByRole('tab').first().waitFor();
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click();
    await page.getByRole('tabpanel').waitFor();
    await check(`${own} ${await tab.textContent()}`);
  }
  await page.getByRole('button', { name: 'Ny hemlighet' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stäng' }).waitFor();
  await check('a dialog');
  await page.keyboard.press('Escape');
  await page.goto(`${url}/accounts/acme/event-types`);
  await page.getByRole('button', { name: 'Kontrollera signaturer' }).click();
  await page.getByRole('dialog').getByText('webhooks.mjs').waitFor();
  await check('code examples');

  expect(Object.entries(left).filter(([, texts]) => texts.length > 0)).toEqual([]);
  expect(Object.keys(left).length).toBeGreaterThan(20);
});
