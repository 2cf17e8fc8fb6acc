import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, it } from 'vitest';
import { startTestWaybill } from '../support/waybill.ts';

const OF_ACME = '/v1/accounts/acme/openapi.json';
// A webhook goes to the URL its receiver has set up: there is no server to name.
const config = await createConfig({ extends: ['recommended'], rules: { 'no-empty-servers': 'off' } });

async function problemsOf(document: object): Promise<string[]> {
  const source = JSON.stringify(document);
  const problems = await lintFromString({ source, absoluteRef: '/webhooks.json', config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer}: ${message}`);
}

const OWN = {
  title: 'Return received',
  schema: { type: 'object', properties: { id: { type: 'string' }, reason: { type: 'string' } } },
  sample: { id: 'R-7', reason: 'damaged' },
  versions: { '2025': { payload: ['id'] }, '2026': { payload: ['id', 'reason'] } },
};

/** An account of the preset scurri, with a type of the platform's own in it. */
async function setUp() {
  const { api } = await startTestWaybill('postgres');
  await api.request('PUT', '/v1/accounts/acme', { preset: 'scurri' });
  await api.request('PUT', '/v1/event-types/return.received?preset=scurri', OWN);
  const acme = api.withKey((await api.post('/v1/accounts/acme/keys')).body.key);
  const create = async (input: object) => {
    const answer = await acme.post('/v1/accounts/acme/webhooks', { url: 'https://shop.example/', ...input });
    expect(answer.status, answer.text).toBe(201);
    return answer.body.id;
  };
  return { api, acme, create };
}

/** The members of a body, as an entry of a document says them. */
function bodyOf(entry: { post: { requestBody: { content: Record<string, { schema: object }> } } }) {
  return entry.post.requestBody.content['application/json'] as { schema: object; example: object };
}

it('describes what an account is sent, own and shared types alike, each version on its own', async () => {
  const { acme } = await setUp();
  const { status, body } = await acme.get(OF_ACME);
  expect(status).toBe(200);
  expect(await problemsOf(body)).toEqual([]);
  expect(Object.keys(body.webhooks).sort()).toEqual([
    'proof_of_delivery',
    'return.received@2025',
    'return.received@2026',
    'tracking_update@2024.1',
    'tracking_update@2025.1',
  ]);
  expect(JSON.stringify(bodyOf(body.webhooks['return.received@2025']).example)).not.toContain('damaged');
  expect(JSON.stringify(bodyOf(body.webhooks['return.received@2026']).example)).toContain('damaged');
});

it('describes it as the profile sends it that is asked for', async () => {
  const { acme } = await setUp();
  const { body } = await acme.get(`${OF_ACME}?profile=stripe`);
  expect(await problemsOf(body)).toEqual([]);
  // Of this profile's preset it is none: there it has no versions, and the data goes out as it was published.
  const { post } = body.webhooks['return.received'];
  expect(post.parameters.map(({ name }: { name: string }) => name)).toContain('Stripe-Signature');
  expect(bodyOf({ post }).example).toMatchObject({ data: OWN.sample });
  expect((await acme.get(`${OF_ACME}?profile=nobody`)).status).toBe(404);
});

it('describes what one webhook gets: its types, in its version, by its template', async () => {
  const { acme, create, api } = await setUp();
  const pinning = await create({ events: ['return.*'], payloadVersion: '2025' });
  const { body } = await acme.get(`${OF_ACME}?webhook=${pinning}`);
  expect(await problemsOf(body)).toEqual([]);
  expect(Object.keys(body.webhooks)).toEqual(['return.received']);
  expect(JSON.stringify(bodyOf(body.webhooks['return.received']).example)).not.toContain('damaged');

  const template = { mimeType: 'application/xml', template: '<id>{{ id }}</id>' };
  const written = await create({ events: ['*'], payload: template });
  const xml = (await acme.get(`${OF_ACME}?webhook=${written}`)).body;
  expect(await problemsOf(xml)).toEqual([]);
  const { content } = xml.webhooks['return.received'].post.requestBody;
  expect(content).toEqual({ 'application/xml': { schema: {} } });

  const both = await acme.get(`${OF_ACME}?webhook=${pinning}&profile=stripe`);
  expect({ status: both.status, path: both.body.errors[0].path }).toEqual({ status: 400, path: 'profile' });
  await api.request('PUT', '/v1/accounts/other', {});
  const other = api.withKey((await api.post('/v1/accounts/other/keys')).body.key);
  expect((await other.get(`/v1/accounts/other/openapi.json?webhook=${pinning}`)).status).toBe(404);
  expect((await other.get(OF_ACME)).status).toBe(404);
});
