import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { startTestWaybill } from '../support/waybill.ts';

const order = (idempotencyKey?: string) => ({ type: 'order.created', data: 1, idempotencyKey });

describe('an idempotency key that an open transaction has used', () => {
  it('holds up nobody who publishes without it, and is told of to whoever publishes with it', async () => {
    const database = await createTestDatabase('postgres');
    const { waybill, api } = await startTestWaybill('postgres', database);
    await waybill.publish('acme', order());
    const client = new pg.Client({ connectionString: database.databaseUrl });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('begin');
    await waybill.publish(client, 'acme', [order('k1'), order('k2'), order('k3')]);

    const held = ['k1', 'k2', 'k3'].map((key) => api.post('/v1/accounts/acme/events', order(key)));
    // The transaction stays open until these have been answered: they can't have waited for it.
    const free = await Promise.all([
      api.post('/v1/accounts/acme/events', order()),
      api.post('/v1/accounts/other/events', order()),
    ]);
    expect(free.map(({ status }) => status)).toEqual([202, 202]);
    for (const answer of await Promise.all(held)) {
      expect([answer.status, answer.body.code]).toEqual([409, 'idempotency_key_in_use']);
    }

    await client.query('commit');
    const again = await api.post('/v1/accounts/acme/events', order('k1'));
    expect(again.status).toBe(202);
    expect((await api.get('/v1/accounts/acme/events')).body.data).toHaveLength(5);
  });
});
