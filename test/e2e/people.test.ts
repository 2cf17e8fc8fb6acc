import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { createBrowser, startWithOwner, tokenIn } from '../support/people.ts';
import { startTestWaybill } from '../support/waybill.ts';

const DAY_MS = 24 * 3600 * 1000;

describe.each(E2E_DATABASE_KINDS)('signing in on %s', (kind) => {
  it('the owner comes by the link of the first start, which works once', async () => {
    const { waybill, url, api } = await startTestWaybill(kind);
    const link = (await waybill.people.ownerLink.first()) ?? '';
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup#token=[\w-]{43}$/);
    expect(await waybill.people.ownerLink.first(), 'printed once').toBeUndefined();

    const browser = createBrowser(url);
    const owner = { email: 'Anna@Shop.example', name: 'Anna', password: 'correct horse' };
    const wrong = await browser.post('/v1/setup', { token: 'x'.repeat(43), ...owner });
    expect([wrong.status, wrong.body.code]).toEqual([404, 'link_invalid']);
    const made = await browser.post('/v1/setup', { token: tokenIn(link), ...owner });
    expect(made.status).toBe(201);
    expect((await browser.get('/v1/me')).body).toEqual({
      kind: 'user',
      id: made.body.id,
      name: 'Anna',
      email: 'anna@shop.example',
      platform: { role: 'owner', may: ['look', 'change', 'people'] },
      accounts: [],
      expiresAt: expect.stringMatching(/Z$/),
    });

    const again = await createBrowser(url).post('/v1/setup', { token: tokenIn(link), ...owner });
    expect([again.status, again.body.code]).toEqual([404, 'link_invalid']);
    const renewed = await api.post('/v1/owner-link');
    expect([renewed.status, renewed.body.code]).toEqual([409, 'owner_exists']);
  });

  it('a session ends when it is signed out of, after 7 days, and everywhere when the password changes', async () => {
    const clock = createTestClock();
    const { api, url, owner, credentials } = await startWithOwner(kind, { clock });
    const second = createBrowser(url);
    expect((await second.post('/v1/sign-in', credentials)).status).toBe(200);
    const third = createBrowser(url);
    clock.advance(60_000);
    await third.post('/v1/sign-in', credentials);
    expect((await third.post('/v1/sign-out')).status).toBe(204);
    expect((await third.get('/v1/me')).status).toBe(401);
    const [member] = (await api.get('/v1/users')).body.data;
    expect(member.lastSignInAt, 'outlasts the session').toBe(new Date(clock.now()).toISOString());

    const { cookie } = third;
    const change = { currentPassword: credentials.password, newPassword: 'another horse' };
    const wrong = await owner.post('/v1/me/password', { ...change, currentPassword: 'wrong horse' });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'wrong_password']);
    expect((await owner.post('/v1/me/password', change)).status).toBe(204);
    expect((await owner.get('/v1/me')).status).toBe(200);
    expect((await second.get('/v1/me')).status).toBe(401);
    expect((await createBrowser(url, cookie).get('/v1/me')).status).toBe(401);
    expect((await second.post('/v1/sign-in', credentials)).status).toBe(401);
    const fresh = { ...credentials, password: change.newPassword };
    expect((await second.post('/v1/sign-in', fresh)).status).toBe(200);

    clock.advance(7 * DAY_MS + 60_000);
    expect((await owner.get('/v1/me')).status).toBe(401);
  });

  it('neither passwords nor tokens of sessions and links are in the database', async () => {
    const { waybill, owner, credentials, ownerToken } = await startWithOwner(kind);
    const { body } = await owner.post('/v1/invitations', { email: 'b@shop.example', role: 'viewer' });
    const { rows } = await waybill.transaction((tx) =>
      tx.query<{ row: string }>(`
        select t::text as row from waybill.users t union all select t::text from waybill.user_credentials t
        union all select t::text from waybill.user_sessions t union all select t::text from waybill.invitations t
        union all select t::text from waybill.audit_log t union all select t::text from waybill.owner_link t`),
    );
    const dump = rows.map(({ row }) => row).join('\n');
    const session = decodeURIComponent(owner.cookie).split('=')[1]?.split('.')[0] ?? '';
    expect(session.length).toBeGreaterThan(20);
    expect(dump).toContain('anna@shop.example');
    const secrets = [credentials.password, ownerToken, session, tokenIn(body.url)];
    expect(secrets.filter((secret) => dump.includes(secret))).toEqual([]);
  });

  it('attempts are limited by e-mail, known or not, and let through again after 15 minutes', async () => {
    const clock = createTestClock();
    const { url, credentials } = await startWithOwner(kind, { clock });
    for (const email of [credentials.email, 'nobody@shop.example']) {
      const browser = createBrowser(url);
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        const { status, body } = await browser.post('/v1/sign-in', { email, password: 'wrong horse' });
        expect([status, body.code, body.detail]).toEqual([
          401,
          'sign_in_failed',
          'The e-mail or the password is wrong.',
        ]);
      }
      const limited = await browser.post('/v1/sign-in', { email, password: credentials.password });
      expect([limited.status, limited.body.code]).toEqual([429, 'too_many_attempts']);
      expect(limited.headers.get('retry-after')).toBe('900');
    }
    clock.advance(15 * 60_000);
    expect((await createBrowser(url).post('/v1/sign-in', credentials)).status).toBe(200);
  });

  it('somebody invited comes with the role they were given; the link works once, and can be taken back', async () => {
    const { url, owner, api } = await startWithOwner(kind);
    const users = '/v1/accounts/acme/users';
    const invitations = '/v1/accounts/acme/invitations';
    const invite = (role: string) => owner.post(invitations, { email: 'Bo@acme.example', role });
    const first = await invite('viewer');
    const second = await invite('admin');
    const bo = createBrowser(url);
    const accept = (link: string, more: object = {}) =>
      bo.post('/v1/invitation/accept', { token: tokenIn(link), password: 'long enough', ...more });
    expect((await accept(first.body.url, { name: 'Bo' })).body.code, 'the newest alone').toBe('link_invalid');
    const looked = await bo.post('/v1/invitation/look', { token: tokenIn(second.body.url) });
    expect(looked.body).toMatchObject({ email: 'bo@acme.example', role: 'admin', account: 'acme' });
    expect(looked.text).not.toContain('token');
    expect((await accept(second.body.url)).body.errors[0].path).toBe('name');
    expect((await accept(second.body.url, { name: 'Bo', password: 'too short' })).status).toBe(400);
    expect((await accept(second.body.url, { name: 'Bo' })).status).toBe(201);
    expect((await accept(second.body.url, { name: 'Bo' })).body.code).toBe('link_invalid');
    expect((await bo.get('/v1/me')).body).toMatchObject({
      platform: null,
      accounts: [{ id: 'acme', role: 'admin', may: ['look', 'change', 'people'] }],
    });
    expect((await bo.get(users)).body.data).toEqual([
      expect.objectContaining({ email: 'bo@acme.example', role: 'admin', name: 'Bo' }),
    ]);
    expect((await bo.get(invitations)).body.data).toEqual([]);
    expect((await invite('viewer')).body.code).toBe('already_member');

    const third = await owner.post(invitations, { email: 'cy@acme.example', role: 'viewer' });
    expect((await bo.delete(`${invitations}/${third.body.id}`)).status).toBe(204);
    const late = { token: tokenIn(third.body.url), name: 'Cy', password: 'long enough' };
    expect((await createBrowser(url).post('/v1/invitation/accept', late)).body.code).toBe('link_invalid');
    expect((await api.get(users)).body.data).toHaveLength(1);
  });

  it('somebody known here is invited elsewhere with the password they have', async () => {
    const { url, owner, credentials } = await startWithOwner(kind);
    const { body } = await owner.post('/v1/accounts/acme/invitations', {
      email: credentials.email,
      role: 'viewer',
    });
    const browser = createBrowser(url);
    const token = tokenIn(body.url);
    const stolen = await browser.post('/v1/invitation/accept', {
      token,
      name: 'Eve',
      password: 'not theirs at all',
    });
    expect([stolen.status, stolen.body.code]).toEqual([401, 'sign_in_failed']);
    const accepted = await browser.post('/v1/invitation/accept', { token, password: credentials.password });
    expect(accepted.status).toBe(201);
    expect((await browser.get('/v1/me')).body).toMatchObject({
      name: 'Anna',
      platform: { role: 'owner' },
      accounts: [{ id: 'acme', role: 'owner' }],
    });
  });

  it('an invitation expires after 7 days', async () => {
    const clock = createTestClock();
    const { url, api } = await startWithOwner(kind, { clock });
    const { body } = await api.post('/v1/invitations', { email: 'bo@shop.example', role: 'admin' });
    clock.advance(7 * DAY_MS);
    const late = { token: tokenIn(body.url), name: 'Bo', password: 'long enough' };
    expect((await createBrowser(url).post('/v1/invitation/accept', late)).body.code).toBe('link_invalid');
    expect((await api.get('/v1/invitations')).body.data).toEqual([]);
  });
});

