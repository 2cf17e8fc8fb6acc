import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner } from './as-somebody.ts';

afterAll(closeBrowser);

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
const box = (page: Page, name: string | RegExp) => page.getByRole('checkbox', { name });

it('the editor says which events a pattern covers, what holds without a word, and what is lacking', async () => {
  const running = await startTestWaybill('postgres');
  const { api } = running;
  await api.request('PUT', '/v1/accounts/acme', {});
  for (const name of ['order.created', 'order.cancelled', 'parcel.lost']) {
    await api.request('PUT', `/v1/event-types/${name}`, { sample: { total: 1 } });
  }
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);

  // What isn't complete yet is no failure, and what is lacking is said.
  await page.goto(`${running.url}/accounts/acme/webhooks/new`);
  await tab(page, 'Payload');
  await page.getByText('Enter the URL and choose an event under General first.').waitFor();
  await page.getByText('Available merge fields: choose an event under General first.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await tab(page, 'General');
  await page.getByLabel('URL').fill('https://warehouse.example/');
  await tab(page, 'Condition');
  await page.getByText('Choose an event under General first.').waitFor();

  // A pattern is typed; what it covers is ticked, and can't be chosen beside it.
  await tab(page, 'General');
  const typed = page.getByRole('textbox', { name: 'Another type or pattern' });
  await typed.fill('order*');
  await typed.press('Enter');
  await page.getByText('Must be words joined by dots').waitFor();
  await typed.fill('order.*');
  await typed.press('Enter');
  await page.getByText('by order.*').first().waitFor();
  expect(await box(page, 'order.created').isChecked()).toBe(true);
  expect(await box(page, 'order.created').isDisabled()).toBe(true);
  expect(await box(page, 'parcel.lost').isEnabled()).toBe(true);
  await typed.fill('order.imagined');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const patterns = page.getByRole('group', { name: 'Patterns' });
  const strangers = page.getByRole('group', { name: 'Not in the catalog' });
  await strangers.getByRole('checkbox', { name: 'order.imagined' }).waitFor();

  await tab(page, 'Condition');
  await page.getByText('Would this have fired?').waitFor();
  expect(await page.getByText('under General first').count()).toBe(0);
  await tab(page, 'Delivery');
  await page.getByText(/^Tried again after 5 secs?, 5 mins?, 30 mins?, .*: 10 attempts in all/).waitFor();
  await page.getByLabel('Retries').fill('60, soon');
  await page.getByText('10 attempts in all').waitFor({ state: 'hidden' });
  // What is wrong elsewhere is no problem of what is tried.
  await tab(page, 'Payload');
  await page.getByText('Something under Delivery is not right yet.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await tab(page, 'Delivery');
  await page.getByLabel('Retries').fill('60, 3600');
  await page.getByText(/^Tried again after 1 min, 1 hr: 3 attempts in all/).waitFor();
  await page.getByRole('button', { name: 'Save and close' }).click();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.waitForURL(/\/webhooks$/);
  const [webhook] = (await api.get('/v1/accounts/acme/webhooks')).body.data;
  expect(webhook).toMatchObject({ events: ['order.*', 'order.imagined'], retry: { schedule: [60, 3_600] } });

  // What is unticked can be ticked again, until it is saved, also from another tab.
  await page.goto(`${running.url}/accounts/acme/webhooks/${webhook.id}`);
  await patterns.getByRole('checkbox').click();
  await box(page, 'order.imagined').click();
  expect(await box(page, 'order.created').isEnabled()).toBe(true);
  await tab(page, 'Delivery');
  await expect
    .poll(() => page.getByLabel('Disable after, in days').getAttribute('placeholder'))
    .toMatch(/^As usual here: (\d+ days|never)$/);
  await tab(page, 'General');
  expect(await patterns.getByRole('checkbox').isChecked()).toBe(false);
  await patterns.getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await strangers.waitFor({ state: 'hidden' });
  const saved = await api.get(`/v1/accounts/acme/webhooks/${webhook.id}`);
  expect(saved.body.events).toEqual(['order.*']);
  expect(complaints).toEqual([]);
});
