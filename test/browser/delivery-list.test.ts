import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

const DELIVERIES = '/v1/accounts/acme/deliveries';
const EVENTS = 60;
const A_PAGE = 50;

it('a list of deliveries says what it waits for and what it could not read, and sends again what can be', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  const receiver = await startReceiver();
  receiver.answer(({ path }) => (path === '/bad' ? 500 : 200));
  const webhooks = '/v1/accounts/acme/webhooks';
  await api.post(webhooks, { name: 'Good', url: receiver.url, events: ['order.created'] });
  const bad = {
    name: 'Bad',
    url: `${receiver.url}bad`,
    events: ['order.cancelled'],
    retry: { schedule: [] },
  };
  await api.post(webhooks, bad);
  const events = Array.from({ length: EVENTS }, (_, n) => ({
    type: n === EVENTS - 1 ? 'order.cancelled' : 'order.created',
    data: {},
  }));
  await api.post('/v1/accounts/acme/events', { events });
  const countOf = async (status: string) =>
    (await api.get(`${DELIVERIES}?status=${status}`)).body.data.length;
  await expect.poll(() => countOf('failed'), { timeout: 20_000 }).toBe(1);
  await expect.poll(() => countOf('pending'), { timeout: 20_000 }).toBe(0);
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  await page.goto(`${url}/accounts/acme/deliveries`);
  const rows = page.locator('tbody > tr');
  await rows.nth(A_PAGE - 1).waitFor();
  expect(await rows.count()).toBe(A_PAGE);

  // The next page is refused: it says so in place, and whoever asked is where they can try again.
  const refusal = { title: 'Busy', status: 409, code: 'busy', detail: 'Not now.' };
  await page.route(/deliveries\?.*cursor=/, (route) => route.fulfill({ status: 409, json: refusal }));
  await page.getByRole('button', { name: 'Show more' }).press('Enter');
  await page.getByRole('alert').filter({ hasText: 'There is more, but it could not be read.' }).waitFor();
  await page.unroute(/deliveries\?.*cursor=/);
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  await expect.poll(() => again.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await rows.nth(EVENTS - 1).waitFor();
  const first = rows.nth(A_PAGE).getByRole('link').first();
  await expect.poll(() => first.evaluate((link) => link === document.activeElement)).toBe(true);

  // Of what has arrived nothing is sent again here.
  await page.getByRole('checkbox', { name: 'Choose all shown' }).check();
  await page.getByText(`${EVENTS} chosen`).waitFor();
  await page.getByText('For what has arrived there is “Replay”').waitFor();
  expect(await page.getByRole('button', { name: 'Send 1 again' }).isEnabled()).toBe(true);

  // Until other filters are answered, what stood there is busy, and nothing of it can be chosen.
  const answer = Promise.withResolvers<void>();
  await page.route(/deliveries\?.*status=failed/, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  const busy = page.locator('[aria-busy="true"]');
  await busy.waitFor();
  expect(await busy.getByRole('checkbox').first().isDisabled()).toBe(true);
  expect(await page.getByText(/\d chosen/).count()).toBe(0);
  answer.resolve();
  await busy.waitFor({ state: 'detached' });
  expect(await rows.count()).toBe(1);

  // It arrives, leaves the list, and is chosen no more.
  await page.getByRole('checkbox', { name: 'Choose all shown' }).check();
  await page.getByRole('button', { name: 'Send 1 again' }).waitFor();
  receiver.answer(() => 200);
  const { id } = (await api.get(`${DELIVERIES}?status=failed`)).body.data[0];
  await api.post(`${DELIVERIES}/${id}/retry`, {});
  await page.getByText('Nothing fits these filters').waitFor();
  await page.getByRole('button', { name: 'Send 1 again' }).waitFor({ state: 'hidden' });
  expect(complaints.filter((one) => !one.includes('409'))).toEqual([]);
  await receiver.close();
});

it('a delivery nobody answered says so, shows what would turn its text, and its command where it can’t be copied', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  const receiver = await startReceiver();
  await receiver.close();
  const retry = { schedule: [3600] };
  await api.post('/v1/accounts/acme/webhooks', { url: receiver.url, events: ['*'], retry });
  await publish(api, 'acme', { data: { note: '\u202Eabc' } });
  const [delivery] = await eventually(async () => {
    const { data } = (await api.get(DELIVERIES)).body;
    expect(data[0].attemptCount).toBe(1);
    return data;
  });
  const { page, complaints } = await openPage();
  await page.addInitScript(() => {
    const writeText = () => Promise.reject(new Error('refused'));
    Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
  });
  await becomeOwner(page, running);
  await page.goto(`${url}/accounts/acme/deliveries/${delivery.id}`);
  await page.getByText('The receiver gave no answer.').waitFor();
  expect(await page.getByText('Response', { exact: true }).count()).toBe(0);
  await page.getByText('"note": "\\u202Eabc"').first().waitFor();

  await page.getByText('Request', { exact: true }).click();
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('The text is selected').waitFor();
  expect(await page.evaluate(() => String(getSelection()))).toMatch(/^curl /);
  expect(complaints).toEqual([]);
});
