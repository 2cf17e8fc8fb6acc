import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const BARE = { name: 'acme', title: 'Acme', description: 'Deliveries.' };
const SIGNED = {
  header: 'X-S',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  key: 'text',
  content: '{body}',
  each: '{signature}',
  secrets: 'first',
};
const own = (more: object = {}) => ({
  ...BARE,
  profile: { body: 'event.data', signatures: [{ ...SIGNED, ...more }] },
});

describe('a preset that would leave webhooks without a wire format is refused', () => {
  it('one that shares the profile of a preset that has none itself', async () => {
    const { api } = await startTestWaybill('postgres');
    await api.post('/v1/catalogs/bare/import', { ...BARE, name: 'bare' });
    const { status } = await api.post('/v1/catalogs/acme/import', { ...BARE, profile: 'bare' });
    expect(status).toBe(400);
  });
  it('one that shares its own', async () => {
    const { api } = await startTestWaybill('postgres');
    await api.post('/v1/catalogs/acme/import', own());
    expect((await api.post('/v1/catalogs/acme/import', { ...BARE, profile: 'acme' })).status).toBe(400);
  });
  it('one that gives up a profile that others share', async () => {
    const { api } = await startTestWaybill('postgres');
    await api.post('/v1/catalogs/acme/import', own());
    await api.post('/v1/catalogs/other/import', { ...BARE, name: 'other', profile: 'acme' });
    await api.post('/v1/accounts/a/webhooks', {
      url: 'http://127.0.0.1:1/',
      events: ['*'],
      profile: 'other',
    });
    const { status } = await api.post('/v1/catalogs/acme/import', BARE);
    expect(status).not.toBe(200);
  });
  it('one whose keys the secrets of its webhooks are not', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    await api.post('/v1/catalogs/acme/import', own());
    await api.post('/v1/accounts/a/webhooks', {
      url: receiver.url,
      events: ['*'],
      profile: 'acme',
      secret: 'a-shared-secret',
    });
    const { status } = await api.post('/v1/catalogs/acme/import', own({ key: 'whsec' }));
    expect(status).not.toBe(200);
  });
});
