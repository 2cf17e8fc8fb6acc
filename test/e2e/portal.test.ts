import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { tokenIn } from '../support/people.ts';
import { startTestWaybill } from '../support/waybill.ts';

const LINKS = '/v1/accounts/acme/portal-links';

describe.each(E2E_DATABASE_KINDS)('the portal on %s', (kind) => {
  it('a link opens one session of one account, once, and the session ends when it is told to', async () => {
    const clock = createTestClock();
    const { api, waybill } = await startTestWaybill(kind, { clock });
    const link = await api.post(LINKS, { name: 'Bo at Acme' });
    expect(link.status).toBe(201);
    expect(link.body).toEqual({
      id: expect.stringMatching(/^pln_[0-9a-f]{32}$/),
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/portal#token=[\w-]{43}$/),
      expiresAt: new Date(clock.now() + 5 * 60_000).toISOString(),
    });
    const token = tokenIn(link.body.url);
    const answers = await Promise.all([1, 2, 3].map(() => api.post('/v1/portal/session', { token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
    const opened = answers.find(({ status }) => status === 201);
    expect(opened?.body).toEqual({
      token: expect.stringMatching(/^wbp_[\w-]{43}$/),
      account: 'acme',
      role: 'admin',
      expiresAt: new Date(clock.now() + 8 * 3600_000).toISOString(),
    });
    expect(opened?.headers.getSetCookie()).toEqual([]);

    const bo = api.withKey(opened?.body.token);
    expect((await bo.get('/v1/me')).body).toMatchObject({
      kind: 'portal',
      id: link.body.id,
      name: 'Bo at Acme',
      platform: null,
      accounts: [{ id: 'acme', role: 'admin', may: ['look', 'change'] }],
      expiresAt: opened?.body.expiresAt,
    });
    const webhook = { url: 'https://x.example/', events: ['*'] };
    expect((await bo.post('/v1/accounts/acme/webhooks', webhook)).status).toBe(201);
    expect((await bo.post('/v1/accounts/other/webhooks', webhook)).status).toBe(404);
    expect((await bo.post(LINKS)).status).toBe(404);

    expect((await bo.delete('/v1/portal/session')).status).toBe(204);
    expect((await bo.get('/v1/me')).status).toBe(401);
    const { rows } = await waybill.transaction((tx) =>
      tx.query<{ row: string }>(
        'select l::text as row from waybill.portal_links l union all select a::text from waybill.audit_log a',
      ),
    );
    expect(rows.map(({ row }) => row).join()).not.toContain(token);
  });

  it('link and session expire, each when it should', async () => {
    const clock = createTestClock();
    const { api } = await startTestWaybill(kind, { clock });
    const open = async (body: object, waitMs: number) => {
      const { url } = (await api.post(LINKS, body)).body;
      clock.advance(waitMs);
      return api.post('/v1/portal/session', { token: tokenIn(url) });
    };
    expect((await open({}, 5 * 60_000)).body.code).toBe('link_invalid');
    expect((await open({}, 5 * 60_000 - 1)).status).toBe(201);
    expect((await open({ expiresInSeconds: 3600 }, 3600_000 - 1)).status).toBe(201);
    const short = await open({ sessionSeconds: 60 }, 0);
    const visitor = api.withKey(short.body.token);
    clock.advance(59_999);
    expect((await visitor.get('/v1/accounts/acme')).status).toBe(200);
    clock.advance(1);
    expect((await visitor.get('/v1/accounts/acme')).status).toBe(401);
  });
});

describe('portal links', () => {
  it.each([
    [{ expiresInSeconds: 3601 }, 'expiresInSeconds'],
    [{ expiresInSeconds: 0 }, 'expiresInSeconds'],
    [{ sessionSeconds: 86_401 }, 'sessionSeconds'],
    [{ role: 'owner' }, 'role'],
    [{ name: 'a\nb' }, 'name'],
    [{ account: 'other' }, 'account'],
  ])('%j is refused', async (body, path) => {
    const { api } = await startTestWaybill('postgres');
    const answer = await api.post(LINKS, body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, path]);
  });

  it('begin with where people reach us', async () => {
    const { api } = await startTestWaybill('postgres', { publicUrl: 'https://hooks.shop.example' });
    expect((await api.post(LINKS)).body.url).toMatch(/^https:\/\/hooks\.shop\.example\/portal#token=/);
  });
});

describe('branding', () => {
  it('is that of the platform, for anybody to read', async () => {
    const branding = { name: 'Shop', logoUrl: 'https://cdn.shop.example/logo.svg', color: '#1a7f37' };
    const { url } = await startTestWaybill('postgres', { branding });
    expect(await (await fetch(`${url}/v1/branding`)).json()).toEqual(branding);
    const plain = await startTestWaybill('postgres');
    const nothing = { name: null, logoUrl: null, color: null };
    expect(await (await fetch(`${plain.url}/v1/branding`)).json()).toEqual(nothing);
  });
});
