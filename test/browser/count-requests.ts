import type { Page } from 'playwright-core';

/** Counts from now on. @returns how often the page has asked for a change at such an address */
export function countRequests(page: Page): (address: RegExp) => number {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') asked.push(new URL(request.url()).pathname);
  });
  return (address) => asked.filter((path) => address.test(path)).length;
}
