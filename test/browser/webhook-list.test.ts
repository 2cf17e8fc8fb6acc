import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

const WEBHOOKS = '/v1/accounts/acme/webhooks';
const COUNT = 60;

interface Listed {
  readonly name: string;
  readonly status: string;
  readonly health: string;
  readonly disabledReason: string | null;
}

/** Sixty webhooks: one fails, one is disabled for it, one is paused, and by their names those come last. */
async function fillList(api: ApiClient): Promise<void> {
  const receiver = await startReceiver(({ path }) => (path === '/gone' ? 410 : 500));
  const quiet = { events: ['stock.changed'], retry: { schedule: [] } };
  const create = async (webhook: object) =>
    expect((await api.post(WEBHOOKS, { ...quiet, ...webhook })).status).toBe(201);
  const heard = { events: ['order.created'] };
  await create({ ...heard, name: 'Zinc', url: `${receiver.url}bad` });
  await create({ ...heard, name: 'Yard', url: `${receiver.url}gone` });
  await create({ name: 'Xenon', url: 'https://x.example/', status: 'paused' });
  await Promise.all(
    Array.from({ length: COUNT - 3 }, (_, index) => index + 1).map((n) =>
      create({ name: `Shop ${n}`, url: `https://shop.example/${n % 2 ? 'north' : 'south'}/${n}` }),
    ),
  );
  await publish(api, 'acme');
  await eventually(async () => {
    const { data } = (await api.get(`${WEBHOOKS}?limit=100`)).body;
    const failing = data.filter(({ health, status }: Listed) => health === 'failing' && status === 'active');
    return failing.length === 1 && data.some(({ disabledReason }: Listed) => disabledReason === 'gone');
  });
  await receiver.close();
}

/** What the rows that are shown are called, from the top. */
function namesOf(page: Page): Promise<string[]> {
  return page.locator('tbody tr td:first-child a').allTextContents();
}

function focusedName(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);
}

/** Opens the menu of the button that has the focus, and picks something from it. */
async function pick(page: Page, item: string): Promise<void> {
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  const reached = () => page.evaluate(() => document.activeElement?.textContent);
  for (let step = 0; step < 10 && (await reached()) !== item; step += 1)
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}

it('of sixty webhooks those that need somebody come first, and any is found and deleted without a mouse', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  await fillList(api);
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  await page.goto(`${url}/accounts/acme/webhooks`);

  // Those in trouble, then by name; fifty of them, and the rest when somebody asks, with the focus on the first that is new.
  await eventually(async () => expect(await namesOf(page)).toHaveLength(50));
  expect((await namesOf(page)).slice(0, 5)).toEqual(['Zinc', 'Yard', 'Shop 1', 'Shop 2', 'Shop 3']);
  await page.getByText('Showing 50 of 60').waitFor();
  await page.getByRole('button', { name: 'Show more' }).press('Enter');
  await eventually(async () => expect(await namesOf(page)).toHaveLength(COUNT));
  expect((await namesOf(page)).at(-1)).toBe('Xenon');
  await eventually(async () =>
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Shop 49'),
  );
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);

  // A status is chosen, with the number of those in it; then there is what was typed, which is a step back as a whole.
  await page.getByRole('radio', { name: 'Paused 1' }).press(' ');
  await eventually(async () => expect(await namesOf(page)).toEqual(['Xenon']));
  await page.getByRole('radio', { name: 'All 60' }).press(' ');
  const steps = await page.evaluate(() => history.length);
  const search = page.getByRole('textbox', { name: 'Name, URL, event or channel' });
  await search.focus();
  await page.keyboard.type('NORTH/1', { delay: 40 });
  await page.waitForURL(/\?search=NORTH%2F1$/);
  const north = ['Shop 1', 'Shop 11', 'Shop 13', 'Shop 15', 'Shop 17', 'Shop 19'];
  await eventually(async () => expect(await namesOf(page)).toEqual(north));
  expect(await page.evaluate(() => history.length)).toBe(steps + 1);
  await page.reload();
  await eventually(async () => expect(await namesOf(page)).toEqual(north));
  await page.getByRole('radio', { name: 'Failing 0' }).press(' ');
  await page.getByRole('button', { name: 'Show all webhooks' }).press('Enter');
  await eventually(async () => expect(await namesOf(page)).toHaveLength(50));
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  expect(page.url()).toBe(`${url}/accounts/acme/webhooks`);

  // All rows have one menu and one dialog: they are about the row they were opened from, and lead back to it.
  const of = (name: string) => page.getByRole('button', { name: `What to do with ${name}`, exact: true });
  await of('Shop 7').focus();
  await pick(page, 'Delete');
  await page.getByRole('dialog').getByText('Shop 7 is gone for good').waitFor();
  await page.keyboard.press('Escape');
  await eventually(async () => expect(await focusedName(page)).toBe('What to do with Shop 7'));
  await of('Shop 8').focus();
  await pick(page, 'Pause');
  await page
    .getByRole('row', { name: /Shop 8/ })
    .getByText('Paused')
    .waitFor();
  await eventually(async () => expect(await focusedName(page)).toBe('What to do with Shop 8'));

  // Of a row that is gone it leads to the next.
  await of('Shop 9').focus();
  await pick(page, 'Delete');
  await page.getByRole('dialog').getByText('Shop 9 is gone for good').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('The webhook is deleted.').waitFor();
  await of('Shop 9').waitFor({ state: 'detached' });
  await eventually(async () => expect(await focusedName(page)).toBe('What to do with Shop 10'));
  const { data } = (await api.get(`${WEBHOOKS}?limit=100`)).body;
  expect(data.map(({ name }: Listed) => name)).not.toContain('Shop 9');
  expect(data).toHaveLength(COUNT - 1);
  expect(complaints).toEqual([]);
}, 90_000);
