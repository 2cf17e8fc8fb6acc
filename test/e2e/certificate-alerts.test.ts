import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { WaybillOptions } from '../../src/waybill.ts';
import { createTestClock, type TestClock } from '../support/clock.ts';
import { createTestDatabase, type DatabaseKind, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const folder = new URL('../support/certificates/clients/', import.meta.url);
const pem = (...names: string[]) =>
  names.map((name) => readFileSync(new URL(`${name}.pem`, folder), 'utf8')).join('');
const CLIENT = { certificate: pem('good', 'issuing'), key: pem('key') };

interface Alert {
  readonly message: string;
  readonly occurrences: number;
  readonly createdAt: string;
}

async function setUp(kind: DatabaseKind, clock: TestClock, options: WaybillOptions = {}) {
  const { api } = await startTestWaybill(kind, { clock, ...options });
  const alerts = async (): Promise<Alert[]> => (await api.get(`${ACCOUNT}/alerts`)).body.data.reverse();
  /** Lets hours pass until all nodes have looked. */
  const lookedUntil = (seen: (alerts: Alert[]) => boolean) =>
    eventually(async () => {
      clock.advance(HOUR_MS);
      const found = await alerts();
      return seen(found) ? found : undefined;
    });
  const create = async (clientCertificate: object = CLIENT) => {
    const settings = { url: 'http://127.0.0.1:9999/', events: ['*'], clientCertificate };
    const made = await api.post(`${ACCOUNT}/webhooks`, settings);
    expect(made.status, made.text).toBe(201);
    return made.body;
  };
  return { api, alerts, lookedUntil, create };
}

describe.each(E2E_DATABASE_KINDS)('a client certificate that expires on %s', (kind) => {
  it('is told of 30 days before, once, and once more when it has expired', async () => {
    const clock = createTestClock();
    const { alerts, lookedUntil, create } = await setUp(kind, clock);
    const { id, clientCertificate } = await create();
    const expires = Date.parse(clientCertificate.notAfter);
    clock.advance(expires - clock.now() - 30 * DAY_MS - 10 * HOUR_MS);
    for (let hour = 0; hour < 3; hour += 1) clock.advance(HOUR_MS);
    expect(await alerts()).toEqual([]);
    const [raised] = await lookedUntil((found) => found.length > 0);
    expect(clock.now()).toBeGreaterThanOrEqual(expires - 30 * DAY_MS);
    expect(raised).toMatchObject({
      kind: 'certificate_expires',
      webhookId: id,
      status: 'open',
      deliveryId: null,
      occurrences: 1,
      message: `The client certificate (O=Acme, CN=acme) expires on ${clientCertificate.notAfter}. Set another one before then.`,
    });
    clock.advance(expires - clock.now() - 2 * HOUR_MS);
    const [expired, ...others] = await lookedUntil(([one]) => one?.message.includes('expired on') === true);
    expect(others).toEqual([]);
    expect(clock.now()).toBeGreaterThanOrEqual(expires);
    expect(expired).toMatchObject({ status: 'open', occurrences: 2, createdAt: raised?.createdAt });
    for (let hour = 0; hour < 5; hour += 1) clock.advance(HOUR_MS);
    expect(await alerts()).toEqual([expired]);
  });

  it('is told of no more once it is replaced or taken away; the next one is told of anew', async () => {
    const clock = createTestClock();
    const { api, alerts, lookedUntil, create } = await setUp(kind, clock);
    const { id, clientCertificate } = await create();
    const path = `${ACCOUNT}/webhooks/${id}`;
    clock.advance(Date.parse(clientCertificate.notAfter) - clock.now() - 20 * DAY_MS);
    await lookedUntil((found) => found.length === 1);
    await api.patch(path, { name: 'another name', status: 'disabled' });
    await api.patch(path, { status: 'active' });
    expect(await alerts()).toMatchObject([{ status: 'open' }]);
    expect((await api.patch(path, { clientCertificate: CLIENT })).status).toBe(200);
    expect(await alerts()).toMatchObject([{ status: 'resolved' }]);
    await lookedUntil((found) => found.length === 2);
    await api.patch(path, { clientCertificate: null });
    expect(await alerts()).toMatchObject([{ status: 'resolved' }, { status: 'resolved' }]);
  });

  it('is resolved with the webhook it is of', async () => {
    const clock = createTestClock();
    const { api, alerts, lookedUntil, create } = await setUp(kind, clock);
    const { id, clientCertificate } = await create();
    clock.advance(Date.parse(clientCertificate.notAfter) - clock.now() - DAY_MS);
    await lookedUntil((found) => found.length === 1);
    await api.delete(`${ACCOUNT}/webhooks/${id}`);
    expect(await alerts()).toMatchObject([{ status: 'resolved' }]);
  });
});

it('two nodes that look at once tell of a certificate once', async () => {
  const clock = createTestClock();
  const database = await createTestDatabase('postgres');
  const first = await setUp('postgres', clock, database);
  await setUp('postgres', clock, database);
  const { clientCertificate } = await first.create();
  for (let count = 1; count < 5; count += 1) await first.create();
  clock.advance(Date.parse(clientCertificate.notAfter) - clock.now() - DAY_MS);
  const raised = await first.lookedUntil((found) => found.length >= 5);
  expect(raised).toHaveLength(5);
  expect(new Set(raised.map((one) => JSON.stringify(one)))).toHaveLength(5);
  expect(raised.every(({ occurrences }) => occurrences === 1)).toBe(true);
});
