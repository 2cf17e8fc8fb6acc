import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { startTestWaybill } from '../support/waybill.ts';

const OLD = 'old-platform-key-0123456789';
const NEW = 'new-platform-key-0123456789';

describe("the platform's keys", () => {
  it('a changed WAYBILL_API_KEY takes the place of the one before, and can be changed back', async () => {
    const database = await createTestDatabase('postgres');
    const first = await startTestWaybill('postgres', { ...database, apiKey: OLD });
    expect((await first.api.withKey(OLD).get('/v1/accounts')).status).toBe(200);
    await first.stop();

    const second = await startTestWaybill('postgres', { ...database, apiKey: NEW });
    expect((await second.api.withKey(OLD).get('/v1/accounts')).status).toBe(401);
    expect((await second.api.withKey(NEW).get('/v1/accounts')).status).toBe(200);
    await second.stop();

    const third = await startTestWaybill('postgres', { ...database, apiKey: OLD });
    expect((await third.api.withKey(OLD).get('/v1/accounts')).status).toBe(200);
    expect((await third.api.withKey(NEW).get('/v1/accounts')).status).toBe(401);
  });

  it("an account's key is refused as the platform's", async () => {
    const database = await createTestDatabase('postgres');
    const { api } = await startTestWaybill('postgres', database);
    const { key } = (await api.post('/v1/accounts/acme/keys')).body;
    await expect(startTestWaybill('postgres', { ...database, apiKey: key })).rejects.toMatchObject({
      code: 'misconfigured',
    });
    expect((await api.withKey(key).get('/v1/accounts')).status).toBe(404);
  });

  it('the platform makes and revokes keys of its own, but never the last one', async () => {
    const { api } = await startTestWaybill('postgres');
    const made = await api.post('/v1/keys', { name: 'deploy' });
    expect(made.status).toBe(201);
    const other = api.withKey(made.body.key);
    const listed = (await other.get('/v1/keys')).body.data;
    expect(listed.map((key: { name: string }) => key.name).sort()).toEqual(['WAYBILL_API_KEY', 'deploy']);

    const given = listed.find((key: { name: string }) => key.name === 'WAYBILL_API_KEY');
    expect((await other.delete(`/v1/keys/${given.id}`)).status).toBe(204);
    expect((await api.get('/v1/accounts')).status).toBe(401);
    const last = await other.delete(`/v1/keys/${made.body.id}`);
    expect([last.status, last.body.code]).toEqual([409, 'last_platform_key']);
    expect((await other.get('/v1/accounts')).status).toBe(200);
  });
});
