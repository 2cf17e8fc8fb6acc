import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner } from './as-somebody.ts';

afterAll(closeBrowser);

/** Tries every way out of a dialog but its button, and waits for what it would show instead. */
async function staysOpen(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  const shown = await dialog.locator('pre').textContent();
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  expect(await dialog.getByRole('button', { name: 'Close' }).count()).toBe(0);
  // Longer than it takes to fade out, by the clock of the page.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 400)));
  expect(await dialog.locator('pre').textContent()).toBe(shown);
}

/** Closes it by its button, and tells whether there was ever a field again where the text was. */
async function closesWithoutItsForm(page: Page, button: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  const field = await page.evaluateHandle(() => {
    const seen = { again: false };
    new MutationObserver(() => {
      seen.again ||= document.querySelector('[role=dialog] form') !== null;
    }).observe(document.body, { childList: true, subtree: true });
    return seen;
  });
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await field.evaluate(({ again }) => again)).toBe(false);
}

it('somebody is invited, comes in, is made an admin and taken out; a key is made, shown once, and revoked', async () => {
  const running = await startTestWaybill('postgres');
  const { api, url } = running;
  await api.request('PUT', '/v1/accounts/acme');
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);

  await page.goto(`${url}/accounts/acme/people`);
  await page.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail address').fill('vera@acme.example');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const link = new URL((await dialog.locator('pre').textContent()) ?? '');
  await staysOpen(page);
  await closesWithoutItsForm(page, 'I have handed it over');
  await page.getByRole('cell', { name: 'vera@acme.example' }).waitFor();
  expect(await page.content()).not.toContain(link.hash);

  const guest = await openPage();
  await guest.page.goto(`${url}${link.pathname}${link.hash}`);
  await guest.page.getByLabel('Your name').fill('Vera Lund');
  await guest.page.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
  await guest.page.getByRole('button', { name: 'Come in' }).click();
  await guest.page.waitForURL(`${url}/accounts/acme`);
  await guest.page.goto(`${url}/accounts/acme/webhooks`);
  await guest.page.getByText('No webhooks yet').waitFor();
  expect(await guest.page.getByRole('link', { name: 'Add webhook' }).count()).toBe(0);

  // The list reads itself anew while somebody looks at it.
  await page.getByRole('combobox', { name: 'Role: Vera Lund' }).click();
  await page.getByRole('option', { name: 'Admin' }).click();
  await page.locator('input[value=Admin]').waitFor();
  await guest.page.reload();
  await guest.page.getByRole('link', { name: 'Add webhook' }).first().waitFor();
  const vera = page.getByRole('row').filter({ hasText: 'Vera Lund' });
  await vera.getByRole('button', { name: 'Take out' }).click();
  await dialog.getByRole('button', { name: 'Take out' }).click();
  await vera.waitFor({ state: 'detached' });
  await guest.page.goto(`${url}/accounts/acme/webhooks`);
  await guest.page.getByText('No webhooks yet').waitFor({ state: 'detached' });

  await page.goto(`${url}/accounts/acme/api-keys`);
  await page.getByRole('button', { name: 'New key' }).click();
  await dialog.getByLabel('Name').fill('Nightly import');
  // In a hurry, too, one key is made, and shown.
  await dialog.getByRole('button', { name: 'New key' }).dblclick();
  const key = (await dialog.locator('pre').textContent()) ?? '';
  const withKey = api.withKey(key);
  expect((await withKey.get('/v1/accounts/acme/events')).status).toBe(200);
  await staysOpen(page);
  await closesWithoutItsForm(page, 'I have kept it');
  const row = page.getByRole('row').filter({ hasText: 'Nightly import' });
  await row.getByText(key.slice(-4)).waitFor();
  expect((await api.get('/v1/accounts/acme/keys')).body.data).toHaveLength(1);
  await page.reload();
  await row.waitFor();
  expect(await page.content()).not.toContain(key);
  await row.getByRole('button').click();
  await dialog.getByRole('button').last().click();
  await row.waitFor({ state: 'detached' });
  expect((await withKey.get('/v1/accounts/acme/events')).status).toBe(401);

  // All of it is in the audit log of the platform, and can be taken away as a file.
  await page.goto(`${url}/platform/audit-log`);
  await page.getByRole('cell', { name: 'invitation.created' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const actions = Buffer.concat(chunks)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).action);
  expect(download.suggestedFilename()).toBe('audit-log.jsonl');
  expect(actions).toEqual(
    (await api.get('/v1/audit-log')).body.data.map((one: { action: string }) => one.action),
  );
  expect([...complaints, ...guest.complaints]).toEqual([]);
});
