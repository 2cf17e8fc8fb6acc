import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation, becomeOwner, openPortal } from './as-somebody.ts';

afterAll(closeBrowser);

/** Goes elsewhere in the dashboard without loading it anew. */
async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

const WEBHOOK = { name: 'Warehouse', url: 'https://warehouse.example/', events: ['*'] };

it('a viewer sees everything of the account, finds no button that changes it, and is refused by the API', async () => {
  const running = await startTestWaybill('postgres');
  const { body: webhook } = await running.api.post('/v1/accounts/acme/webhooks', WEBHOOK);
  const { page, complaints } = await openPage();
  await acceptInvitation(page, running, 'acme', 'viewer');
  await page.goto(`${running.url}/accounts/acme/webhooks/new`);
  await page.getByText('You may look at webhooks here, but not add any.').waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Webhooks', exact: true }).click();
  await page.getByRole('link', { name: 'Warehouse' }).click();
  await page.getByRole('heading', { name: 'Warehouse' }).waitFor();
  expect(await page.getByLabel('URL').isDisabled()).toBe(true);
  for (const name of ['Save', 'Save and close', 'Delete', 'New secret', 'Send a test']) {
    expect(await page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
  }
  await page.getByRole('tab', { name: 'Delivery' }).click();
  expect(await page.getByLabel('Retries').isDisabled()).toBe(true);
  await page.getByRole('tab', { name: 'Verify' }).click();
  await page.getByText('webhook-signature').first().waitFor();
  const status = await page.evaluate(async (path) => {
    const response = await fetch(path, { method: 'DELETE' });
    return response.status;
  }, `/v1/accounts/acme/webhooks/${webhook.id}`);
  expect(status).toBe(403);
  expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
  await goWithin(page, '/accounts/acme/api-keys');
  await page.getByText('Only the platform makes keys').waitFor();
  for (const path of ['/about', '/queue', '/accounts', '/platform', '/platform/audit-log']) {
    await goWithin(page, path);
    await page.getByText('This is only for those who run this system').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count(), path).toBe(0);
    await page.getByRole('link', { name: 'Go to your own' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  }
  expect(complaints).toEqual([]);
});

it('an admin is offered nothing about owners, whom only owners make', async () => {
  const running = await startTestWaybill('postgres');
  const owner = await openPage();
  await acceptInvitation(owner.page, running, 'acme', 'owner');
  const { page, complaints } = await openPage();
  await acceptInvitation(page, running, 'acme', 'admin');
  await page.goto(`${running.url}/accounts/acme/people`);
  const row = page.getByRole('row', { name: /Vera owner/ });
  await row.getByText('Owner', { exact: true }).waitFor();
  expect(await row.getByRole('button').count()).toBe(0);
  expect(await row.getByRole('combobox').count()).toBe(0);
  await page.getByRole('button', { name: 'Invite' }).click();
  await page.getByRole('radio', { name: 'Admin' }).waitFor();
  expect(await page.getByRole('radio', { name: 'Owner' }).count()).toBe(0);
  await owner.page.goto(`${running.url}/accounts/acme/people`);
  await owner.page.getByRole('combobox', { name: 'Role: Vera owner' }).waitFor();
  expect(complaints).toEqual([]);
});

it('a guest of the portal sees the own account, and no other', async () => {
  const running = await startTestWaybill('postgres');
  await running.api.post('/v1/accounts/acme/webhooks', WEBHOOK);
  await running.api.post('/v1/accounts/other/webhooks', { ...WEBHOOK, name: 'Elsewhere' });
  const { page, complaints } = await openPage();
  await openPortal(page, running, 'acme');
  expect(page.url()).not.toContain('token');
  expect(await page.getByRole('link', { name: 'People' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByRole('link', { name: 'Warehouse' }).waitFor();
  // Without a reload, which would forget who they are.
  await goWithin(page, '/accounts/other/webhooks');
  await page.getByText('There is no account “other”').waitFor();
  expect(await page.getByText('Elsewhere').count()).toBe(0);
  expect(complaints).toEqual([]);
});

it('a guest whose visit has ended is told so, and comes in by another link', async () => {
  const running = await startTestWaybill('postgres');
  const { page } = await openPage();
  let authorization = '';
  page.on('request', (request) => {
    authorization = request.headers().authorization ?? authorization;
  });
  await openPortal(page, running, 'acme');
  await page.getByRole('link', { name: 'Deliveries' }).waitFor();
  const ended = await fetch(`${running.url}/v1/portal/session`, {
    method: 'DELETE',
    headers: { authorization },
  });
  expect(ended.status).toBe(204);
  // The overview reads its figures again by itself.
  await page.getByText('Your visit has ended').waitFor();
  await page.goto(`${running.url}/portal#token=none`);
  await page.getByText('This link does not work').waitFor();
  // The page is the same but for what follows the #, so that nothing is loaded anew.
  await openPortal(page, running, 'acme');
  await page.getByRole('link', { name: 'Webhooks' }).waitFor();
});

it('whoever has not signed in is asked to, and lands where they wanted to go', async () => {
  const running = await startTestWaybill('postgres');
  const owner = await openPage();
  await becomeOwner(owner.page, running);
  await running.api.post('/v1/accounts/acme/webhooks', WEBHOOK);
  const { page } = await openPage();
  await page.goto(`${running.url}/accounts/acme/webhooks`);
  await page.getByLabel('E-mail address').fill('astrid@platform.example');
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Warehouse' }).waitFor();
  expect(page.url()).toBe(`${running.url}/accounts/acme/webhooks`);
  // The session ends without this page having a part in it.
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Events' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).searchParams.get('next')).toMatch('/accounts/acme/');
});
