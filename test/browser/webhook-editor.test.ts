import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation, becomeOwner } from './as-somebody.ts';

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
  await page.getByLabel('Disable after, in days').fill('3');
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

  // The code for its receiver is that of its format, in the language chosen.
  await page.goto(`${running.url}/accounts/acme/webhooks/${id}`);
  await page.getByRole('tab', { name: 'Verify' }).click();
  await page.getByText("headers['x-shopctrl-signature']").waitFor();
  await page.getByRole('combobox', { name: 'Language' }).click();
  await page.getByRole('option', { name: 'Go' }).click();
  await page.getByText('header.Get("X-Shopctrl-Signature")').waitFor();
  expect(complaints).toEqual([]);
});

it('what is typed is not lost, and what somebody else changed is not taken back', async () => {
  const running = await startTestWaybill('postgres');
  const { api } = running;
  await api.request('PUT', '/v1/accounts/acme', {});
  const path = '/v1/accounts/acme/webhooks';
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);

  // The secret stands there until somebody says that it is kept.
  await page.goto(`${running.url}/accounts/acme/webhooks/new`);
  await page.getByLabel('URL').fill('https://warehouse.example/');
  await page.getByRole('switch', { name: 'All events' }).check({ force: true });
  await page.getByRole('button', { name: 'Save and close' }).click();
  const secret = page.getByRole('dialog', { name: 'The signing secret' });
  await secret.getByText('whsec_').waitFor();
  await page.keyboard.press('Escape');
  await secret.getByRole('button', { name: 'I have kept it' }).click();
  await page.waitForURL(/\/webhooks$/);

  // The switch works each time, and nothing else is sent with it.
  const { id } = (await api.get(path)).body.data[0];
  const active = page.getByRole('switch', { name: 'Active' });
  const save = page.getByRole('button', { name: 'Save', exact: true });
  const read = async () => (await api.get(`${path}/${id}`)).body;
  await page.goto(`${running.url}/accounts/acme/webhooks/${id}`);
  await active.uncheck({ force: true });
  await save.click();
  await expect.poll(async () => (await read()).status).toBe('paused');
  await api.request('PATCH', `${path}/${id}`, { priority: 8 });
  await active.check({ force: true });
  await save.click();
  await expect.poll(async () => (await read()).status).toBe('active');
  expect((await read()).priority).toBe(8);

  // Leaving asks first, as long as something isn't saved.
  await page.getByLabel('Name', { exact: true }).fill('Depot');
  await page.getByRole('button', { name: 'Cancel' }).click();
  const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
  await leaving.getByRole('button', { name: 'Cancel' }).click();
  await leaving.waitFor({ state: 'hidden' });
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Depot');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await leaving.getByRole('button', { name: 'Leave without saving' }).click();
  await page.waitForURL(/\/webhooks$/);

  // A paused webhook is tested later, and its test says so.
  await api.post(`${path}/${id}/pause`, {});
  await page.reload();
  await page.getByRole('button', { name: /What to do with/ }).click();
  await page.getByRole('menuitem', { name: 'Send a test' }).click();
  await page.getByText('The webhook is paused: the test waits').waitFor();
  expect(complaints).toEqual([]);
});

it('any JSON can be typed as a condition but not saved, and a viewer tries out what others typed', async () => {
  const running = await startTestWaybill('postgres');
  const { api } = running;
  await api.request('PUT', '/v1/accounts/acme', {});
  const path = '/v1/accounts/acme/webhooks';
  const date = { base: 'today' };
  const condition = { mode: 'continue', all: [{ any: [{ field: 'at', operator: 'equals', date }] }] };
  const payload = { mimeType: 'application/json', template: '{"kept": true}' };
  const { body } = await api.post(path, {
    url: 'https://warehouse.example/',
    events: ['*'],
    condition,
    payload,
  });
  const owner = await openPage();
  await becomeOwner(owner.page, running);
  await owner.page.goto(`${running.url}/accounts/acme/webhooks/${body.id}`);
  await owner.page.getByRole('tab', { name: 'Condition' }).click();
  const json = owner.page.getByLabel('Condition', { exact: true }).and(owner.page.locator('textarea'));
  for (const text of ['{}', '5', '{"mode":"stop"}', '{"mode":']) await json.fill(text);
  await owner.page.getByRole('button', { name: 'Save', exact: true }).click();
  await owner.page.getByRole('alert').or(owner.page.locator('.callout')).first().waitFor();
  expect(await json.getAttribute('aria-invalid')).toBe('true');
  expect((await api.get(`${path}/${body.id}`)).body.condition).toEqual(condition);

  const viewer = await openPage();
  await acceptInvitation(viewer.page, running, 'acme', 'viewer');
  await viewer.page.goto(`${running.url}/accounts/acme/webhooks/${body.id}`);
  await viewer.page.getByRole('tab', { name: 'Payload' }).click();
  const template = viewer.page.getByRole('textbox', { name: 'Payload template' });
  await template.click();
  await viewer.page.keyboard.type('typed');
  expect(await template.textContent()).toBe('{"kept": true}');
  expect(
    await viewer.page.getByLabel('Try with an event').and(viewer.page.locator('input')).isEnabled(),
  ).toBe(true);
});
