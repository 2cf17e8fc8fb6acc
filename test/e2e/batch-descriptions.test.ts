import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';

it('what a webhook with batches sends is what the description of its preset says of it', async () => {
  const { api } = await startTestWaybill('postgres');
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const { preset, type } = { preset: 'scurri', type: 'tracking_update' };
  const batch = { maxItems: 2, maxWaitMs: 1_000 };
  for (const profile of [preset, 'standard-webhooks']) {
    await api.post(`${ACCOUNT}/webhooks`, {
      url: receiver.url + profile,
      events: [type],
      profile,
      batch,
      ...(profile === preset && { payloadVersion: '2025.1' }),
    });
  }
  const { sample } = (await api.get(`/v1/event-types/${type}?preset=${preset}`)).body;
  await api.post(`${ACCOUNT}/events`, { events: [1, 2].map(() => ({ type, data: sample })) });
  await receiver.waitFor(2);

  const joined = receiver.requests.find(({ path }) => path === `/${preset}`);
  const document = (await api.get(`/openapi/webhooks.json?preset=${preset}&version=2025.1`)).body;
  expect(document.info.description).toContain('\n\n## Several events at once\n\n');
  expect(document.info.description).toContain('with the items of all events in `trackings` and `payload`');
  const { parameters, requestBody } = document.webhooks[type].post;
  const takes = (schema: object) =>
    new Ajv2020({ strict: false, validateFormats: false }).compile({
      ...schema,
      components: document.components,
    });
  const body = JSON.parse(joined?.body ?? '');
  expect(body.trackings).toHaveLength(2 * sample.trackings.length);
  const fits = takes(requestBody.content['application/json'].schema);
  expect(fits(body), JSON.stringify(fits.errors)).toBe(true);
  expect(joined?.headers['webhook-id']).toMatch(/^bat_/);
  for (const { name, schema } of parameters.filter((one: { schema: object }) => 'pattern' in one.schema)) {
    const value = joined?.headers[name.toLowerCase()];
    expect(takes(schema)(value), `${name}: ${value}`).toBe(true);
  }

  const array = receiver.requests.find(({ path }) => path === '/standard-webhooks');
  const plain = (await api.get('/asyncapi/webhooks.json?preset=standard-webhooks')).body;
  expect(plain.info.description).toContain(
    'The body is an array, with what is described here for each event',
  );
  expect(JSON.parse(array?.body ?? '')).toHaveLength(2);
});
