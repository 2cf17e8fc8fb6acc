import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createTestDatabase, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startServe } from '../support/process.ts';
import { startReceiver } from '../support/receiver.ts';

const ACCOUNT = '/v1/accounts/acme';
const CALLS = 12;
const EVENTS_PER_CALL = 7;

it.each(E2E_DATABASE_KINDS)(
  'killed while it sends batches, Waybill sends each event, and under one id never two different bodies (%s)',
  async (kind) => {
    const database = await createTestDatabase(kind);
    const arrived = new Set<number>();
    const bodies = new Map<string, Set<string>>();
    const receiver = await startReceiver(({ headers, body }, _, index) => {
      const id = headers['webhook-id'] as string;
      bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
      // Every third request fails, so that there are batches to be tried again when it is killed.
      if (index % 3 === 0) return 500;
      for (const { data } of JSON.parse(body)) arrived.add(data);
      return { status: 200, delayMs: 20 };
    });
    onTestFinished(() => receiver.close());
    let waybill = await startServe(database);
    const settings = { batch: { maxItems: 5, maxWaitMs: 100 }, retry: { schedule: Array(20).fill(1) } };
    await waybill.api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'], ...settings });
    for (let call = 0; call < CALLS; call += 1) {
      const events = Array.from({ length: EVENTS_PER_CALL }, (_, index) => ({
        type: 'order.created',
        data: call * EVENTS_PER_CALL + index,
      }));
      const answer = await waybill.api.post(`${ACCOUNT}/events`, { events });
      expect(answer.status, answer.text).toBe(202);
      await pause(30);
      if (call % 6 !== 5) continue;
      await waybill.kill();
      waybill = await startServe(database);
    }
    await eventually(() => arrived.size === CALLS * EVENTS_PER_CALL, 30_000);
    await eventually(
      async () => (await waybill.api.get(`${ACCOUNT}/deliveries?status=pending`)).body.data.length === 0,
      30_000,
    );
    expect([...bodies.values()].filter((one) => one.size > 1)).toEqual([]);
    const repeated = receiver.requests.length - bodies.size;
    expect(repeated, 'batches that were tried again').toBeGreaterThan(0);
    const { data } = (await waybill.api.get(`${ACCOUNT}/deliveries?limit=100`)).body;
    expect(data).toHaveLength(CALLS * EVENTS_PER_CALL);
    for (const one of data) expect(one).toMatchObject({ status: 'delivered', batchId: expect.any(String) });
  },
  // It starts three processes.
  120_000,
);
