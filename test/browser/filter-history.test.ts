import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

const WEBHOOKS = '/v1/accounts/acme/webhooks';

/** Types, rests until it has been looked for, and types on. */
async function typeInTwo(page: Page, field: string, [first, second]: readonly [string, string]) {
  await page.getByRole('textbox', { name: field }).click();
  await page.keyboard.type(first);
  await page.waitForURL((url) => url.search.includes(encodeURIComponent(first)));
  await page.keyboard.type(second);
  await page.waitForURL((url) => url.search.includes(encodeURIComponent(first + second)));
}

it('the way back of the browser takes the filters of a list away one by one, and the fields and rows follow', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  const webhook = { url: 'https://warehouse.example/', events: ['*'], status: 'paused' };
  await api.post(WEBHOOKS, { ...webhook, name: 'Warehouse' });
  await publish(api, 'acme', { subject: 'order/12345' });
  await publish(api, 'acme', { subject: 'order/777', data: { id: 777 } });
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  const query = () => new URL(page.url()).search;
  const row = (text: string) => page.getByRole('row').filter({ hasText: text });

  // Two that are chosen, and one that is typed with a rest.
  await page.goto(`${url}/accounts/acme/alerts`);
  await page.getByRole('link', { name: 'Deliveries' }).click();
  await row('order/777').waitFor();
  await typeInTwo(page, 'Order, tracking or event number', ['12', '345']);
  await row('order/777').waitFor({ state: 'detached' });
  const status = page.getByRole('combobox', { name: 'Status' });
  await status.click();
  await page.getByRole('option', { name: 'Waiting' }).click();
  await page.waitForURL(/status=pending/);
  await page.getByRole('button', { name: 'Any time' }).click();
  await page.getByRole('button', { name: 'Last hour' }).click();
  await page.getByRole('button', { name: /^Since / }).waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await row('order/777').waitFor();

  await page.goBack();
  await page.getByRole('button', { name: /^Since / }).waitFor();
  await row('order/777').waitFor({ state: 'detached' });
  expect(await status.inputValue()).toBe('Waiting');
  await page.goBack();
  await page.getByRole('button', { name: 'Any time' }).waitFor();
  expect(await status.inputValue()).toBe('Waiting');
  await page.goBack();
  await eventually(async () => expect(await status.inputValue()).toBe(''));
  const search = page.getByRole('textbox', { name: 'Order, tracking or event number' });
  expect(await search.inputValue()).toBe('12345');
  await page.goBack();
  await row('order/777').waitFor();
  expect([await search.inputValue(), query()]).toEqual(['', '']);
  await page.goForward();
  await row('order/777').waitFor({ state: 'detached' });
  expect(await search.inputValue()).toBe('12345');
  await page.goBack();
  await row('order/777').waitFor();
  await page.goBack();
  await page.waitForURL(/\/alerts$/);

  // Which alerts are shown, and whose changes, is in the address, too.
  await page.getByText('Resolved', { exact: true }).click();
  await page.waitForURL(/status=resolved/);
  await page.goBack();
  await eventually(async () =>
    expect(await page.getByRole('radio', { name: 'Open' }).isChecked()).toBe(true),
  );
  await page.goto(`${url}/accounts/acme/audit-log`);
  await row('webhook.created').waitFor();
  await typeInTwo(page, 'What, such as webhook.updated', ['webhook', '.deleted']);
  await page.getByText('Nothing fits these filters').waitFor();
  await page.goBack();
  await row('webhook.created').waitFor();
  expect([await page.getByRole('textbox', { name: /^What/ }).inputValue(), query()]).toEqual(['', '']);

  // What waits.
  await page.goto(`${url}/queue`);
  await row('order/777').waitFor();
  await typeInTwo(page, 'Account', ['no', 'body']);
  await row('order/777').waitFor({ state: 'detached' });
  await page.goBack();
  await row('order/777').waitFor();
  expect(complaints).toEqual([]);
});
