import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
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

/** What the API says in English to whoever looks at it: texts for people, and none of what somebody has written. */
function heard(page: Page): () => string[] {
  const texts = new Set<string>();
  const listen = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      if (typeof member !== 'string') listen(member);
      else if (TOLD.has(name) && member.includes(' ')) texts.add(member);
    }
  };
  page.on('response', async (response) => {
    if (!response.url().includes('/v1/')) return;
    listen(await response.json().catch(() => undefined));
  });
  return () => [...texts];
}

const TOLD = new Set(['detail', 'failureReason', 'lastFailureReason', 'message', 'reason', 'sentence']);

it('what the API tells is told in Swedish: why something failed, why not, what is refused, and alerts', async () => {
  const running = await startTestWaybill('postgres');
  const { api, waybill, url } = running;
  const receiver = await startReceiver(404);
  onTestFinished(() => receiver.close());
  const webhooks = '/v1/accounts/acme/webhooks';
  const failing = { name: 'Lager', url: receiver.url, events: ['order.created'], retry: { schedule: [] } };
  await api.post(webhooks, failing);
  const choosy = await api.post(webhooks, {
    ...failing,
    name: 'Kräsen',
    channels: ['butik'],
    condition: { mode: 'continue', all: [{ field: 'total', operator: 'greaterThan', value: 500 }] },
  });
  await api.post(webhooks, { ...failing, name: 'Envis', retry: { schedule: [3600] } });
  await api.request('PUT', '/v1/event-types/order.created', { schema: { required: ['customer'] } });
  await api.request('PUT', '/v1/accounts/acme', { validation: 'warn' });
  await publish(api, 'acme');
  const failed = await eventually(async () => {
    const { data } = (await api.get('/v1/accounts/acme/deliveries?status=failed')).body;
    expect(data).toHaveLength(1);
    return data[0];
  });
  const { page } = await openPage({ locale: 'sv-SE' });
  const spoken = heard(page);
  const link = new URL(await waybill.people.ownerLink.renew());
  await page.goto(`${url}${link.pathname}${link.hash}`);
  await page.getByLabel('E-postadress').fill('astrid@platform.example');
  await page.getByLabel('Ditt namn').fill('Astrid Lind');
  await page.getByRole('textbox', { name: 'Lösenord' }).fill('kort');
  await page.keyboard.press('Enter');
  await page.getByText('ska vara minst 10 tecken', { exact: true }).waitFor();
  await page.getByText('Lösenord: ska vara minst 10 tecken').waitFor();
  await page.getByRole('textbox', { name: 'Lösenord' }).fill('a long enough password');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/accounts`);

  const english: string[] = [];
  const listen = async () => {
    const shown = await page.evaluate(() => {
      const titled = [...document.querySelectorAll('[title]')].map((one) => one.getAttribute('title'));
      return [document.body.textContent, ...titled].join('\n');
    });
    english.push(...spoken().filter((text) => shown.includes(text)));
  };
  await page.goto(`${url}/accounts/acme/deliveries/${failed.id}`);
  await page.getByText('svarade 404').first().waitFor();
  await page.getByText('kontrollera sökvägen i webhookens URL').waitFor();
  await listen();

  await page.goto(`${url}/accounts/acme/events/${failed.eventId}`);
  await page.getByRole('listitem').filter({ hasText: 'data.customer saknas' }).waitFor();
  await page.getByRole('combobox', { name: 'Välj en webhook' }).click();
  await page.getByRole('option', { name: 'Kräsen' }).click();
  await page.getByText('Den gäller bara butik, och händelsen nämner ingen orderkanal.').waitFor();
  await page.getByText('total är 129.5, vilket inte är större än 500.').waitFor();
  await page.getByText('Reglerna stämmer inte, så villkoret håller tillbaka händelsen.').waitFor();
  await listen();

  for (const list of ['/webhooks', '/deliveries', '/queue']) {
    await page.goto(`${url}/accounts/acme${list}`);
    await page
      .getByText(/svarade 404/)
      .or(page.getByTitle(/svarade 404/))
      .first()
      .waitFor();
    await listen();
  }
  await page.goto(`${url}/accounts/acme/deliveries?status=nothing`);
  await page.getByText(/ska vara något av pending, delivered/).waitFor();
  await listen();

  await page.goto(`${url}/accounts/acme/alerts`);
  await page.getByText('En leverans gavs upp efter 1 försök. Det senaste: svarade 404.').waitFor();
  await listen();

  await page.goto(`${url}/accounts/acme/webhooks/${choosy.body.id}`);
  await page.getByLabel('URL').fill('ftp://lager.example/');
  await page.getByRole('button', { name: 'Spara', exact: true }).click();
  await page.getByText('URL:en ska börja med https://.', { exact: true }).waitFor();
  await listen();

  expect(english).toEqual([]);
  expect(spoken().length).toBeGreaterThan(8);
});

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
    '/queue',
    '/events',
    '/webhooks',
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
