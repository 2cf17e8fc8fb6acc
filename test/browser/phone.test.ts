import type { Page } from 'playwright-core';
import { afterAll, expect, it } from 'vitest';
import { closeBrowser, openPage } from '../support/browser.ts';
import { startTestWaybill } from '../support/waybill.ts';
import { becomeOwner } from './as-somebody.ts';
import { fillAccount } from './filled-account.ts';
import { screensOf } from './screens.ts';
import { visit } from './visit.ts';

afterAll(closeBrowser);

const WIDTH = 390;

/** How much wider the page is than the phone, and what can be pressed that is out of its reach. */
async function beyond(page: Page): Promise<string[]> {
  return page.evaluate((width) => {
    const wide = document.documentElement.scrollWidth - width;
    const controls = [...document.querySelectorAll('main button, main a, main input, main [role=tab]')];
    const scrolls = (element: Element): boolean => {
      for (let at: Element | null = element; at && at.tagName !== 'MAIN'; at = at.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
      }
      return false;
    };
    const lost = controls.filter((element) => {
      const { left, right, width: own } = element.getBoundingClientRect();
      return own > 1 && (left < 0 || right > width) && !scrolls(element);
    });
    return [
      ...(wide > 0 ? [`${wide} px too wide`] : []),
      ...lost.map((element) => element.outerHTML.slice(0, 120)),
    ];
  }, WIDTH);
}

it('on a phone every screen fits, and all that can be done on it is within reach', async () => {
  const running = await startTestWaybill('postgres');
  const subjects = await fillAccount(running);
  const { page } = await openPage({ width: WIDTH });
  await becomeOwner(page, running);
  const found: Record<string, string[]> = {};
  for (const screen of screensOf(subjects)) {
    await visit(page, running.url, screen);
    found[screen.name] = await beyond(page);
  }
  expect(Object.entries(found).filter(([, lost]) => lost.length > 0)).toEqual([]);

  // What leads elsewhere is behind one button, and goes away once it has.
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Accounts' }).click();
  await page.waitForURL(`${running.url}/accounts`);
  await page.getByRole('navigation').getByRole('link', { name: 'Accounts' }).waitFor({ state: 'hidden' });
}, 120_000);
