import { afterAll, expect, it, onTestFinished } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { openPortal } from './as-somebody.ts';

afterAll(closeBrowser);

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';

it('a guest of the portal adds a webhook, changes it and tries it, and sees the logo of the platform', async () => {
  const logoUrl = 'https://cdn.platform.example/logo.svg';
  const running = await startTestWaybill('postgres', { branding: { name: 'Nordic Parcel', logoUrl } });
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const { page, complaints } = await openPage();
  await page.route(logoUrl, (route) => route.fulfill({ contentType: 'image/svg+xml', body: LOGO }));
  await openPortal(page, running, 'acme');
  const logo = page.locator(`nav img[src="${logoUrl}"]`);
  await logo.waitFor();
  expect(await logo.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(8);
  expect(await page.title()).toContain('Nordic Parcel');

  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('link', { name: 'Add webhook' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Warehouse');
  await page.getByLabel('URL').fill(receiver.url);
  await page.getByLabel('All events').check({ force: true });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('heading', { name: 'Warehouse' }).waitFor();

  await page.getByLabel('Name', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const path = '/v1/accounts/acme/webhooks';
  await eventually(async () => expect((await running.api.get(path)).body.data[0].name).toBe('127.0.0.1'));

  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText(/It arrived at/).waitFor();
  expect(receiver.requests).toHaveLength(1);

  // Who came by a link sees nobody else, and nothing of the platform.
  expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0);

  // Coming anew ends the visit: nobody is asked for a password they never had.
  await page.reload();
  await page.getByRole('heading', { name: 'Your visit has ended' }).waitFor();
  expect(complaints).toEqual([]);
}, 60_000);
