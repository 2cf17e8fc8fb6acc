import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

it('groups in groups are built, moved about and saved, by keyboard on a phone, and an event says which of their rules hold', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  await api.request('PUT', '/v1/accounts/acme', {});
  const path = '/v1/accounts/acme/webhooks';
  const input = { url: 'https://warehouse.example/', events: ['*'] };
  const { id } = (await api.post(path, input)).body;
  await publish(api, 'acme');
  const { page, complaints } = await openPage({ width: 390 });
  await becomeOwner(page, running);
  await page.goto(`${url}/accounts/acme/webhooks/${id}`);
  await page.getByRole('tab', { name: 'Condition' }).click();

  const press = async (name: string, at = 0) => {
    await page.getByRole('button', { name, exact: true }).nth(at).focus();
    await page.keyboard.press('Enter');
  };
  const write = async (at: number, field: string, value: string) => {
    const rule = page.getByRole('group', { name: 'Rule', exact: true }).nth(at);
    await rule.getByRole('combobox', { name: 'Field' }).fill(field);
    await page.keyboard.press('Escape');
    await rule.getByRole('textbox', { name: 'Value' }).fill(value);
  };
  await press('Add a rule');
  await write(0, 'orderId', '12345');
  await press('Add a group');
  await write(1, 'total', '5');
  // The buttons of the inner group stand before those of the outer one.
  await press('Add a rule');
  await write(2, 'total', '129.5');
  await press('Put this rule into a group', 2);
  const inner = page.getByRole('group', { name: 'Group of rules' });
  expect(await inner.count()).toBe(2);

  // It has moved, and whoever uses the keyboard is still in the builder.
  const within = await page.evaluate(() => document.activeElement?.textContent?.includes('Add a group'));
  expect(within).toBe(true);
  const explained = page.getByRole('region', { name: 'Would this have fired?' });
  await explained.getByRole('combobox', { name: 'Try with an event' }).click();
  await page
    .getByRole('option', { name: /order\.created/ })
    .first()
    .click();
  const marks = explained
    .getByRole('listitem')
    .filter({ hasText: /^total/, hasNot: page.getByRole('listitem') });
  await expect.poll(() => marks.count()).toBe(2);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect
    .poll(async () => (await api.get(`${path}/${id}`)).body.condition)
    .toEqual({
      mode: 'continue',
      all: [
        { field: 'orderId', operator: 'equals', value: 12345 },
        {
          any: [
            { field: 'total', operator: 'equals', value: 5 },
            { all: [{ field: 'total', operator: 'equals', value: 129.5 }] },
          ],
        },
      ],
    });

  await page.reload();
  await page.getByRole('tab', { name: 'Condition' }).click();
  await press('Take this rule out of its group', 1);
  await press('Remove this group');
  expect(await inner.count()).toBe(0);
  expect(complaints).toEqual([]);
});
