import { expect, it } from 'vitest';
import { startTestWaybill } from '../support/waybill.ts';

const TYPE = '/v1/event-types/order.packed';
const VERSIONS = {
  '2025': { schema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
  '2026': { schema: { type: 'object', properties: { id: { type: 'string' }, boxes: { type: 'integer' } } } },
};

it('tells whoever sees an event type how its versions differ, and nobody else', async () => {
  const { api } = await startTestWaybill('postgres');
  await api.request('PUT', '/v1/accounts/tracked', { preset: 'scurri' });
  await api.request('PUT', '/v1/accounts/acme', {});
  expect((await api.request('PUT', TYPE, { versions: VERSIONS })).status).toBe(200);
  const acme = api.withKey((await api.post('/v1/accounts/acme/keys')).body.key);
  const tracked = api.withKey((await api.post('/v1/accounts/tracked/keys')).body.key);

  expect((await acme.get(`${TYPE}/changes`)).body).toEqual({
    eventType: 'order.packed',
    from: '2025',
    to: '2026',
    breaking: true,
    changes: [
      {
        path: 'id',
        change: 'optional',
        breaking: true,
        keyword: null,
        from: 'required',
        to: 'optional',
        message: 'may be absent, and was always there',
      },
      {
        path: 'boxes',
        change: 'new',
        breaking: false,
        keyword: null,
        from: null,
        to: { type: 'integer', required: false },
        message: 'is new',
      },
    ],
  });
  expect((await api.get(`${TYPE}/changes?from=2026&to=2026`)).body).toMatchObject({
    breaking: false,
    changes: [],
  });
  const odd = await acme.get(`${TYPE}/changes?from=1999`);
  expect({ status: odd.status, errors: odd.body.errors }).toEqual({
    status: 400,
    errors: [{ path: 'from', code: 'not_allowed', message: 'must be one of 2025, 2026' }],
  });
  expect((await tracked.get(`${TYPE}/changes`)).status).toBe(404);
  expect((await tracked.get(`${TYPE}/changes?account=acme`)).status).toBe(404);

  // Another type in its place is compared anew.
  await api.request('PUT', TYPE, { versions: { ...VERSIONS, '2026': VERSIONS['2025'] } });
  expect((await acme.get(`${TYPE}/changes`)).body.changes).toEqual([]);
});
