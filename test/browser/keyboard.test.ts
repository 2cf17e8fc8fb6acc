import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner } from './as-somebody.ts';

afterAll(closeBrowser);

const MOST_TABS = 60;

/** What has the focus, by the name it is read out with. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null;
    const labels = at instanceof HTMLInputElement ? [...(at.labels ?? [])].map((one) => one.textContent) : [];
    return (at?.getAttribute('aria-label') ?? labels[0] ?? at?.textContent ?? '').trim();
  });
}

/** Goes on with the tabulator until something of this name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < MOST_TABS; step += 1) {
    const at = await focused(page);
    if (typeof name === 'string' ? at === name : name.test(at)) return;
    seen.push(at);
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} is not reached: ${seen.join(' → ')}`);
}

it('without a mouse somebody signs in, changes a webhook, and comes back from menus and dialogs to where they were', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  const webhooks = '/v1/accounts/acme/webhooks';
  const { id } = (await api.post(webhooks, { name: 'Lager', url: 'https://a.example/', events: ['*'] })).body;
  const first = await openPage();
  await becomeOwner(first.page, running);

  const { page } = await openPage();
  await page.goto(`${url}/sign-in?next=${encodeURIComponent('/accounts/acme/webhooks')}`);
  await page.getByLabel('E-mail address').waitFor();
  await tabTo(page, 'E-mail address');
  await page.keyboard.type('astrid@platform.example');
  await tabTo(page, 'Password');
  await page.keyboard.type('a long enough password');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Lager' }).waitFor();

  // A menu, and a dialog it opens: each is left with Escape.
  await tabTo(page, 'What to do with Lager');
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await eventually(async () => expect(await focused(page)).toBe('What to do with Lager'));
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  await eventually(async () => expect(await focused(page)).toBe('Events'));
  const walked = ['ArrowDown', 'End', 'Home', 'ArrowUp'] as const;
  for (const [step, name] of ['Edit', 'Delete', 'Events', 'Delete'].entries()) {
    await page.keyboard.press(walked[step] as string);
    expect(await focused(page)).toBe(name);
  }
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await eventually(async () => expect(await focused(page)).toBe('What to do with Lager'));
  expect((await api.get(`${webhooks}/${id}`)).status).toBe(200);

  // How somebody wants to see things: the focus stays there until it is left.
  await page.getByRole('button', { name: /^Astrid Lind/ }).focus();
  await page.keyboard.press('Enter');
  const settings = page.getByRole('dialog', { name: /^Astrid Lind/ });
  await settings.getByRole('radiogroup', { name: 'Language' }).waitFor();
  await eventually(async () => expect(await focused(page)).toBe('System'));
  const held = settings.locator(':focus');
  for (let step = 0; step < 6; step += 1) {
    expect(await held.count()).toBe(1);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'hidden' });
  await eventually(async () => expect(await focused(page)).toMatch(/^Astrid Lind/));

  await page.goto(`${url}/accounts/acme/webhooks/${id}`);
  await page.getByLabel('Name', { exact: true }).waitFor();
  await tabTo(page, 'Name');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('Warehouse');
  await tabTo(page, 'Save');
  await page.keyboard.press('Enter');
  await eventually(async () => expect((await api.get(`${webhooks}/${id}`)).body.name).toBe('Warehouse'));
}, 60_000);
