import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { endpoints } from '../../src/http/endpoints.ts';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { type Browser, startWithOwner, tokenIn } from '../support/people.ts';

type Need = 'look' | 'change' | 'people';

/** What asks for nothing but to look, although it is a POST. */
const LOOKS = new Set(['explainDraft', 'previewDraft', 'explainWebhook', 'previewWebhook']);
const PEOPLE = new Set([
  'createInvitation',
  'revokeInvitation',
  'changeUserRole',
  'removeUser',
  'createPlatformInvitation',
  'revokePlatformInvitation',
  'changePlatformUserRole',
  'removePlatformUser',
  'createOwnerLink',
]);
/** What tells who the people of an account are, to all but guests of the portal. */
const OF_STAFF = new Set([
  'listUsers',
  'listInvitations',
  'listAuditLog',
  'listAlertRecipients',
  'addAlertRecipient',
  'removeAlertRecipient',
]);
const ALL: readonly Need[] = ['look', 'change', 'people'];
const WORK: readonly Need[] = ['look', 'change'];
const LOOK: readonly Need[] = ['look'];
const NONE: readonly Need[] = [];

/** The whole of who may do what: in the account acme, in the platform; and whether as a user. */
const MAY: Record<string, { acme: readonly Need[]; platform: readonly Need[]; user: boolean }> = {
  'the platform’s key': { acme: ALL, platform: ALL, user: false },
  'the platform’s owner': { acme: ALL, platform: ALL, user: true },
  'the platform’s admin': { acme: ALL, platform: ALL, user: true },
  'the platform’s viewer': { acme: LOOK, platform: LOOK, user: true },
  'the account’s key': { acme: WORK, platform: NONE, user: false },
  'the account’s owner': { acme: ALL, platform: NONE, user: true },
  'the account’s admin': { acme: ALL, platform: NONE, user: true },
  'the account’s viewer': { acme: LOOK, platform: NONE, user: true },
  'the portal’s admin': { acme: WORK, platform: NONE, user: false },
  'the portal’s viewer': { acme: LOOK, platform: NONE, user: false },
  'the owner of another account': { acme: NONE, platform: NONE, user: true },
  'the key of another account': { acme: NONE, platform: NONE, user: false },
};

function needOf({ method, operationId }: Endpoint): Need {
  if (PEOPLE.has(operationId)) return 'people';
  return method === 'get' || LOOKS.has(operationId) ? 'look' : 'change';
}

function expectedOf(endpoint: Endpoint, caller: string): 'allowed' | 'hidden' | 'forbidden' {
  const { acme, platform, user } = MAY[caller] as (typeof MAY)[string];
  if (endpoint.operationId === 'closePortal') return caller.includes('portal') ? 'allowed' : 'forbidden';
  if (endpoint.access === 'open' || endpoint.access === 'key') return 'allowed';
  if (endpoint.access === 'user') return user ? 'allowed' : 'forbidden';
  const may = endpoint.access === 'account' ? acme : platform;
  if (may.length === 0) return 'hidden';
  if (OF_STAFF.has(endpoint.operationId) && caller.includes('portal')) return 'forbidden';
  return may.includes(needOf(endpoint)) ? 'allowed' : 'forbidden';
}

function outcomeOf(answer: ApiAnswer): string {
  const { status } = answer;
  // Not every answer that isn't a problem is JSON.
  if (status < 400) return 'allowed';
  const { body } = answer;
  if (status === 403 && body.code === 'forbidden') return 'forbidden';
  // What is asked for isn't there: that is told to who may ask. What may not be seen at all has no name.
  if (status === 404 && body.detail === 'There is no such resource.') return 'hidden';
  return status === 401 ? 'unauthorized' : 'allowed';
}

