import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

const ACME = '/v1/accounts/acme';

describe('somebody who runs the system', () => {
  it('lets a delivery go first, sees what was sent, and sends what a webhook missed', async () => {
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const running = await startTestWaybill('postgres');
    const { api, url } = running;
    const settings = { name: 'Shop', url: receiver.url, events: ['order.*'], status: 'paused' };
    const { id } = (await api.post(`${ACME}/webhooks`, settings)).body;
    for (const order of [1, 2]) await publish(api, 'acme', { subject: `order/${order}` });
    const { page, complaints } = await openPage();
    await becomeOwner(page, running);

    // What a paused webhook holds is neither due nor late.
    const [held] = (await api.get(`${ACME}/deliveries?limit=1`)).body.data;
    await page.goto(`${url}/accounts/acme/deliveries/${held.id}`);
    await page.getByText('Paused', { exact: true }).waitFor();
    await page.goto(`${url}/queue`);
    await page
      .locator('.panel:not(:has(table))', { hasText: 'Held' })
      .getByText('2', { exact: true })
      .waitFor();
    await page.locator('.panel', { hasText: 'Due now' }).getByText('0', { exact: true }).waitFor();
    await page
      .getByLabel(/^Priority of/)
      .last()
      .selectOption('9');
    await page.getByText('It has priority 9 now').waitFor();
    // What is held comes last and says when it was due; what goes first is first.
    const failing = await startReceiver(500);
    onTestFinished(() => failing.close());
    const urgent = { name: 'Parcels', url: failing.url, events: ['parcel.*'] };
    const { id: ready } = (await api.post(`${ACME}/webhooks`, urgent)).body;
    await publish(api, 'acme', { type: 'parcel.sent', subject: 'parcel/1' });
    await page.getByRole('rowheader', { name: 'Priority 5' }).waitFor();
    const sections = () => page.getByRole('rowheader').allInnerTexts();
    expect(await sections()).toEqual(['Priority 5', 'Held until their webhook is active again']);
    await page.getByRole('row').filter({ hasText: 'order/2' }).locator('time').waitFor();
    // What goes to another place, or goes for good, takes the focus along, and says what was done.
    await page
      .getByLabel(/^Priority of/)
      .first()
      .focus();
    await page.keyboard.press('ArrowUp');
    await page.getByText('It has priority 6 now').waitFor();
    await page.getByRole('rowheader', { name: 'Priority 6' }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await eventually(async () => expect(await focused()).toMatch(/^Priority of/));
    await page
      .getByRole('button', { name: /^What to do with/ })
      .first()
      .press('Enter');
    await page.getByRole('menuitem', { name: 'Cancel delivery' }).press('Enter');
    await page.getByRole('button', { name: 'Cancel delivery' }).press('Enter');
    await page.getByText('The delivery is cancelled').waitFor();
    await page.getByRole('rowheader', { name: 'Priority 6' }).waitFor({ state: 'detached' });
    await eventually(async () => expect(await focused()).toMatch(/^What to do with/));
    await page.getByText('By due time').click();
    await eventually(async () => (await sections()).length === 0);
    expect(page.url()).toContain('order=due');
    await api.request('DELETE', `${ACME}/webhooks/${ready}`);
    await api.post(`${ACME}/webhooks/${id}/resume`);
    await page.getByText('Nothing waits').waitFor();
    const sent = (await receiver.waitFor(2)).map(({ body }) => JSON.parse(body));
    expect(sent).toHaveLength(2);

    const [delivery] = (await api.get(`${ACME}/deliveries?limit=1&webhookId=${id}`)).body.data;
    await page.goto(`${url}/accounts/acme/deliveries/${delivery.id}`);
    await page.getByText('Request', { exact: true }).click();
    await page.getByText('This is the request of that attempt, byte for byte.').waitFor();
    const shown = await page.getByRole('region', { name: 'Request headers' }).innerText();
    const signatures = receiver.requests.map(({ headers }) => headers['webhook-signature']);
    expect(signatures.filter((one) => shown.includes(one as string))).toHaveLength(1);

    await api.patch(`${ACME}/webhooks/${id}`, { status: 'disabled' });
    for (const order of [3, 4, 5]) await publish(api, 'acme', { subject: `order/${order}` });
    await page.goto(`${url}/accounts/acme/webhooks`);
    await page.getByRole('button', { name: /Shop/ }).click();
    await page.getByRole('menuitem', { name: 'Enable' }).click();
    await page.getByText('this webhook missed 3 events').waitFor();
    await page.getByRole('button', { name: 'Send them now' }).click();
    await page.getByText('3 of 3').waitFor();
    await eventually(async () => expect(receiver.requests).toHaveLength(5));

    // One that nothing arrives at is told of long before its deliveries are given up.
    await api.request('PUT', '/v1/accounts/quiet', {});
    await page.goto(`${url}/accounts/quiet`);
    await page.getByText('No webhook is set up yet.').waitFor();
    receiver.answer(500);
    await publish(api, 'acme');
    await page.goto(`${url}/accounts/acme`);
    await page.getByText('Last attempt failed').waitFor();
    expect(await page.getByText('Every webhook gets what it should.').count()).toBe(0);

    // What was changed has its name in the audit log, which leads to it.
    await page.goto(`${url}/accounts/acme/audit-log`);
    await page.getByRole('cell').getByRole('link', { name: 'Shop' }).first().click();
    await page.waitForURL(`${url}/accounts/acme/webhooks/${id}`);
    expect(complaints).toEqual([]);
  });
});
