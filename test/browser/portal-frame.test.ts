import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

afterAll(closeBrowser);

/** A page of a shop's own, which holds whatever its query names. */
async function startShop(): Promise<string> {
  const shop = createServer((request, response) => {
    const link = new URL(request.url ?? '', 'http://shop').searchParams.get('link') ?? '';
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<h1>The shop</h1><iframe src="${link}" width="1200" height="700"></iframe>`);
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void shop.close());
  return `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
}

async function portalLink({ api, url }: TestWaybill): Promise<string> {
  const link = new URL((await api.post('/v1/accounts/acme/portal-links')).body.url);
  return `${url}${link.pathname}${link.hash}`;
}

const pageWith = (shop: string, link: string) => `${shop}/?link=${encodeURIComponent(link)}`;

it('the portal works in a frame of an origin that is allowed, as the platform looks, and in no other', async () => {
  const [allowed, stranger] = [await startShop(), await startShop()];
  const running = await startTestWaybill('postgres', {
    frameOrigins: [allowed],
    branding: { name: 'Nordic Parcel', color: '#1a7f37' },
  });
  const webhook = { name: 'Warehouse', url: 'https://warehouse.example/', events: ['*'] };
  await running.api.post('/v1/accounts/acme/webhooks', webhook);

  const { page, complaints } = await openPage();
  await page.goto(pageWith(allowed, await portalLink(running)));
  const portal = page.frameLocator('iframe');
  // Beside the menu; the one in the head is for phones.
  await portal.getByRole('navigation').getByText('Nordic Parcel').waitFor();
  await portal.getByRole('link', { name: 'Webhooks' }).click();
  await portal.getByRole('link', { name: 'Warehouse' }).waitFor();
  const add = portal.getByRole('link', { name: 'Add webhook' });
  expect(await add.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(26, 127, 55)');
  expect(complaints).toEqual([]);

  const elsewhere = await openPage();
  const link = await portalLink(running);
  await elsewhere.page.goto(pageWith(stranger, link));
  await elsewhere.page.waitForLoadState('networkidle');
  expect(elsewhere.complaints.join()).toContain('frame-ancestors');
  expect(await elsewhere.page.frameLocator('iframe').getByText('Nordic Parcel').count()).toBe(0);
  // Nothing has used the link up, and nothing but the portal can be held anywhere.
  await page.goto(pageWith(allowed, link));
  await portal.getByRole('link', { name: 'Webhooks' }).waitFor();
  await elsewhere.page.goto(pageWith(allowed, `${running.url}/sign-in`));
  await elsewhere.page.waitForLoadState('networkidle');
  expect(await elsewhere.page.frameLocator('iframe').getByRole('button').count()).toBe(0);
});
