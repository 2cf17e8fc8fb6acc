import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner } from './as-somebody.ts';

afterAll(closeBrowser);

it('a webhook is told by hand what to choose by, how to collect and when to give up, and refusals stand at their field', async () => {
  const running = await startTestWaybill('postgres');
  const { api } = running;
  await api.request('PUT', '/v1/accounts/acme', { preset: 'shopctrl' });
  const path = '/v1/accounts/acme/webhooks';
  const { id } = (await api.post(path, { url: 'https://warehouse.example/', events: ['*'] })).body;
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  await page.goto(`${running.url}/accounts/acme/webhooks/${id}`);

  await page.getByRole('tab', { name: 'Condition' }).click();
  await page.getByRole('combobox', { name: 'Order status', exact: true }).fill('Shipped');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Payment: debit or credit' }).click();
  await page.getByRole('option', { name: 'Credit' }).click();
  await page.keyboard.press('Escape');

  await page.getByRole('tab', { name: 'Delivery' }).click();
  await page.getByLabel('Days of nothing but failures').fill('3');
  await page.getByText('an alert is raised').waitFor();
  await page.getByRole('switch', { name: /Collect events/ }).check({ force: true });
  await page.getByLabel('At most, in one request').fill('5000');
  await page.getByLabel('Longest wait for others, in seconds').fill('2.5');
  await page.getByLabel('Only with the same').fill('Order.ShopId');
  await page.getByRole('tab', { name: 'Condition' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();

  // It is led to the tab and the field that was refused.
  const items = page.getByLabel('At most, in one request');
  await items.waitFor();
  expect(await items.getAttribute('aria-invalid')).toBe('true');
  await items.fill('50');
  await page.getByRole('button', { name: 'Save and close' }).click();
  await page.waitForURL(/\/webhooks$/);
  expect((await api.get(`${path}/${id}`)).body).toMatchObject({
    filters: { orderStatus: ['Shipped'], paymentDirection: ['Credit'] },
    batch: { maxItems: 50, maxWaitMs: 2_500, by: 'Order.ShopId' },
    disableAfterDays: 3,
  });

  // The code for its receiver is that of its wire format, in the language chosen.
  await page.goto(`${running.url}/accounts/acme/webhooks/${id}`);
  await page.getByRole('tab', { name: 'Verify' }).click();
  await page.getByText("headers['x-shopctrl-signature']").waitFor();
  await page.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'Go' }).click();
  await page.getByText('header.Get("X-Shopctrl-Signature")').waitFor();
  expect(complaints).toEqual([]);
});
