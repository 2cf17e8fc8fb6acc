import type { Locator, Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation, becomeOwner } from './as-somebody.ts';

afterAll(closeBrowser);

/** How much lighter one colour is than another, as WCAG reckons it. */
async function contrastOf(one: Locator, other: Locator): Promise<number> {
  const colours = await Promise.all(
    [one, other].map((part) => part.evaluate((element) => getComputedStyle(element).backgroundColor)),
  );
  const [first = 0, second = 0] = colours.map(luminanceOf);
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

function luminanceOf(colour: string): number {
  const linear = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = linear;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const trackOf = (page: Page, name: string) =>
  page.getByRole('switch', { name }).locator('xpath=following-sibling::*[contains(@class, "Switch-track")]');

it('a viewer reads all of a webhook: no button that does nothing, a search that works, switches that are seen', async () => {
  const running = await startTestWaybill('postgres');
  const { api } = running;
  await api.request('PUT', '/v1/accounts/acme', { preset: 'velourcity' });
  const { body: types } = await api.get('/v1/event-types?account=acme&limit=2');
  const [first, second] = types.data.map(({ name }: { name: string }) => name);
  const field = { field: 'total', operator: 'inList', value: ['1'] };
  const { body } = await api.post('/v1/accounts/acme/webhooks', {
    url: 'https://warehouse.example/',
    events: [first],
    channels: ['shop'],
    headers: { 'X-Depot': 'north' },
    auth: { type: 'bearer', token: 'a-token' },
    condition: { mode: 'continue', all: [field, { any: [field] }] },
  });
  const owner = await openPage();
  await becomeOwner(owner.page, running);
  const { page, complaints } = await openPage({ colorScheme: 'dark' });
  await acceptInvitation(page, running, 'acme', 'viewer');

  await page.goto(`${running.url}/accounts/acme/webhooks/${body.id}`);
  const panel = page.getByRole('tabpanel');
  await panel.getByRole('checkbox', { name: first }).waitFor();
  await panel.getByRole('textbox', { name: 'Search' }).fill(second);
  await panel.getByRole('checkbox', { name: second }).waitFor();
  expect(await panel.getByRole('checkbox', { name: second }).isDisabled()).toBe(true);
  expect(await panel.getByRole('checkbox', { name: first }).count()).toBe(0);

  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await expect
      .poll(() => contrastOf(trackOf(page, 'Active'), page.locator('.panel').first()), { message: scheme })
      .toBeGreaterThan(3);
    const off = trackOf(page, 'In order');
    expect(await off.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(
      'rgba(0, 0, 0, 0)',
    );
  }

  for (const tab of ['General', 'Authentication', 'Condition', 'Delivery']) {
    await page.getByRole('tab', { name: tab }).click();
    await panel.getByRole('textbox').or(panel.getByRole('combobox')).first().waitFor();
    expect(await panel.locator('button:disabled:visible').count(), tab).toBe(0);
    for (const name of [/^Add a/, /^Enter/, /^Remove/, /^Put this/]) {
      expect(await panel.getByRole('button', { name }).count(), `${tab} ${name}`).toBe(0);
    }
  }
  expect(complaints).toEqual([]);
});
