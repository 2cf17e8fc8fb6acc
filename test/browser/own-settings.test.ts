import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation, becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

it('a new password ends the other sessions, as the list says at once; exact times are kept on the device', async () => {
  const running = await startTestWaybill('postgres', { branding: { name: 'Nordic Parcel' } });
  const { url } = running;
  const { page } = await openPage();
  await becomeOwner(page, running);
  const other = await openPage();
  await other.page.goto(`${url}/sign-in`);
  await other.page.getByLabel('E-mail address').fill('astrid@platform.example');
  await eventually(async () => expect(await other.page.title()).toBe('Sign in · Nordic Parcel'));
  await other.page.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
  await other.page.keyboard.press('Enter');
  await other.page.waitForURL(`${url}/accounts`);

  await page.goto(`${url}/profile`);
  const sessions = page.getByRole('table').getByRole('row');
  await eventually(async () => expect(await sessions.count()).toBe(3));
  await page.getByRole('textbox', { name: 'Current password' }).fill('a long enough password');
  await page.getByRole('textbox', { name: 'New password' }).fill('another long password');
  await page.getByRole('button', { name: 'Change it' }).click();
  await eventually(async () => expect(await sessions.count()).toBe(2));

  // How long ago, with the exact time for whoever hears it; then exactly, also after coming again.
  const time = page.getByRole('time').first();
  expect(await time.textContent()).toMatch(/^(just now|\d+ (sec|min)\.? ago) \(.*\d{4}.*\)$/);
  await page.getByRole('button', { name: /Astrid Lind/ }).click();
  await page.getByText('Exact', { exact: true }).click();
  await eventually(async () =>
    expect(await time.textContent()).toMatch(/^\d\d\/\d\d\/\d{4}, \d\d:\d\d:\d\d$/),
  );
  await page.reload();
  await eventually(async () => expect(await time.textContent()).toMatch(/^\d\d\/\d\d\/\d{4}, /));

  await running.api.request('PUT', '/v1/accounts/acme', {});
  // A space between two words outlasts what has been looked for by then.
  await page.goto(`${url}/accounts/acme/deliveries`);
  const field = page.getByRole('textbox', { name: 'Order, tracking or event number' });
  await field.click();
  await page.keyboard.type('big ');
  await page.waitForURL(/search=big$/);
  await page.keyboard.type('order');
  expect(await field.inputValue()).toBe('big order');
});

it('deliveries fit beside the menu, in Swedish and with exact times; what waits for a paused webhook says so', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  const webhook = { name: 'A warehouse with a long name', url: 'https://warehouse.example/', events: ['*'] };
  await api.post('/v1/accounts/acme/webhooks', { ...webhook, status: 'paused' });
  const { id } = (await publish(api, 'acme')).body;
  const { page } = await openPage();
  await acceptInvitation(page, running, 'acme', 'admin');
  await page.evaluate(() => {
    localStorage.setItem('waybill-times', 'exact');
    localStorage.setItem('waybill-language', 'sv');
  });
  for (const screen of ['deliveries', `events/${id}`]) {
    await page.goto(`${url}/accounts/acme/${screen}`);
    const table = page.getByRole('table').first();
    await table.getByText('Pausad').waitFor();
    const { beyond, highest } = await table.evaluate((element) => ({
      beyond: element.scrollWidth - (element.closest('.panel')?.clientWidth ?? 0),
      highest: Math.max(...[...element.querySelectorAll('tr')].map((row) => row.offsetHeight)),
    }));
    expect(beyond, screen).toBeLessThanOrEqual(0);
    expect(highest, screen).toBeLessThan(62);
  }
});
