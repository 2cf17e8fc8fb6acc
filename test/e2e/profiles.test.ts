import { describe, expect, it, onTestFinished } from 'vitest';
import { SIGNATURE } from '../support/profiles.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const WEBHOOKS = '/v1/accounts/acme/webhooks';
const TEXT_SECRET = 'a-shared-secret-in-plain-text';

async function start() {
  const { api } = await startTestWaybill('postgres');
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const create = (more: object) => api.post(WEBHOOKS, { url: receiver.url, events: ['*'], ...more });
  return { api, receiver, create };
}

const fieldsOf = ({ status, body }: { status: number; body: { errors?: { path: string }[] } }) => [
  status,
  ...(body.errors ?? []).map(({ path }) => path),
];

describe('the profile of a webhook', () => {
  it('is one of those that are listed, each with its title and policies', async () => {
    const { api, create } = await start();
    const { data } = (await api.get('/v1/profiles')).body;
    const names = data.map(({ name }: { name: string }) => name);
    expect(names).toContain('standard-webhooks');
    expect(names).toEqual([...names].sort());
    const scrollengine = data.find(({ name }: { name: string }) => name === 'scrollengine');
    expect(scrollengine).toMatchObject({ title: 'Scrollengine', retry: { schedule: [60, 300, 1800] } });
    for (const { name, httpsOnly } of data) {
      const { status } = await create({ profile: name });
      expect([name, status]).toEqual([name, httpsOnly ? 400 : 201]);
    }
  });

  it('decides what a secret must be, also when it or the secret is changed', async () => {
    const { api, create } = await start();
    expect(fieldsOf(await create({ secret: TEXT_SECRET }))).toEqual([400, 'secret']);
    const { status, body } = await create({ profile: 'scrollengine', secret: TEXT_SECRET });
    expect(status).toBe(201);
    const one = `${WEBHOOKS}/${body.id}`;
    expect(fieldsOf(await api.patch(one, { profile: 'standard-webhooks' }))).toEqual([400, 'secret']);
    expect((await api.get(one)).body.profile).toBe('scrollengine');
    expect((await api.patch(one, { profile: 'velourcity' })).status).toBe(200);

    const standard = await create({});
    const rotate = `${WEBHOOKS}/${standard.body.id}/secret/rotate`;
    expect(fieldsOf(await api.post(rotate, { secret: TEXT_SECRET }))).toEqual([400, 'secret']);
  });

  it('that wants https refuses http even where http is allowed, also when it is changed to', async () => {
    const { api, create } = await start();
    expect(fieldsOf(await create({ profile: 'nshift' }))).toEqual([400, 'url']);
    const { body } = await create({});
    expect(fieldsOf(await api.patch(`${WEBHOOKS}/${body.id}`, { profile: 'nshift' }))).toEqual([400, 'url']);
    expect((await api.get(`${WEBHOOKS}/${body.id}`)).body.profile).toBe('standard-webhooks');
  });

  it("sets its own headers: a webhook can't set them in any letter case", async () => {
    const { create } = await start();
    const headers = { 'x-velourcity-SIGNATURE': 'forged', 'X-Shop': 'one' };
    expect(fieldsOf(await create({ profile: 'velourcity', headers }))).toEqual([
      400,
      'headers.x-velourcity-SIGNATURE',
    ]);
    expect((await create({ headers: { 'X-Velourcity-Event': 'fine with another profile' } })).status).toBe(
      201,
    );
  });

  it('two webhooks with different profiles get one event each in its own form', async () => {
    const { api, receiver, create } = await start();
    await create({ profile: 'github', url: `${receiver.url}github` });
    await create({ profile: 'scrollengine', url: `${receiver.url}scrollengine` });
    const data = '{"total": 1.10}';
    const time = '2026-03-13T14:30:00Z';
    await api.post(
      '/v1/accounts/acme/events',
      `{"type":"order.created","occurredAt":"${time}","data":${data}}`,
    );
    const requests = await receiver.waitFor(2);
    const bodyTo = (path: string) => requests.find((request) => request.path === path)?.body;
    expect(bodyTo('/github')).toBe(data);
    expect(bodyTo('/scrollengine')).toBe(`{"event":"order.created","timestamp":"${time}","data":${data}}`);
  });

  it('that counts 200 alone as success takes a 204 for a failure, and says so', async () => {
    const { api, receiver, create } = await start();
    receiver.answer(204);
    await create({ profile: 'scurri', retry: { schedule: [] } });
    await api.post('/v1/accounts/acme/events', { type: 'tracking_update', data: { trackings: [] } });
    await receiver.waitFor(1);
    const failed = async () => (await api.get('/v1/accounts/acme/deliveries?status=failed')).body.data[0];
    await expect.poll(failed).toMatchObject({ lastStatusCode: 204 });
    expect((await failed()).lastFailureReason).toBe(
      "answered 204 No Content, which its profile doesn't take for success",
    );
  });
});

describe('code examples', () => {
  it('are those of the webhook’s profile, in the language that is asked for', async () => {
    const { api, create } = await start();
    const { id } = (await create({ profile: 'velourcity', secret: TEXT_SECRET })).body;
    const path = `${WEBHOOKS}/${id}/code-examples`;
    const all = (await api.get(path)).body;
    expect(all).toEqual((await api.get('/v1/profiles/velourcity/code-examples')).body);
    expect(all.data.map(({ language }: { language: string }) => language)).toEqual([
      'node',
      'python',
      'php',
      'ruby',
      'go',
      'java',
      'csharp',
    ]);
    for (const { code } of all.data) expect(code).toMatch(/velourcity.signature/i);
    expect(JSON.stringify(all)).not.toContain(TEXT_SECRET);
    const go = await api.get(`${path}?language=go`);
    expect(go.body).toEqual({ data: [all.data[4]], nextCursor: null });
    expect(fieldsOf(await api.get(`${path}?language=cobol`))).toEqual([400, 'language']);
    expect((await api.get(`${WEBHOOKS}/wh_${'0'.repeat(32)}/code-examples`)).status).toBe(404);
    expect((await api.get('/v1/profiles/none/code-examples')).status).toBe(404);
  });

  it('of a profile no receiver can verify are refused, with what to change', async () => {
    const { api, create } = await start();
    const signature = { ...SIGNATURE, content: '{event.id}.{body}' };
    const profile = { body: 'event.data', signatures: [signature] };
    const preset = { name: 'acme', title: 'Acme', description: 'Own.', profile, eventTypes: [] };
    const imported = await api.post('/v1/catalogs/acme/import', preset);
    expect(imported.status, imported.text).toBe(200);
    const { id } = (await create({ profile: 'acme' })).body;
    const { status, body } = await api.get(`${WEBHOOKS}/${id}/code-examples`);
    expect([status, body.code]).toEqual([409, 'not_verifiable']);
  });
});
