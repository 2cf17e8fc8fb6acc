import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation, publish } from './as-somebody.ts';
import { countRequests } from './count-requests.ts';

afterAll(closeBrowser);

it('a shop admin sets up a webhook, sees it fail and why, mends it, sends again and deletes it', async () => {
  const running = await startTestWaybill('postgres');
  const receiver = await startReceiver();
  receiver.answer(({ path }) => (path === '/wrong' ? 404 : 200));
  const { page, complaints } = await openPage();
  await acceptInvitation(page, running, 'acme', 'admin');

  // Adds one, and is shown its secret once.
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('link', { name: 'Add webhook' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Warehouse');
  await page.getByLabel('URL').fill(`${receiver.url}wrong`);
  await page.getByLabel('All events').check({ force: true });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const secret = await page.getByText(/^whsec_/).textContent();
  expect(secret).toMatch(/^whsec_.{32,}/);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('heading', { name: 'Warehouse' }).waitFor();
  expect(await page.content()).not.toContain(secret);

  // The test says in place what is wrong; in a hurry, too, there is one, and what came of it stays.
  const asked = countRequests(page);
  await page.getByRole('button', { name: 'Send a test' }).dblclick();
  await page.getByText('answered 404 Not Found').first().waitFor();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  expect(asked(/\/test$/)).toBe(1);
  await page.getByText('check the path of the webhook’s URL').waitFor();
  await page.keyboard.press('Escape');

  // An event arrives in the list, and fails.
  await publish(running.api, 'acme');
  await page.getByRole('link', { name: 'Deliveries' }).click();
  const row = page.getByRole('row').filter({ hasText: 'order/12345' });
  await row.getByText('Retrying').waitFor();
  await row.getByRole('link', { name: 'order.created' }).click();
  await page.getByText('The last attempt failed.').waitFor();
  const delivery = page.url();

  // It is cancelled, its webhook mended, and it is sent again.
  await page.getByRole('button', { name: 'Cancel delivery' }).click();
  await page.getByText('It was cancelled and is not sent.').waitFor();
  await page.getByRole('link', { name: 'Warehouse' }).click();
  await page.getByLabel('URL').fill(`${receiver.url}right`);
  await page.getByRole('button', { name: 'Save and close' }).click();
  await page.waitForURL(/\/webhooks$/);
  await page.goto(delivery);
  await page.getByRole('button', { name: 'Send again' }).click();
  await page.getByText(/It arrived at attempt \d/).waitFor();
  expect(receiver.requests.at(-1)?.path).toBe('/right');

  // A new secret, and the end.
  await page.getByRole('link', { name: 'Warehouse' }).click();
  await page.getByRole('button', { name: 'New secret' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).dblclick();
  expect(await page.getByText(/^whsec_/).textContent()).not.toBe(secret);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  expect(asked(/\/secret\/rotate$/)).toBe(1);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByText('No webhooks yet').waitFor();
  expect((await running.api.get('/v1/accounts/acme/webhooks')).body.data).toEqual([]);
  expect(complaints).toEqual([]);
  await receiver.close();
});
