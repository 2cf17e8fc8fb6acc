import { describe, expect, it } from 'vitest';
import { endpoints } from '../../src/http/endpoints.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createBrowser, startWithOwner, tokenIn } from '../support/people.ts';

const ACME = '/v1/accounts/acme';
const NOWHERE = 'http://127.0.0.1:9999/';

/** What each change is written down as; null: it is no change that somebody would ask for later. */
const ACTIONS: Record<string, string | null> = {
  publishEvents: null,
  explainDraft: null,
  previewDraft: null,
  explainWebhook: null,
  previewWebhook: null,
  signIn: null,
  signOut: null,
  lookAtInvitation: null,
  openPortal: null,
  closePortal: null,
  createWebhook: 'webhook.created',
  updateWebhook: 'webhook.updated',
  pauseWebhook: 'webhook.paused',
  resumeWebhook: 'webhook.resumed',
  testWebhook: 'webhook.tested',
  declineMissed: 'webhook.missed-declined',
  rotateSecret: 'webhook.secret-rotated',
  deleteWebhook: 'webhook.deleted',
  retryDelivery: 'delivery.retried',
  cancelDelivery: 'delivery.cancelled',
  runDeliveryNow: 'delivery.made-due',
  updateDelivery: 'delivery.priority-changed',
  replayWebhook: 'replay.started',
  pauseReplay: 'replay.paused',
  resumeReplay: 'replay.resumed',
  cancelReplay: 'replay.cancelled',
  acknowledgeAlert: 'alert.acknowledged',
  putChannel: 'channel.updated',
  putEventType: 'event-type.updated',
  deprecateEventType: 'event-type.updated',
  deleteEventType: 'event-type.deleted',
  importCatalog: 'preset.imported',
  deleteCatalog: 'preset.deleted',
  putAccount: 'account.created',
  updateAccount: 'account.updated',
  createApiKey: 'api-key.created',
  revokeApiKey: 'api-key.revoked',
  createPlatformKey: 'api-key.created',
  revokePlatformKey: 'api-key.revoked',
  changePassword: 'user.password-changed',
  revokeMySession: 'session.revoked',
  setUp: 'user.added',
  createOwnerLink: 'owner-link.created',
  createInvitation: 'invitation.created',
  revokeInvitation: 'invitation.revoked',
  acceptInvitation: 'user.added',
  changeUserRole: 'user.role-changed',
  removeUser: 'user.removed',
  createPlatformInvitation: 'invitation.created',
  revokePlatformInvitation: 'invitation.revoked',
  changePlatformUserRole: 'user.role-changed',
  removePlatformUser: 'user.removed',
  createPortalLink: 'portal-link.created',
  addAlertRecipient: 'alert-recipient.added',
  removeAlertRecipient: 'alert-recipient.removed',
  addPlatformAlertRecipient: 'alert-recipient.added',
  removePlatformAlertRecipient: 'alert-recipient.removed',
};

type Started = Awaited<ReturnType<typeof startWithOwner>>;