async function callers(kind: 'postgres') {
  const { url, api, owner, invite } = await startWithOwner(kind);
  const portal = async (role: string) => {
    const link = await api.post('/v1/accounts/acme/portal-links', { role });
    const { body } = await api.post('/v1/portal/session', { token: tokenIn(link.body.url) });
    return api.withKey(body.token);
  };
  const keyOf = async (account: string) =>
    api.withKey((await api.post(`/v1/accounts/${account}/keys`)).body.key);
  const made: Record<string, ApiClient | Browser> = {
    'the platform’s key': api,
    'the platform’s owner': owner,
    'the platform’s admin': (await invite(null, 'admin')).browser,
    'the platform’s viewer': (await invite(null, 'viewer')).browser,
    'the account’s key': await keyOf('acme'),
    'the account’s owner': (await invite('acme', 'owner')).browser,
    'the account’s admin': (await invite('acme', 'admin')).browser,
    'the account’s viewer': (await invite('acme', 'viewer')).browser,
    'the portal’s admin': await portal('admin'),
    'the portal’s viewer': await portal('viewer'),
    'the owner of another account': (await invite('other', 'owner')).browser,
    'the key of another account': await keyOf('other'),
  };
  return { url, made };
}

/** Nothing that exists but the account: whether somebody may is decided before it is looked for. */
function pathOf(endpoint: Endpoint): string {
  return endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'account' ? 'acme' : 'nothing',
  );
}

describe('every endpoint, for every role', () => {
  it('does what the table says', async () => {
    const { made } = await callers('postgres');
    expect(Object.keys(made).sort()).toEqual(Object.keys(MAY).sort());
    const wrong: string[] = [];
    const seen = new Set<string>();
    for (const [name, caller] of Object.entries(made)) {
      // What ends the session that asks is called last.
      const ends = MAY[name]?.user ? 'signOut' : 'closePortal';
      const order = endpoints.toSorted(
        (a, b) => Number(a.operationId === ends) - Number(b.operationId === ends),
      );
      for (const endpoint of order) {
        if (endpoint.access === 'open') continue;
        const body = endpoint.method === 'get' ? undefined : {};
        const answer = await caller.request(endpoint.method.toUpperCase(), pathOf(endpoint), body);
        const [is, should] = [outcomeOf(answer), expectedOf(endpoint, name)];
        seen.add(should);
        if (is !== should) {
          wrong.push(
            `${name}, ${endpoint.operationId}: ${is}, not ${should} (${answer.status} ${answer.text})`,
          );
        }
      }
    }
    expect(wrong).toEqual([]);
    expect([...seen].sort()).toEqual(['allowed', 'forbidden', 'hidden']);
  }, 180_000);

  it('the table names nothing that is not there', () => {
    const known = new Set(endpoints.map(({ operationId }) => operationId));
    expect([...LOOKS, ...PEOPLE, ...OF_STAFF].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('what a role sees', () => {
  it('a viewer reads a webhook, asks what it would send, and changes nothing of it', async () => {
    const { api, invite } = await startWithOwner('postgres');
    const { browser } = await invite('acme', 'viewer');
    const path = '/v1/accounts/acme/webhooks';
    const { id } = (await api.post(path, { url: 'https://x.example/', events: ['*'] })).body;
    const before = (await api.get(`${path}/${id}`)).body;
    expect((await browser.get(`${path}/${id}`)).body).toEqual(before);
    expect((await browser.post(`${path}/${id}/explain`, {})).status).toBe(200);
    expect((await browser.post(`${path}/${id}/preview`, {})).status).toBe(200);
    for (const answer of [
      await browser.request('PATCH', `${path}/${id}`, { name: 'mine' }),
      await browser.post(`${path}/${id}/pause`),
      await browser.post(`${path}/${id}/secret/rotate`),
      await browser.delete(`${path}/${id}`),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    }
    expect((await api.get(`${path}/${id}`)).body).toEqual(before);
  });

  it('somebody of several accounts says which one’s event types they mean, and sees no other’s', async () => {
    const { api, invite } = await startWithOwner('postgres');
    const { browser } = await invite('acme', 'viewer');
    expect((await browser.get('/v1/event-types')).status).toBe(200);
    expect((await browser.get('/v1/event-types?account=other')).status).toBe(404);
    const link = await api.post('/v1/accounts/other/invitations', {
      email: 'viewer1@shop.example',
      role: 'viewer',
    });
    await browser.post('/v1/invitation/accept', {
      token: tokenIn(link.body.url),
      password: 'correct horse',
    });
    expect((await browser.get('/v1/event-types')).body.errors[0].path).toBe('account');
    expect((await browser.get('/v1/event-types?account=other')).status).toBe(200);
  });
});
