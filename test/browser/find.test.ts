import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation, becomeOwner, publish } from './as-somebody.ts';
import { countRequests } from './count-requests.ts';

afterAll(closeBrowser);

const WEBHOOKS = '/v1/accounts/acme/webhooks';

it('a number read out on the phone is found, in a span of time, and what waits of it cancelled', async () => {
  const running = await startTestWaybill('postgres', { limits: { maxWebhooksPerAccount: 150 } });
  const { api, url } = running;
  const webhook = { url: 'https://warehouse.example/', events: ['*'], status: 'paused' };
  await api.post(WEBHOOKS, { ...webhook, name: 'The oldest' });
  await publish(api, 'acme', { subject: 'order/12345', data: { id: 1 } });
  await publish(api, 'acme', { subject: 'order/2', data: { parcels: [{ trackingNumber: '1Z999' }] } });
  const filler = Array.from({ length: 1_000 }, () => ({ type: 'stock.changed', data: {} }));
  const quiet = { ...webhook, events: ['nothing.ever'] };
  await Promise.all(
    Array.from({ length: 100 }, (_, n) => api.post(WEBHOOKS, { ...quiet, name: `Other ${n}` })),
  );
  for (let n = 0; n < 21; n += 1) await api.post('/v1/accounts/quiet/events', { events: filler });
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);

  // By the end of its subject, and by its data; the time is in the address, is shown, and can be cleared.
  await page.goto(`${url}/accounts/acme/deliveries`);
  const search = page.getByRole('textbox', { name: 'Order, tracking or event number' });
  await search.fill('12345');
  await page.getByText('order/2', { exact: true }).waitFor({ state: 'detached' });
  await page.getByText('order/12345', { exact: true }).waitFor();
  await search.fill('1z999');
  await page.getByText('order/2', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Any time' }).click();
  await page.getByRole('button', { name: 'Last hour' }).click();
  await page.waitForURL(/search=1z999&from=20/);
  await page.getByRole('button', { name: /^Since / }).press('Enter');
  await page.getByLabel('From').fill('2026-03-13T14:30');
  await page.getByLabel('To', { exact: true }).fill('2026-03-13T14:29');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('It ends before it begins.').waitFor();
  await page.getByLabel('To', { exact: true }).fill('2026-03-13T14:31');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing fits these filters').waitFor();
  await page.getByRole('button', { name: 'Clear the time' }).click();
  await page.getByText('order/2', { exact: true }).waitFor();
  expect(page.url()).not.toContain('from=');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByText('order/12345', { exact: true }).waitFor();

  // The oldest of 101 webhooks has its name, and can be chosen.
  await page.getByRole('link', { name: 'The oldest' }).first().waitFor();
  await page.getByRole('combobox', { name: 'Webhook' }).fill('The old');
  await page.getByRole('option', { name: 'The oldest' }).click();
  await page.waitForURL(/webhookId=wh_/);

  // What waits is cancelled, each with an entry of its own in the audit log.
  await page.getByRole('checkbox', { name: 'Choose all shown' }).check();
  await page.getByRole('button', { name: 'Cancel what waits' }).click();
  const asked = countRequests(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel 2 deliveries' }).dblclick();
  await page.getByText('2 deliveries are cancelled').waitFor();
  expect(asked(/\/cancel$/)).toBe(2);
  const { data } = (await api.get('/v1/accounts/acme/deliveries?status=cancelled')).body;
  expect(data).toHaveLength(2);
  const log = (await api.get('/v1/accounts/acme/audit-log?limit=10')).body.data;
  expect(log.filter(({ action }: { action: string }) => action === 'delivery.cancelled')).toHaveLength(2);

  // The same in the queue.
  await publish(api, 'acme');
  await page.goto(`${url}/accounts/acme/queue`);
  await page.getByRole('checkbox', { name: 'Choose all shown' }).check();
  await page.getByRole('button', { name: 'Cancel what waits' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel 1 delivery' }).click();
  await page.getByText('Nothing waits').waitFor();

  // A search that hasn't looked at everything says so, and goes on.
  await page.goto(`${url}/accounts/quiet/events?search=nowhere`);
  await page.getByText('Nothing found so far').waitFor();
  await page.getByText(/^Looked back to /).waitFor();
  const next = page.waitForResponse(/search=nowhere&cursor=/);
  await page.getByRole('button', { name: 'Look further' }).click();
  expect((await next).status()).toBe(200);
  expect(complaints).toEqual([]);
});

it('somebody who may only look finds, but has nothing to choose or cancel; exact times come by keyboard', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  const receiver = await startReceiver();
  const { body } = await api.post(WEBHOOKS, { name: 'Warehouse', url: receiver.url, events: ['*'] });
  await publish(api, 'acme');
  const { page, complaints } = await openPage({ width: 390 });
  await acceptInvitation(page, running, 'acme', 'viewer');
  await page.goto(`${url}/accounts/acme/webhooks/${body.id}/events?search=12345`);
  await page.getByRole('table').getByText('Delivered').waitFor();
  await page.getByText('1 of ').waitFor();
  expect(await page.getByRole('checkbox').count()).toBe(0);
  await page.locator('time[tabindex="0"]').focus();
  await page
    .getByRole('tooltip')
    .getByText(/\d\d:\d\d:\d\d/)
    .waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  // A tracking number is looked for as it is, also from a link that has it in quotes.
  const tracking = '370730254200112345';
  for (const linked of [tracking, `%22${tracking}%22`]) {
    const asked = page.waitForRequest((request) =>
      request.url().includes(`/v1/accounts/acme/deliveries?search=${tracking}`),
    );
    await page.goto(`${url}/accounts/acme/deliveries?search=${linked}`);
    await asked;
    await page.getByText('Nothing fits these filters').waitFor();
    expect(await page.getByRole('textbox', { name: /^Order/ }).inputValue()).toBe(tracking);
  }
  expect(complaints).toEqual([]);
  await receiver.close();
});