/** Does each of them once. Returns what was asked for, in order. */
async function doEverything({ url, owner, api, invite, credentials }: Started): Promise<string[]> {
  const done: string[] = [];
  const act = async (operationId: string, method: string, path: string, body: unknown = {}) => {
    const answer = await owner.request(method, path, body);
    expect(answer.status, `${operationId}: ${answer.text}`).toBeLessThan(300);
    done.push(operationId);
    return answer.body;
  };
  await act('putAccount', 'PUT', ACME, { name: 'Acme' });
  await act('updateAccount', 'PATCH', ACME, { name: 'Acme Ltd' });
  // Before there is a webhook, so that there is something to replay for a while.
  for (const data of [1, 2, 3]) await api.post(`${ACME}/events`, { type: 'order.created', data });
  const { id: hook } = await act('createWebhook', 'POST', `${ACME}/webhooks`, {
    url: NOWHERE,
    events: ['*'],
  });
  const one = `${ACME}/webhooks/${hook}`;
  await act('updateWebhook', 'PATCH', one, { name: 'Other', retry: { schedule: [] } });
  await act('pauseWebhook', 'POST', `${one}/pause`);
  const { deliveryId } = await act('testWebhook', 'POST', `${one}/test`);
  await act('runDeliveryNow', 'POST', `${ACME}/deliveries/${deliveryId}/run-now`);
  await act('updateDelivery', 'PATCH', `${ACME}/deliveries/${deliveryId}`, { priority: 9 });
  await act('cancelDelivery', 'POST', `${ACME}/deliveries/${deliveryId}/cancel`);
  await act('retryDelivery', 'POST', `${ACME}/deliveries/${deliveryId}/retry`);
  await act('resumeWebhook', 'POST', `${one}/resume`);
  await act('declineMissed', 'POST', `${one}/missed/decline`);
  const alert = await eventually(async () => (await api.get(`${ACME}/alerts`)).body.data[0]);
  await act('acknowledgeAlert', 'POST', `${ACME}/alerts/${alert.id}/acknowledge`);
  await act('rotateSecret', 'POST', `${one}/secret/rotate`);
  const since = { from: '2020-01-01T00:00:00Z', ratePerSecond: 0.01 };
  const { id: replay } = await act('replayWebhook', 'POST', `${one}/replay`, since);
  for (const action of ['pause', 'resume', 'cancel']) {
    await act(`${action}Replay`, 'POST', `${ACME}/replays/${replay}/${action}`);
  }
  await act('deleteWebhook', 'DELETE', one);
  await act('putChannel', 'PUT', `${ACME}/channels/web`, { title: 'Web shop' });
  await act('putEventType', 'PUT', '/v1/event-types/order.lost', { title: 'Lost' });
  await act('deprecateEventType', 'POST', '/v1/event-types/order.lost/deprecate');
  await act('deleteEventType', 'DELETE', '/v1/event-types/order.lost');
  await act('importCatalog', 'POST', '/v1/catalogs/scurri/import');
  await act('deleteCatalog', 'DELETE', '/v1/catalogs/scurri');
  const accountKey = await act('createApiKey', 'POST', `${ACME}/keys`);
  await act('revokeApiKey', 'DELETE', `${ACME}/keys/${accountKey.id}`);
  const platformKey = await act('createPlatformKey', 'POST', '/v1/keys');
  await act('revokePlatformKey', 'DELETE', `/v1/keys/${platformKey.id}`);
  await act('createPortalLink', 'POST', `${ACME}/portal-links`, { name: 'Bo at Acme' });
  for (const [scope, path] of [
    ['', ACME],
    ['Platform', '/v1'],
  ] as const) {
    const email = `x${scope}@shop.example`;
    const open = await act(`create${scope}Invitation`, 'POST', `${path}/invitations`, {
      email,
      role: 'admin',
    });
    const told = await act(`add${scope}AlertRecipient`, 'POST', `${path}/alert-recipients`, { email });
    await act(`remove${scope}AlertRecipient`, 'DELETE', `${path}/alert-recipients/${told.id}`);
    await act(`revoke${scope}Invitation`, 'DELETE', `${path}/invitations/${open.id}`);
    const { id } = await invite(scope === '' ? 'acme' : null, 'viewer');
    await act(`change${scope}UserRole`, 'PATCH', `${path}/users/${id}`, { role: 'admin' });
    await act(`remove${scope}User`, 'DELETE', `${path}/users/${id}`);
  }
  await createBrowser(url).post('/v1/sign-in', credentials);
  const [newest] = (await owner.get('/v1/me/sessions')).body.data;
  await act('revokeMySession', 'DELETE', `/v1/me/sessions/${newest.id}`);
  const passwords = { currentPassword: credentials.password, newPassword: 'another horse' };
  await act('changePassword', 'POST', '/v1/me/password', passwords);
  return done;
}

