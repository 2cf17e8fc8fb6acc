import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation, becomeOwner } from './as-somebody.ts';
import { screensOf } from './screens.ts';

afterAll(closeBrowser);

const MISTYPED = { account: 'acmee', webhook: 'wh_1', delivery: 'dlv_1', event: 'evt_1', eventType: 'a.b' };

it('every screen of an account that isn’t there says so, and shows itself once there is one', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  await api.request('PUT', '/v1/accounts/acme', {});
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  const none = page.getByRole('heading', { name: 'There is no account “acmee”' });
  const screens = new Set(screensOf(MISTYPED).map(({ path }) => path));
  const ofAccount = [...screens].filter((path) => path.startsWith('/accounts/acmee'));
  expect(ofAccount.length).toBeGreaterThan(12);
  for (const path of ofAccount) {
    await page.goto(url + path);
    await none.waitFor();
    expect(await page.getByRole('heading', { level: 2 }).count(), path).toBe(1);
  }
  await page.getByRole('main').getByRole('link', { name: 'See all accounts' }).click();
  await page.waitForURL(`${url}/accounts`);

  // It isn't where somebody begins the next time, and nothing has to be loaded anew once it is made.
  await page.goto(`${url}/accounts/acme/alerts`);
  await page.waitForFunction(() => localStorage.getItem('waybill-account') === 'acme');
  await page.goto(`${url}/accounts/acmee/webhooks`);
  await none.waitFor();
  await page.goto(url);
  await page.waitForURL(`${url}/accounts/acme`);
  await page.goto(`${url}/accounts/acmee/webhooks`);
  await none.waitFor();
  await api.request('PUT', '/v1/accounts/acmee', {});
  await page.getByText('No webhooks yet').waitFor();

  // Who belongs to one account is led back to it.
  const admin = await openPage();
  await acceptInvitation(admin.page, running, 'acme', 'admin');
  await admin.page.goto(`${url}/accounts/acmee/deliveries`);
  await admin.page.getByRole('heading', { name: 'There is no account “acmee”' }).waitFor();
  await admin.page.getByRole('link', { name: 'Go to your own' }).click();
  await admin.page.waitForURL(`${url}/accounts/acme`);
  expect([...complaints, ...admin.complaints]).toEqual([]);
});
