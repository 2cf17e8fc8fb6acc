import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';
import { becomeOwner, publish } from './as-somebody.ts';
import { type ScreenSubjects, screensOf } from './screens.ts';
import { visit } from './visit.ts';

afterAll(closeBrowser);

const TYPE_OF_PRESET = 'order.created';
/** With something that receivers may fail on, and something they needn't notice. */
const VERSIONS = {
  '2025': { schema: { type: 'object', properties: { id: { description: 'Of the order.' }, total: {} } } },
  '2026': { schema: { type: 'object', properties: { id: { description: 'Of the shop.' }, sum: {} } } },
};
const LARGE = { field: 'total', operator: 'greaterThan', value: 1000 };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** An account in which something has arrived, and something has failed. */
async function fill({ api }: TestWaybill): Promise<ScreenSubjects> {
  const receiver = await startReceiver();
  receiver.answer(({ path }) => (path === '/bad' ? 500 : 200));
  await api.request('PATCH', '/v1/accounts/acme', { preset: 'shopctrl' }).catch(() => undefined);
  await api.request('PUT', `/v1/event-types/${TYPE_OF_PRESET}`, { versions: VERSIONS });
  const good = await api.post('/v1/accounts/acme/webhooks', {
    name: 'Good',
    url: receiver.url,
    events: ['*'],
    condition: { mode: 'stop', any: [LARGE, { all: [LARGE, { any: [LARGE] }] }] },
  });
  await api.post('/v1/accounts/acme/webhooks', {
    name: 'Bad',
    url: `${receiver.url}bad`,
    events: ['order.created', 'order.paid', 'order.cancelled', 'order.shipped', 'parcel.delivered'],
    retry: { schedule: [] },
  });
  await publish(api, 'acme', { channel: 'web' });
  const failed = await eventually(async () => {
    const { data } = (await api.get('/v1/accounts/acme/deliveries?status=failed')).body;
    expect(data).toHaveLength(1);
    return data[0];
  });
  await receiver.close();
  return {
    account: 'acme',
    webhook: good.body.id,
    delivery: failed.id,
    event: failed.eventId,
    eventType: TYPE_OF_PRESET,
  };
}

/** What the page breaks, in light, and in dark of that what colours decide. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const light = await run(page, 'light', {});
  const dark = await run(page, 'dark', { runOnly: ['color-contrast', 'link-in-text-block'] });
  return [...light, ...dark];
}

async function run(page: Page, colorScheme: 'light' | 'dark', options: object): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(
    (scheme) => document.documentElement.dataset.mantineColorScheme === scheme,
    colorScheme,
  );
  // Colours fade over: half-way they are nobody's choice.
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const fading = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(fading.map(({ finished }) => finished));
  });
  const found = await page.evaluate(async (given) => {
    type Axe = { run(options: object): Promise<{ violations: Violation[] }> };
    return (await (globalThis as unknown as { axe: Axe }).axe.run(given)).violations;
  }, options);
  return found.map(
    ({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

it('no screen breaks a rule of axe, in light or in dark', async () => {
  const running = await startTestWaybill('postgres');
  const subjects = await fill(running);
  const { page, complaints } = await openPage();
  await page.goto(`${running.url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const found = { 'sign-in': await violations(page) } as Record<string, string[]>;
  await becomeOwner(page, running);
  for (const screen of screensOf(subjects)) {
    await visit(page, running.url, screen);
    found[screen.name] = await violations(page);
  }
  // In a colour that nobody could read on white, where there is most of it.
  const branding = { name: 'Nordic Parcel', logoUrl: null, color: '#ffd400' };
  await page.route('**/v1/branding', (route) => route.fulfill({ json: branding }));
  await visit(page, running.url, {
    name: 'in a colour',
    path: `/accounts/acme/webhooks/${subjects.webhook}`,
  });
  await page.getByText('Nordic Parcel').first().waitFor({ state: 'attached' });
  found['in a colour'] = await violations(page);
  expect(Object.entries(found).filter(([, broken]) => broken.length > 0)).toEqual([]);
  expect(complaints).toEqual([]);
}, 180_000);
