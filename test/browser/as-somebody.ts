import type { Page } from 'playwright-core';
import type { ApiClient } from '../support/api-client.ts';
import type { TestWaybill } from '../support/waybill.ts';

const PASSWORD = 'a long enough password';

/** Becomes the owner by the link of the first start, as its reader would. */
export async function becomeOwner(page: Page, { waybill, url }: TestWaybill): Promise<void> {
  const link = new URL(await waybill.people.ownerLink.renew());
  await page.goto(`${url}${link.pathname}${link.hash}`);
  await page.getByLabel('E-mail address').fill('astrid@platform.example');
  await page.getByLabel('Your name').fill('Astrid Lind');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.waitForURL(`${url}/accounts`);
}

/** Comes in by an invitation to an account, with this role. */
export async function acceptInvitation(
  page: Page,
  { api, url }: TestWaybill,
  account: string,
  role: 'owner' | 'admin' | 'viewer',
): Promise<void> {
  const { body, text } = await api.post(`/v1/accounts/${account}/invitations`, {
    email: `${role}@${account}.example`,
    role,
  });
  const link = new URL(body.url ?? text);
  await page.goto(`${url}${link.pathname}${link.hash}`);
  await page.getByLabel('Your name').fill(`Vera ${role}`);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.waitForURL(`${url}/accounts/${account}`);
}

/** Opens the portal of an account by a link of the platform. */
export async function openPortal(page: Page, { api, url }: TestWaybill, account: string): Promise<void> {
  const { body } = await api.post(`/v1/accounts/${account}/portal-links`, { name: 'Bo' });
  const link = new URL(body.url);
  await page.goto(`${url}${link.pathname}${link.hash}`);
  await page.waitForURL(`${url}/accounts/${account}`);
}

export function publish(api: ApiClient, account: string, event: object = {}) {
  return api.post(`/v1/accounts/${account}/events`, {
    type: 'order.created',
    subject: 'order/12345',
    data: { orderId: '12345', total: 129.5 },
    ...event,
  });
}
