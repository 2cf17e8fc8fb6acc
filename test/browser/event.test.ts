import { afterAll, expect, it, onTestFinished } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

it('an event that a condition held back says so rule by rule, beside its data and where else it went', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  const rules = [
    { field: 'total', operator: 'greaterThan', value: 1000 },
    { field: 'orderId', operator: 'isNotEmpty' },
  ];
  const webhook = { url: 'https://warehouse.example/', events: ['order.*'], status: 'paused' };
  const create = (more: object) => api.post('/v1/accounts/acme/webhooks', { ...webhook, ...more });
  await create({ name: 'Everything' });
  await create({ name: 'Large orders', condition: { mode: 'continue', all: rules } });
  const { id } = (await publish(api, 'acme')).body;
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  await page.goto(`${url}/accounts/acme/events`);
  await page.getByRole('link', { name: 'order.created' }).first().click();
  await page.waitForURL(`${url}/accounts/acme/events/${id}`);

  await page.getByText('129.5').waitFor();
  const went = page.getByRole('region', { name: 'Where it went' });
  await went.getByText('Everything').waitFor();
  expect(await went.getByText('Large orders').count()).toBe(0);

  // The newest webhook is asked first, without a click.
  const why = page.getByRole('region', { name: 'Why a webhook got it, or not' });
  await why.getByText('This webhook does not get such an event.').waitFor();
  const told = await why.getByRole('listitem').allTextContents();
  expect(told.join('\n')).toMatch(
    /order\.\*.*\n.*channels.*\n.*condition keeps the event back.*total.*129\.5/,
  );
  await why.getByRole('combobox').click();
  await page.getByRole('option', { name: 'Everything' }).click();
  await why.getByText('This webhook gets such an event.').waitFor();
  expect(complaints).toEqual([]);
});

it('a list is gone back to as it was left, an alert leads to its delivery, and the focus goes on from rows that go', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  await api.request('PUT', '/v1/accounts/quiet', {});
  const { id } = (await publish(api, 'quiet')).body;
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  await page.goto(`${url}/accounts/quiet/events?type=order.created`);
  await page.getByRole('link', { name: 'order.created' }).first().click();
  await page.waitForURL(`${url}/accounts/quiet/events/${id}`);
  const why = page.getByRole('region', { name: 'Why a webhook got it, or not' });
  await why.getByText('No webhook is set up yet.').waitFor();
  await why.getByRole('link').waitFor();
  await page.getByRole('link', { name: 'All events' }).click();
  await page.waitForURL(`${url}/accounts/quiet/events?type=order.created`);
  await page.goForward();
  await page.reload();
  await page.getByRole('link', { name: 'All events' }).click();
  await page.waitForURL(`${url}/accounts/quiet/events`);

  const failing = await startReceiver(404);
  onTestFinished(() => failing.close());
  for (const name of ['North', 'South']) {
    await api.post('/v1/accounts/acme/webhooks', {
      name,
      url: failing.url,
      events: ['*'],
      retry: { schedule: [] },
    });
  }
  for (const email of ['a@shop.example', 'b@shop.example']) {
    await api.post('/v1/accounts/acme/alert-recipients', { email, language: 'en', kinds: null });
  }
  await publish(api, 'acme');
  await eventually(async () => (await api.get('/v1/accounts/acme/alerts')).body.data.length === 2);
  const focused = (name: string) => page.locator(':focus').and(page.getByRole('button', { name })).waitFor();
  await page.goto(`${url}/accounts/acme/alerts`);
  const seen = page.getByRole('button', { name: 'Mark as seen' });
  await seen.first().press('Enter');
  await eventually(async () => (await seen.count()) === 1);
  await focused('Mark as seen');
  await page.getByRole('button', { name: 'Take a@shop.example away' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Take away' }).click();
  await page.getByText('a@shop.example is told no more').waitFor();
  await focused('Take b@shop.example away');
  await page.getByText('Seen', { exact: true }).click();
  await page.getByRole('columnheader', { name: 'Seen' }).waitFor();
  await page.getByRole('link', { name: 'See the delivery' }).click();
  await page.waitForURL(/\/deliveries\/dlv_/);
  await page.getByRole('heading', { name: 'order.created', level: 1 }).waitFor();
  expect(complaints).toEqual([]);
});
