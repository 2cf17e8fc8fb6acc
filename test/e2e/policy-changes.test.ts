import { describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../support/api-client.ts';
import { createTestDatabase } from '../support/database.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const EVENTS = `${ACCOUNT}/events`;

const tracking = (status: string) => ({
  type: 'tracking_update',
  data: { carrier_slug: 'dhl', trackings: [{ id: 1, events: [{ status }] }] },
});
const GOOD = tracking('Delivered');
/** A status has 25 characters at most. */
const BAD = tracking('Delivered, as far as anybody can tell');
type Settings = { preset?: string | null; validation?: string | null; unknownTypes?: string | null };

function actionsOf({ api }: Pick<TestWaybill, 'api'>) {
  return {
    set: async (settings: Settings) => {
      const { status, body } = await api.request('PUT', ACCOUNT, { preset: 'scurri', ...settings });
      expect(status).toBe(200);
      return body;
    },
    publish: (body: unknown, key?: string) =>
      api.post(EVENTS, body, key === undefined ? {} : { 'idempotency-key': key }),
    /** Newest first. */
    events: async () => (await api.get(EVENTS)).body.data,
  };
}

function expectRefused(answer: ApiAnswer, code: string, errors: { path: string; code: string }[]): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 400, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.errors).toMatchObject(errors);
  expect(answer.body.errors).toHaveLength(errors.length);
}

describe('a policy that is changed', () => {
  async function startNodes(count: number) {
    const database = await createTestDatabase('postgres');
    const nodes = [];
    for (let node = 0; node < count; node += 1) {
      nodes.push(actionsOf(await startTestWaybill('postgres', database)));
    }
    return nodes as [ReturnType<typeof actionsOf>, ReturnType<typeof actionsOf>];
  }

  it.each([
    ['on this node', 1],
    ['on another node', 2],
  ])('%s holds for the next event that is published', async (_where, count) => {
    const nodes = await startNodes(count);
    const [changer, publisher = changer] = nodes;
    const steps: [string, number, boolean][] = [
      ['off', 202, false],
      ['reject', 400, false],
      ['warn', 202, true],
      ['reject', 400, false],
      ['off', 202, false],
    ];
    const seen = [];
    for (const [validation] of steps) {
      await changer.set({ validation, unknownTypes: 'off' });
      const { status, body } = await publisher.publish(BAD);
      seen.push([validation, status, body.warnings !== undefined]);
    }
    expect(seen).toEqual(steps);
  });

  it.each([
    ['on this node', 1],
    ['on another node', 2],
  ])('%s by giving the account another preset holds for the next event too', async (_where, count) => {
    const [changer, publisher = changer] = await startNodes(count);
    const policies = { validation: 'reject', unknownTypes: 'reject' };
    await changer.set({ preset: 'scurri', ...policies });
    expect((await publisher.publish(GOOD)).status).toBe(202);
    await changer.set({ preset: 'velourcity', ...policies });
    expectRefused(await publisher.publish(GOOD), 'unknown_event_type', [
      { path: 'type', code: 'unknown_event_type' },
    ]);
    await changer.set({ preset: 'scurri', ...policies });
    expect((await publisher.publish(GOOD)).status).toBe(202);
  });

  it('with its preset, imported on another node, holds there within seconds', async () => {
    const database = await createTestDatabase('postgres');
    const a = await startTestWaybill('postgres', database);
    const b = await startTestWaybill('postgres', database);
    const imported = (validation: string) =>
      a.api.post('/v1/catalogs/own/import', {
        name: 'own',
        title: 'Our own',
        description: 'What we send.',
        policies: { validation },
        eventTypes: [{ name: 'tracking_update', schema: { type: 'object', maxProperties: 1 } }],
      });
    await imported('off');
    await actionsOf(a).set({ preset: 'own' });
    const status = async () => (await actionsOf(b).publish(GOOD)).status;
    expect(await status()).toBe(202);
    await imported('reject');
    await expect.poll(status, { timeout: 10_000 }).toBe(400);
    await imported('off');
    await expect.poll(status, { timeout: 10_000 }).toBe(202);
  });
});
