import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner } from './as-somebody.ts';

const PATH = '/v1/accounts/acme/webhooks';
const INPUT = { url: 'https://warehouse.example/', events: ['*'] };

afterAll(closeBrowser);

/** The owner's editor of a webhook that is there, or of a new one, and what its reader does. */
async function start() {
  const running = await startTestWaybill('postgres');
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

it('a number that was deleted is the default again, a header needs a name, and what was saved is shown as it was answered', async () => {
  const { page, complaints, api, edit, tab, save, read } = await start();
  const id = await edit({
    priority: 8,
    timeoutMs: 40_000,
    payload: { mimeType: 'text/plain', template: 'a' },
  });
  const priority = page.getByLabel('Priority');
  await priority.fill('');
  expect(await priority.getAttribute('placeholder')).toBe('5');
  await tab('Delivery');
  const timeout = page.getByLabel('Time-out, in seconds');
  await timeout.fill('');
  expect(await timeout.getAttribute('placeholder')).toBe('15');
  await page.getByLabel('Retries').fill('5 60');
  await page.getByRole('button', { name: 'Add a header' }).click();
  const headers = page.getByRole('group', { name: 'Headers of its own' });
  await headers.getByRole('textbox', { name: 'Value' }).fill('north');
  await tab('General');
  await save();

  // Nothing was sent yet: it is led to the name that is missing.
  const name = headers.getByRole('textbox', { name: 'Name' });
  await name.waitFor();
  expect(await name.getAttribute('aria-invalid')).toBe('true');
  await page.getByText('Header name: is missing').waitFor();
  expect((await read(id)).priority).toBe(8);
  await name.fill('X-Shop');
  await api.request('PATCH', `${PATH}/${id}`, { payload: { mimeType: 'text/plain', template: 'b' } });
  await save();
  await expect.poll(() => timeout.inputValue()).toBe('15');
  expect(await page.getByLabel('Retries').inputValue()).toBe('5, 60');
  expect(await read(id)).toMatchObject({ priority: 5, timeoutMs: 15_000, headers: { 'X-Shop': 'north' } });
  await tab('General');
  expect(await priority.inputValue()).toBe('5');

  // What somebody else changed meanwhile is on the screen, and stays with the next change.
  await tab('Payload');
  expect(await page.getByRole('textbox', { name: 'Payload template' }).textContent()).toBe('b');
  expect(complaints).toEqual([]);
});

it('what was saved is told of, and where nothing was changed, that', async () => {
  const { page, complaints, edit, save, read } = await start();
  const id = await edit();
  const told = (text: string) => page.getByRole('alert').filter({ hasText: text }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Depot');
  await save();
  await told('Saved');
  expect((await read(id)).name).toBe('Depot');
  await save();
  await told('Nothing was changed.');
  expect(complaints).toEqual([]);
});

it('what is refused in a rule stands at that rule, in groups too, until it is changed', async () => {
  const { page, complaints, edit, tab, save, read } = await start();
  const id = await edit({
    condition: {
      mode: 'continue',
      all: [
        { field: 'Order.Id', operator: 'equals', value: 5 },
        { any: [{ field: 'Order.Total', operator: 'between', value: [1, 2] }] },
      ],
    },
  });
  await tab('Condition');
  const rule = (at: number) => page.getByRole('group', { name: 'Rule', exact: true }).nth(at);
  const field = (at: number) => rule(at).getByRole('combobox', { name: 'Field' });
  const marked = () => page.locator('[aria-invalid=true]').count();
  await field(0).fill('Order..Id');
  await page.keyboard.press('Escape');
  await rule(1).getByRole('textbox', { name: 'From' }).fill('3');
  await save();
  await expect.poll(() => field(0).getAttribute('aria-invalid')).toBe('true');
  expect(await field(1).getAttribute('aria-invalid')).not.toBe('true');
  const low = rule(1).getByRole('textbox', { name: 'From' });
  expect(await low.getAttribute('aria-invalid')).toBe('true');

  // What is changed isn't known to be wrong any more, and the rest still is.
  await field(0).fill('Order.Id');
  await page.keyboard.press('Escape');
  await expect.poll(() => field(0).getAttribute('aria-invalid')).not.toBe('true');
  expect(await low.getAttribute('aria-invalid')).toBe('true');
  await low.fill('0');
  await expect.poll(marked).toBe(0);
  expect(await page.locator('.callout.tone-bad').count()).toBe(0);
  await save();
  await expect.poll(async () => (await read(id)).condition.all[1].any[0].value).toEqual([0, 2]);
  expect(complaints).toEqual([]);
});

it('fields of authentication that are missing are named and marked alone, and a test says that they are not saved', async () => {
  const { page, complaints, edit, tab, save } = await start();
  await edit();
  await page.getByRole('button', { name: 'Send a test' }).waitFor();
  await tab('Authentication');
  const kind = page.getByRole('combobox', { name: 'Authentication' });
  await kind.click();
  await page.getByRole('option', { name: 'OAuth 2.0' }).click();
  await save();
  await page.getByText('Token URL: is missing; Client ID: is missing; Client secret: is missing').waitFor();
  expect(await kind.getAttribute('aria-invalid')).not.toBe('true');
  expect(await page.getByLabel('Token URL').getAttribute('aria-invalid')).toBe('true');

  // What is on the screen isn't what a test is sent by.
  await page.getByRole('button', { name: 'Test what was saved last' }).click();
  await page.getByText('What was saved last was tested').waitFor();
  expect(complaints).toEqual([]);
});