describe('attempts to sign in', () => {
  it('are counted before passwords are looked at: of many at once no more are let through', async () => {
    const { url, credentials } = await startWithOwner('postgres');
    const browser = createBrowser(url);
    const wrong = { email: credentials.email, password: 'wrong horse' };
    const answers = await Promise.all(Array.from({ length: 14 }, () => browser.post('/v1/sign-in', wrong)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(10).fill(401),
      ...Array<number>(4).fill(429),
    ]);
  });

  it('a new password is one attempt: the last that is left suffices for it', async () => {
    const { owner, credentials } = await startWithOwner('postgres');
    const change = { currentPassword: 'wrong horse', newPassword: 'another horse' };
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      expect((await owner.post('/v1/me/password', change)).status).toBe(400);
    }
    const right = { ...change, currentPassword: credentials.password };
    expect((await owner.post('/v1/me/password', right)).status).toBe(204);
    expect((await owner.get('/v1/me')).status).toBe(200);
  });

  it('are limited by address as the proxy tells it, whatever the client has written before it', async () => {
    const { url, credentials } = await startWithOwner('postgres', { trustProxy: true });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const tries = Array.from({ length: 50 }, (_, index) =>
      createBrowser(url).post(
        '/v1/sign-in',
        { email: `nobody${index}@shop.example`, password: 'wrong horse' },
        from(`198.51.100.${index}, 192.0.2.1`),
      ),
    );
    expect(new Set((await Promise.all(tries)).map(({ status }) => status))).toEqual(new Set([401]));
    const limited = await createBrowser(url).post('/v1/sign-in', credentials, from('10.0.0.1, 192.0.2.1'));
    expect(limited.body.code).toBe('too_many_attempts');
    const elsewhere = await createBrowser(url).post('/v1/sign-in', credentials, from('192.0.2.2'));
    expect(elsewhere.status).toBe(200);
  });
});