async function wholeLog({ api }: Started, query = '') {
  const entries = [];
  for (let cursor = ''; ; ) {
    const { body } = await api.get(`/v1/audit-log?limit=7${query}${cursor && `&cursor=${cursor}`}`);
    entries.push(...body.data);
    if (body.nextCursor === null) return entries.reverse();
    cursor = body.nextCursor;
  }
}

describe.each(E2E_DATABASE_KINDS)('the audit log on %s', (kind) => {
  it('has every change somebody makes over the API, in order, once, with who made it', async () => {
    const started = await startWithOwner(kind);
    const done = await doEverything(started);
    const log = await wholeLog(started, '&actor=anna@shop.example');
    const [setup, ...own] = log;
    expect(setup).toMatchObject({ action: 'user.added', actor: { kind: 'link' } });
    const wanted = done.map((operationId) => ACTIONS[operationId]);
    expect(own.map(({ action }) => action)).toEqual(wanted);
    for (const entry of own) {
      expect(entry.actor).toEqual({ kind: 'user', id: started.ownerId, name: 'anna@shop.example' });
      expect(entry.target.kind).toBe(entry.action.split('.')[0]);
    }
    const untried = Object.keys(ACTIONS).filter((name) => ACTIONS[name] && !done.includes(name));
    expect(untried.sort()).toEqual(['acceptInvitation', 'createOwnerLink', 'setUp']);
  });
});

