import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation, becomeOwner } from './as-somebody.ts';

afterAll(closeBrowser);

it('while the server is away a page says since when, and the next one waits for it instead of being lost', async () => {
  const running = await startTestWaybill('postgres');
  await running.api.post('/v1/accounts/acme/webhooks', { url: 'https://shop.example/', events: ['*'] });
  const { page, context } = await openPage();
  await acceptInvitation(page, running, 'acme', 'admin');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  const row = page.getByRole('cell', { name: /shop\.example/ }).first();
  await row.waitFor();

  await context.route('**/*', (route) => route.abort());
  const bar = page.getByText(/^Not reached since \d\d:\d\d; shown as it was\.$/);
  await bar.waitFor();
  expect(await row.isVisible()).toBe(true);
  await page.getByRole('link', { name: 'Alerts' }).click();
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  expect(page.url()).toBe(`${running.url}/accounts/acme/alerts`);

  await context.unroute('**/*');
  await bar.waitFor({ state: 'detached' });
  await again.click();
  await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor();

  // It answers, but has failed to read what stands here.
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await row.waitFor();
  await context.route('**/acme/webhooks?*', (route) => route.fulfill({ status: 500, json: {} }));
  const stale = page.getByText(/^Part of this could not be read again; shown as it was at \d\d:\d\d\.$/);
  await stale.waitFor();
  expect(await row.isVisible()).toBe(true);
  await context.unroute('**/acme/webhooks?*');
  await stale.waitFor({ state: 'detached' });
});

it('where the code of a part of a screen can’t be had the rest stays, and trying again gets it, by a new page if need be', async () => {
  const running = await startTestWaybill('postgres');
  const webhooks = '/v1/accounts/acme/webhooks';
  const { body } = await running.api.post(webhooks, { url: 'https://shop.example/', events: ['*'] });
  const { page, context, complaints } = await openPage();
  await becomeOwner(page, running);

  await page.goto(`${running.url}/accounts/acme/webhooks/${body.id}`);
  await page.getByLabel('Name', { exact: true }).fill('Warehouse');
  await context.route('**/*', (route) => route.abort());
  await page.getByRole('tab', { name: 'Payload' }).click();
  const message = page.getByText('This part of the page could not be loaded');
  const again = page.getByRole('tabpanel').getByRole('button', { name: 'Try again' }).first();
  await message.waitFor();
  await again.click();
  await message.waitFor();
  await context.unroute('**/*');
  await again.click();
  await page.getByRole('textbox', { name: 'Template' }).waitFor();
  await page.getByRole('tab', { name: 'General' }).click();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Warehouse');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('heading', { name: 'Warehouse' }).waitFor();

  // Only its own code is gone, as after an update: the server answers, and has a page that knows where it is now.
  await context.route('**/assets/charts-*', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${running.url}/accounts/acme`);
  await message.waitFor();
  await page.getByText('Success rate').waitFor();
  await page.evaluate(() => document.body.setAttribute('data-before', ''));
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('body:not([data-before])').waitFor();
  await message.waitFor();
  await context.unroute('**/assets/charts-*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Events', exact: true }).waitFor();
  expect(complaints).toEqual([]);
});
