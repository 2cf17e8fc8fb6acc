import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, openPortal } from './as-somebody.ts';
import { violations } from './axe.ts';
import { fillAccount } from './filled-account.ts';
import { screensOf } from './screens.ts';
import { visit } from './visit.ts';

afterAll(closeBrowser);

it('no screen breaks a rule of axe, in light or in dark', async () => {
  const running = await startTestWaybill('postgres');
  const subjects = await fillAccount(running);
  const { page, complaints } = await openPage();
  await page.goto(`${running.url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const found = { 'sign-in': await violations(page) } as Record<string, string[]>;
  await becomeOwner(page, running);
  for (const screen of screensOf(subjects)) {
    await visit(page, running.url, screen);
    found[screen.name] = await violations(page);
  }
  // In a colour that nobody could read on white, where there is most of it.
  const branding = { name: 'Nordic Parcel', logoUrl: null, color: '#ffd400' };
  await page.route('**/v1/branding', (route) => route.fulfill({ json: branding }));
  await visit(page, running.url, {
    name: 'in a colour',
    path: `/accounts/acme/webhooks/${subjects.webhook}`,
  });
  await page.getByText('Nordic Parcel').first().waitFor({ state: 'attached' });
  found['in a colour'] = await violations(page);
  expect(Object.entries(found).filter(([, broken]) => broken.length > 0)).toEqual([]);
  expect(complaints).toEqual([]);
}, 300_000);

it('no dialog, drawer or menu breaks one, nor the editor with every field and an error, nor what a guest sees', async () => {
  const running = await startTestWaybill('postgres');
  const subjects = await fillAccount(running);
  await running.api.request('PUT', '/v1/accounts/acme', { preset: 'shopctrl' });
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  const found: Record<string, string[]> = {};
  const check = async (name: string, role: 'dialog' | 'menu' | 'listbox' | 'main') => {
    await page.getByRole(role).filter({ visible: true }).first().waitFor();
    found[name] = await violations(page);
    if (role === 'main') return;
    await page.keyboard.press('Escape');
    await eventually(async () =>
      expect(await page.getByRole(role).filter({ visible: true }).count()).toBe(0),
    );
  };
  const go = (path: string, tab?: string) =>
    visit(page, running.url, { name: path, path: `/accounts/acme${path}`, ...(tab && { tab }) });
  const open = (name: string) => page.getByRole('combobox', { name, exact: true }).first().click();
  const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click();

  await go('/webhooks');
  await press('What to do with Bad');
  await check('menu of a webhook', 'menu');
  await press('What to do with Bad');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await check('deleting', 'dialog');
  await page.getByRole('button', { name: /Astrid Lind/ }).click();
  await check('settings of the person', 'dialog');
  await go('/deliveries');
  await open('Status');
  await check('one of few', 'listbox');
  await open('Webhook');
  await check('one of many', 'listbox');
  await press('Any time');
  await check('time', 'dialog');
  await press('Replay');
  await check('replay', 'dialog');
  await go('/event-types');
  await press('Other formats');
  await check('menu of downloads', 'menu');
  await go('/alerts');
  await press('Tell somebody');
  await open('Language');
  await check('choice in a dialog', 'listbox');
  await check('recipient', 'dialog');
  await go('/people');
  await press('Invite');
  await check('invitation', 'dialog');
  await go('/api-keys');
  await press('New key');
  await check('key', 'dialog');
  await go(`/webhooks/${subjects.webhook}`, 'Payload');
  await press('Available merge fields');
  await check('merge fields', 'dialog');

  await page.getByRole('tab', { name: 'Authentication' }).click();
  await page.getByRole('combobox', { name: 'Authentication' }).click();
  await page.getByRole('option', { name: 'OAuth 2.0' }).click();
  await press('Enter a certificate');
  await check('authentication, filled', 'main');
  await page.getByRole('tab', { name: 'Delivery' }).click();
  await press('Add a header');
  await page.getByLabel('Name', { exact: true }).fill('Host');
  await page.getByLabel('Value', { exact: true }).fill('elsewhere');
  await page.getByRole('switch', { name: /Collect events/ }).check({ force: true });
  await press('Save');
  await page
    .getByText(/(URL|Headers|Authentication|Client certificate): /)
    .first()
    .waitFor();
  await check('editor with errors', 'main');

  const guest = await openPage();
  await openPortal(guest.page, running, 'acme');
  for (const name of ['Webhooks', 'Deliveries', 'Events', 'Event catalog', 'Alerts']) {
    await guest.page.getByRole('link', { name, exact: true }).first().click();
    await guest.page.getByRole('heading', { level: 1 }).waitFor();
    found[`guest: ${name}`] = await violations(guest.page);
  }
  await guest.page.goto(`${running.url}/portal?ended=yes`);
  await guest.page.getByText('Your visit has ended').waitFor();
  found['visit ended'] = await violations(guest.page);

  expect(Object.entries(found).filter(([, broken]) => broken.length > 0)).toEqual([]);
  expect(Object.keys(found)).toHaveLength(21);
  expect([...complaints, ...guest.complaints]).toEqual([]);
}, 300_000);
