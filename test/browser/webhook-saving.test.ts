import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner } from './as-somebody.ts';

const PATH = '/v1/accounts/acme/webhooks';
const INPUT = { url: 'https://warehouse.example/', events: ['*'] };

afterAll(closeBrowser);

/** The owner's editor of a webhook that is there, or of a new one, and what its reader does. */
async function start() {
  const running = await startTestWaybill('pglite');
  const { api, url } = running;
  await api.request('PUT', '/v1/accounts/acme', { preset: 'shopctrl' });
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  const edit = async (input: object = {}): Promise<string> => {
    const { id } = (await api.post(PATH, { ...INPUT, ...input })).body;
    await page.goto(`${url}/accounts/acme/webhooks/${id}`);
    return id;
  };
  return {
    api,
    url,
    page,
    complaints,
    edit,
    tab: (name: string) => page.getByRole('tab', { name }).click(),
    save: () => page.getByRole('button', { name: 'Save', exact: true }).click(),
    read: async (id: string) => (await api.get(`${PATH}/${id}`)).body,
  };
}

it('Enter saves from a plain field, and from no search, rule, list or switch', async () => {
  const { page, url: base, complaints, tab } = await start();
  const sent: string[] = [];
  page.on('request', (request) => {
    const isChange = request.method() !== 'GET' && /\/webhooks(\/[^/]+)?$/.test(request.url());
    if (isChange) sent.push(request.method());
  });
  await page.goto(`${base}/accounts/acme/webhooks/new`);
  const url = page.getByLabel('URL', { exact: true });
  await url.fill(INPUT.url);
  await page.getByPlaceholder('Search events').fill('created');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Only these' }).fill('web');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByRole('switch', { name: 'In order' }).press('Enter');
  await tab('Condition');
  await page.getByRole('button', { name: 'Add a rule' }).press('Enter');
  await page.getByRole('combobox', { name: 'Field', exact: true }).fill('Order.Id');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Value' }).fill('5');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Try with an event' }).press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await tab('Delivery');
  await page.getByRole('button', { name: 'Add a header' }).press('Enter');
  await page.getByRole('textbox', { name: 'Value' }).fill('north');
  await page.keyboard.press('Enter');

  await tab('General');
  expect(sent).toEqual([]);
  await page.getByRole('switch', { name: 'All events' }).check({ force: true });
  await tab('Delivery');
  await page.getByRole('button', { name: 'Remove the header' }).click();
  await tab('General');
  await url.press('Enter');
  await page.getByRole('dialog', { name: 'The signing secret' }).waitFor();
  expect(sent).toEqual(['POST']);
  expect(complaints).toEqual([]);
});
