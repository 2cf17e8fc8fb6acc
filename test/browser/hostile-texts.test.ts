import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';

afterAll(closeBrowser);

const SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const LONG = 'x'.repeat(150);

it.each([
  ['a script', SCRIPT],
  ['a very long text', LONG],
  ['text from right to left', 'مرحبا بالعالم 12345'],
  ['emoji', '🚚📦 👩‍👩‍👧'],
])('%s stays text, as the name of a webhook, in events and in responses', async (_what, text) => {
  const running = await startTestWaybill('postgres');
  const receiver = await startReceiver();
  receiver.answer(() => ({ status: 500, body: text, headers: { 'content-type': 'text/html' } }));
  await running.api.post('/v1/accounts/acme/webhooks', {
    name: text,
    url: receiver.url,
    events: ['*'],
    retry: { schedule: [3600] },
  });
  await publish(running.api, 'acme', { subject: text, data: { note: text } });
  const { page, complaints } = await openPage();
  await becomeOwner(page, running);
  const deliveries = await eventually(async () => {
    const { data } = (await running.api.get('/v1/accounts/acme/deliveries')).body;
    expect(data[0].attemptCount).toBe(1);
    return data;
  });
  for (const path of ['webhooks', 'deliveries', 'events', `deliveries/${deliveries[0].id}`]) {
    await page.goto(`${running.url}/accounts/acme/${path}`);
    await page.getByText(text, { exact: false }).first().waitFor();
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wider, `${path} is wider than the window`).toBe(false);
  }
  expect(complaints).toEqual([]);
  await receiver.close();
});
