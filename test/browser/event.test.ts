import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
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