describe('who may change whose role', () => {
  it('an invitation takes nothing from somebody who has come another way', async () => {
    const { waybill, url, api } = await startTestWaybill('postgres');
    const owner = { email: 'anna@shop.example', name: 'Anna', password: 'correct horse' };
    const invited = await api.post('/v1/invitations', { email: owner.email, role: 'viewer' });
    const anna = createBrowser(url);
    const token = tokenIn((await waybill.people.ownerLink.first()) ?? '');
    await anna.post('/v1/setup', { token, ...owner });
    const accept = { token: tokenIn(invited.body.url), password: owner.password };
    expect((await anna.post('/v1/invitation/accept', accept)).status).toBe(201);
    expect((await anna.get('/v1/me')).body.platform.role).toBe('owner');
  });

  it('the last owner stays one; of two, one may go', async () => {
    const { owner, ownerId, invite } = await startWithOwner('postgres');
    for (const answer of [
      await owner.request('PATCH', `/v1/users/${ownerId}`, { role: 'admin' }),
      await owner.delete(`/v1/users/${ownerId}`),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, 'last_owner']);
    }
    const bo = await invite(null, 'owner');
    const asked = await Promise.all([
      owner.request('PATCH', `/v1/users/${ownerId}`, { role: 'viewer' }),
      bo.browser.request('PATCH', `/v1/users/${bo.id}`, { role: 'viewer' }),
    ]);
    expect(asked.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('admins make neither owners nor unmake them; viewers change nothing', async () => {
    const { ownerId, invite } = await startWithOwner('postgres');
    const admin = await invite(null, 'admin');
    const viewer = await invite(null, 'viewer');
    const refused = [
      await admin.browser.post('/v1/invitations', { email: 'x@shop.example', role: 'owner' }),
      await admin.browser.request('PATCH', `/v1/users/${admin.id}`, { role: 'owner' }),
      await admin.browser.request('PATCH', `/v1/users/${ownerId}`, { role: 'viewer' }),
      await admin.browser.delete(`/v1/users/${ownerId}`),
      await viewer.browser.request('PATCH', `/v1/users/${viewer.id}`, { role: 'admin' }),
      await viewer.browser.post('/v1/invitations', { email: 'x@shop.example', role: 'viewer' }),
    ];
    for (const { status, body } of refused) expect([status, body.code]).toEqual([403, 'forbidden']);
    const demoted = await admin.browser.request('PATCH', `/v1/users/${admin.id}`, { role: 'viewer' });
    expect(demoted.body.role).toBe('viewer');
    expect(
      (await admin.browser.post('/v1/invitations', { email: 'x@y.example', role: 'viewer' })).status,
    ).toBe(403);
  });

  it('who is taken out is signed out, and forgotten when no role is left', async () => {
    const { waybill, owner, invite } = await startWithOwner('postgres');
    const bo = await invite('acme', 'admin');
    expect((await bo.browser.get('/v1/accounts/acme/users')).status).toBe(200);
    expect((await owner.delete(`/v1/accounts/acme/users/${bo.id}`)).status).toBe(204);
    expect((await bo.browser.get('/v1/me')).status).toBe(401);
    expect((await owner.delete(`/v1/accounts/acme/users/${bo.id}`)).status).toBe(404);
    const { rows } = await waybill.transaction((tx) => tx.query('select from waybill.users'));
    expect(rows).toHaveLength(1);
  });
});

describe('own sessions', () => {
  it('are listed with the one that asks marked, and ended one by one; those of others are not there', async () => {
    const { url, owner, credentials, invite } = await startWithOwner('postgres');
    const phone = createBrowser(url);
    await phone.post('/v1/sign-in', credentials, { 'user-agent': 'Phone/1.0' });
    const { data } = (await owner.get('/v1/me/sessions')).body;
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({ current: false, userAgent: 'Phone/1.0', address: '127.0.0.1' });
    expect(data[1]).toMatchObject({ current: true });
    const bo = await invite(null, 'owner');
    expect((await bo.browser.delete(`/v1/me/sessions/${data[0].id}`)).status).toBe(404);
    expect((await phone.get('/v1/me')).status).toBe(200);
    expect((await owner.delete(`/v1/me/sessions/${data[0].id}`)).status).toBe(204);
    expect((await phone.get('/v1/me')).status).toBe(401);
    expect((await owner.get('/v1/me')).status).toBe(200);
  });
});

describe('cookies', () => {
  it('are out of reach of scripts and of other sites; with https they are for https alone', async () => {
    const plain = await startWithOwner('postgres');
    const { headers } = await createBrowser(plain.url).post('/v1/sign-in', plain.credentials);
    const cookie = headers.getSetCookie().find((one) => one.includes('session_token')) ?? '';
    expect(cookie).toMatch(/^waybill\.session_token=/);
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=604800']) {
      expect(cookie).toContain(attribute);
    }
    expect(cookie).not.toContain('Secure');
    const secure = await startWithOwner('postgres', { publicUrl: 'https://hooks.shop.example' });
    const answer = await createBrowser(secure.url, '', 'https://hooks.shop.example').post(
      '/v1/sign-in',
      secure.credentials,
    );
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Secure-waybill\.session_token=.*; Secure/);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling of our site', { 'sec-fetch-site': 'same-site' }],
    ['another origin, told by an old browser', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['nobody says where', {}],
  ])('a change asked for with a cookie from %s is refused, and changes nothing', async (_, headers) => {
    const { url, owner } = await startWithOwner('postgres');
    const elsewhere = createBrowser(url, owner.cookie, null);
    const answer = await elsewhere.request('PUT', '/v1/accounts/acme', { name: 'Evil' }, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'cross_site_request']);
    expect((await owner.get('/v1/accounts/acme')).status).toBe(404);
    expect((await elsewhere.get('/v1/me')).status, 'reading needs no origin').toBe(200);
  });

  it('another site can not sign a browser in either; a program can', async () => {
    const { url, credentials } = await startWithOwner('postgres');
    const evil = createBrowser(url, '', 'https://evil.example');
    expect((await evil.post('/v1/sign-in', credentials)).body.code).toBe('cross_site_request');
    expect((await createBrowser(url, '', null).post('/v1/sign-in', credentials)).status).toBe(200);
  });

  it('one that was tampered with, or is of nobody, is none', async () => {
    const { url, owner } = await startWithOwner('postgres');
    const [name, value = ''] = owner.cookie.split('=');
    const forged = [`${name}=`, `${name}=x`, `${name}=x.y`, `${name}=${value.slice(0, -8)}AAAA%3D`, 'a=b'];
    for (const cookie of forged) {
      const { status, body } = await createBrowser(url, cookie).get('/v1/me');
      expect([status, body.code], cookie).toEqual([401, 'unauthorized']);
    }
  });
});
