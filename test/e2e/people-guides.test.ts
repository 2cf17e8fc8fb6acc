import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createBrowser, startWithOwner, tokenIn } from '../support/people.ts';
import { startTestWaybill } from '../support/waybill.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8');
const PEOPLE = read('people-and-roles');
const PORTAL = read('portal');

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever fields it expects.
function exampleOf(guide: string, heading: string): any {
  const text = guide.split(`\`\`\`json ${heading}\n`)[1]?.split('\n```')[0];
  if (text === undefined) throw new Error(`the guide has no example of ${heading}`);
  return JSON.parse(text);
}

describe('the guide to people and roles', () => {
  it('leads from the first start to the audit log, as it is written', async () => {
    const { waybill, url } = await startTestWaybill('postgres');
    const anna = createBrowser(url);
    const token = tokenIn((await waybill.people.ownerLink.first()) ?? '');
    const setup = await anna.post('/v1/setup', { ...exampleOf(PEOPLE, 'POST /v1/setup'), token });
    expect(setup.status, setup.text).toBe(201);
    expect((await anna.get('/v1/me')).body).toMatchObject(exampleOf(PEOPLE, 'GET /v1/me'));

    const invite = '/v1/accounts/acme/invitations';
    const invited = await anna.post(invite, exampleOf(PEOPLE, `POST ${invite}`));
    const link = { token: tokenIn(invited.body.url) };
    const bo = createBrowser(url);
    const look = await bo.post('/v1/invitation/look', {
      ...exampleOf(PEOPLE, 'POST /v1/invitation/look'),
      ...link,
    });
    expect(look.body.role).toBe('admin');
    const accept = exampleOf(PEOPLE, 'POST /v1/invitation/accept');
    expect((await bo.post('/v1/invitation/accept', { ...accept, ...link })).status).toBe(201);
    await bo.post('/v1/sign-out');
    expect((await bo.post('/v1/sign-in', exampleOf(PEOPLE, 'POST /v1/sign-in'))).status).toBe(200);

    await bo.request('PUT', '/v1/accounts/acme/channels/web', { title: 'Web shop' });
    const log = '/v1/accounts/acme/audit-log?action=channel&limit=1';
    expect((await bo.get(log)).body).toMatchObject(exampleOf(PEOPLE, `GET ${log}`));
  });

  it('tells of the roles what holds', async () => {
    const { invite } = await startWithOwner('postgres');
    for (const role of ['owner', 'admin', 'viewer']) {
      const { browser } = await invite('acme', role);
      const { may } = (await browser.get('/v1/me')).body.accounts[0];
      const [, , looks, changes, people] =
        PEOPLE.split('\n')
          .find((line) => line.startsWith(`| \`${role}\``))
          ?.split('|')
          .map((cell) => cell.trim()) ?? [];
      const told = [looks, changes, people].map((cell) => cell?.startsWith('yes'));
      expect(told, role).toEqual(['look', 'change', 'people'].map((one) => may.includes(one)));
    }
  });
});

describe('the guide to the portal', () => {
  it('shows what is asked and answered', async () => {
    const { api } = await startTestWaybill('postgres', { publicUrl: 'https://hooks.example.com' });
    const path = '/v1/accounts/acme/portal-links';
    const link = await api.post(path, exampleOf(PORTAL, `POST ${path}`));
    expect(link.status).toBe(201);
    expect(link.body.url.replace(/=.*/, '=…')).toBe(exampleOf(PORTAL, '201').url);
    const opened = await api.post('/v1/portal/session', { token: tokenIn(link.body.url) });
    const second = exampleOf(PORTAL.slice(PORTAL.indexOf('## What the page does')), '201');
    expect(Object.keys(opened.body)).toEqual(Object.keys(second));
    expect({ ...opened.body, token: 'wbp_…', expiresAt: second.expiresAt }).toEqual(second);
  });

  it('names the variables there are, for what they do', () => {
    const config = loadConfig(
      {},
      {
        WAYBILL_FRAME_ORIGINS: 'https://shop.example.com',
        WAYBILL_PUBLIC_URL: 'https://hooks.example.com',
        WAYBILL_BRAND_NAME: 'Shop',
        WAYBILL_BRAND_LOGO_URL: 'https://cdn.example.com/logo.svg',
        WAYBILL_BRAND_COLOR: '#1a7f37',
      },
    );
    expect(config).toMatchObject({
      frameOrigins: ['https://shop.example.com'],
      publicUrl: 'https://hooks.example.com',
      branding: { name: 'Shop', logoUrl: 'https://cdn.example.com/logo.svg', color: '#1a7f37' },
    });
    const named = [...PORTAL.matchAll(/^\| `(WAYBILL_\w+)`/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([
      'WAYBILL_BRAND_COLOR',
      'WAYBILL_BRAND_LOGO_URL',
      'WAYBILL_BRAND_NAME',
      'WAYBILL_FRAME_ORIGINS',
      'WAYBILL_PUBLIC_URL',
    ]);
  });
});
