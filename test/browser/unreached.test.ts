import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { acceptInvitation } from './as-somebody.ts';

afterAll(closeBrowser);

it('while the server is away a page says since when, and the next one waits for it instead of being lost', async () => {
  const running = await startTestWaybill('postgres');
  await running.api.post('/v1/accounts/acme/webhooks', { url: 'https://shop.example/', events: ['*'] });
  const { page, context } = await openPage();
  await acceptInvitation(page, running, 'acme', 'admin');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  const row = page.getByRole('cell', { name: /shop\.example/ }).first();
  await row.waitFor();

  await context.route('**/*', (route) => route.abort());
  const bar = page.getByText(/^Not reached since \d\d:\d\d; shown as it was\.$/);
  await bar.waitFor();
  expect(await row.isVisible()).toBe(true);
  await page.getByRole('link', { name: 'Alerts' }).click();
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  expect(page.url()).toBe(`${running.url}/accounts/acme/alerts`);

  await context.unroute('**/*');
  await bar.waitFor({ state: 'detached' });
  await again.click();
  await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor();
});