describe('the audit log', () => {
  it('knows every endpoint that may change something', () => {
    const changing = endpoints.filter(({ method }) => method !== 'get');
    expect(changing.map(({ operationId }) => operationId).filter((name) => !(name in ACTIONS))).toEqual([]);
    expect(Object.keys(ACTIONS)).toHaveLength(changing.length);
  });

  it('shows before and after, and nothing that opens anything', async () => {
    const started = await startWithOwner('postgres');
    const { owner, api } = started;
    const made = await owner.post(`${ACME}/webhooks`, {
      url: 'https://x.example/hook?key=query-marker',
      events: ['*'],
      headers: { 'X-Api-Key': 'header-marker' },
      auth: { type: 'bearer', token: 'token-marker-0123456789' },
    });
    const path = `${ACME}/webhooks/${made.body.id}`;
    expect(made.status, made.text).toBe(201);
    await owner.request('PATCH', path, {
      name: 'Warehouse',
      events: ['order.*'],
      auth: null,
      batch: { maxItems: 5, maxWaitMs: 1_000 },
    });
    const key = (await owner.post(`${ACME}/keys`, { name: 'CI' })).body.key;
    const rotated = await owner.post(`${path}/secret/rotate`, { overlapSeconds: 3_600 });
    const { secret, previousExpiresAt } = rotated.body;
    await owner.post(`${path}/test`, { eventType: 'order.created' });
    const link = (await owner.post(`${ACME}/portal-links`)).body.url;
    const { text, body } = await api.get(`${ACME}/audit-log`);
    const updated = body.data.find((entry: { action: string }) => entry.action === 'webhook.updated');
    expect(updated).toMatchObject({
      account: 'acme',
      target: { kind: 'webhook', id: made.body.id },
      before: { events: ['*'], headers: { 'X-Api-Key': '[redacted]' } },
      after: { name: 'Warehouse', events: ['order.*'], auth: null, batch: { maxItems: 5, maxWaitMs: 1_000 } },
    });
    const created = body.data.find((entry: { action: string }) => entry.action === 'webhook.created');
    expect(created).toMatchObject({ before: null, after: { auth: '[redacted]' } });
    const rotation = body.data.find((entry: { action: string }) => entry.action === 'webhook.secret-rotated');
    const after = { name: 'Warehouse', overlapSeconds: 3_600, previousExpiresAt };
    expect(rotation).toMatchObject({ before: null, after });
    const tested = body.data.find((entry: { action: string }) => entry.action === 'webhook.tested');
    expect(tested.after).toEqual({ name: 'Warehouse', eventType: 'order.created' });
    const secrets = ['query-marker', 'header-marker', 'token-marker', key, secret, tokenIn(link)];
    expect(secrets.filter((one) => text.includes(one))).toEqual([]);
  });

  it('is filtered by who, what, on what and when; an account has its own alone', async () => {
    const { api, owner, ownerId, invite } = await startWithOwner('postgres');
    await owner.request('PUT', ACME, {});
    await owner.request('PUT', '/v1/accounts/other', {});
    const { body: account } = await api.post(`${ACME}/keys`, { name: 'CI' });
    const byKey = api.withKey(account.key);
    await byKey.request('PUT', `${ACME}/channels/web`, { title: 'Web' });
    const link = (await api.post(`${ACME}/portal-links`, { name: 'Bo at Acme' })).body;
    const portal = (await api.post('/v1/portal/session', { token: tokenIn(link.url) })).body;
    await api.withKey(portal.token).request('PUT', `${ACME}/channels/shop`, { title: 'Shop' });

    const actions = async (path: string) =>
      (await api.get(path)).body.data.map((entry: { action: string }) => entry.action);
    const log = `${ACME}/audit-log`;
    expect(await actions(`${log}?actor=${account.id}`)).toEqual(['channel.updated']);
    expect(await actions(`${log}?actor=CI`)).toEqual(['channel.updated']);
    expect(await actions(`${log}?actor=${encodeURIComponent('Bo at Acme')}&target=shop`)).toEqual([
      'channel.updated',
    ]);
    expect(await actions(`${log}?actor=${encodeURIComponent('o AT acm')}&target=shop`)).toEqual(
      await actions(`${log}?actor=${encodeURIComponent('Bo at Acme')}&target=shop`),
    );
    expect(await actions(`${log}?actor=${encodeURIComponent('%')}`)).toEqual([]);
    expect(await actions(`${log}?actor=${link.id}`)).toEqual(['channel.updated']);
    expect(await actions(`${log}?actor=${ownerId}`)).toEqual(['account.created']);
    expect(await actions(`${log}?action=channel`)).toEqual(['channel.updated', 'channel.updated']);
    expect(await actions(`${log}?action=channel.updated&target=web`)).toEqual(['channel.updated']);
    expect(await actions(`${log}?target=${account.id}`)).toEqual(['api-key.created']);
    expect(await actions(`${log}?to=2020-01-01T00:00:00Z`)).toEqual([]);
    expect(await actions(`${log}?from=2020-01-01T00:00:00Z&action=account`)).toEqual(['account.created']);
    expect(await actions('/v1/audit-log?account=other')).toEqual(['account.created']);
    expect(await actions('/v1/audit-log?action=account')).toHaveLength(2);
    expect((await byKey.get('/v1/accounts/other/audit-log')).status).toBe(404);
    expect((await byKey.get('/v1/audit-log')).status).toBe(404);
    const viewer = await invite('acme', 'viewer');
    expect((await viewer.browser.get(log)).status).toBe(200);
  });

  it('has nothing of what was refused, or what changed nothing', async () => {
    const { api, owner, invite } = await startWithOwner('postgres');
    const { id } = (await api.post(`${ACME}/webhooks`, { url: NOWHERE, events: ['*'], status: 'paused' }))
      .body;
    const before = (await api.get('/v1/audit-log')).body.data.length;
    await owner.post(`${ACME}/webhooks/${id}/pause`);
    await owner.request('PATCH', `${ACME}/webhooks/${id}`, { events: [] });
    await owner.post(`${ACME}/deliveries/dlv_${'0'.repeat(32)}/retry`);
    await owner.delete(`${ACME}/keys/key_${'0'.repeat(32)}`);
    expect((await api.get('/v1/audit-log')).body.data).toHaveLength(before);
    const { browser } = await invite('acme', 'viewer');
    const more = (await api.get('/v1/audit-log')).body.data.length;
    await browser.post(`${ACME}/webhooks/${id}/resume`);
    expect((await api.get('/v1/audit-log')).body.data).toHaveLength(more);
  });
});
