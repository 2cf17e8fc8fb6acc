import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

it('the number of an order finds its fields and its event, to write a payload with', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  await api.request('PUT', '/v1/accounts/acme', { preset: 'scrollengine' });
  const webhook = {
    url: 'https://warehouse.example/',
    events: ['order.created', 'order.delivered'],
    profile: 'standard-webhooks',
  };
  const { id } = (await api.post('/v1/accounts/acme/webhooks', webhook)).body;
  for (const number of ['12345', '777', '23451']) {
    await publish(api, 'acme', {
      subject: `order/${number}`,
      data: { order_id: number, note: `note ${number}` },
    });
  }
  await publish(api, 'acme', {
    type: 'order.delivered',
    subject: 'order/900',
    data: { order_id: '900', note: 'left at the door' },
  });
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  await page.goto(`${url}/accounts/acme/webhooks/${id}`);
  await page.getByRole('tab', { name: 'Payload' }).click();

  const event = page.getByRole('combobox', { name: 'Try with an event' });
  await event.fill('12345');
  const options = page.getByRole('option');
  await expect.poll(() => options.allTextContents()).toEqual([expect.stringContaining('order/12345')]);
  await options.first().click();
  await page.getByText('"note": "note 12345"').waitFor();
  expect(await event.inputValue()).toContain('order/12345');

  await page.getByRole('button', { name: 'Available merge fields' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('combobox', { name: 'Order or other subject' }).fill('777');
  await page.getByRole('option', { name: /order\/777/ }).click();
  await drawer.getByText('note 777').waitFor();
  await drawer.getByRole('button', { name: '$$note$$' }).click();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  // The payload is that of the event whose fields were looked at.
  await page.getByText('note 777').first().waitFor();
  expect(await event.inputValue()).toContain('order/777');

  // An order is found by what any of the types that are wanted tells of it, and has the fields of that type.
  await page.getByRole('button', { name: 'Available merge fields' }).click();
  await drawer.getByRole('combobox', { name: 'Order or other subject' }).fill('900');
  await page.getByRole('option', { name: /order\.delivered · order\/900/ }).click();
  await drawer.getByText('left at the door').waitFor();
  expect(complaints).toEqual([]);
});
