import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWaybill } from '../../src/waybill.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startPostgresServer } from '../support/postgres-server.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const EVENT = { type: 'order.created', data: 1 };

describe('the library', () => {
  it('a transaction that was forgotten is refused, and nothing is published outside of it', async () => {
    const { waybill } = await startTestWaybill('postgres');
    const forgotten = undefined as unknown as pg.Client;
    await expect(waybill.publish(forgotten, 'acme', EVENT)).rejects.toMatchObject({
      code: 'not_a_transaction',
    });
    expect((await waybill.events.list('acme')).items).toEqual([]);
  });

  it('start and stop may be called twice; afterwards both start and publish say that it was stopped', async () => {
    const database = await createTestDatabase('postgres');
    const { waybill, stop } = await startTestWaybill('postgres', database);
    await Promise.all([waybill.start(), waybill.start()]);
    const client = new pg.Client({ connectionString: database.databaseUrl });
    await client.connect();
    onTestFinished(() => client.end());
    const listening = async () => {
      const { rows } = await client.query<{ count: number }>(
        `select count(*)::integer from pg_stat_activity
         where application_name = 'waybill listen' and datname = current_database()`,
      );
      return rows[0]?.count;
    };
    expect(await listening()).toBe(1);
    await Promise.all([stop(), waybill.stop()]);
    await eventually(async () => (await listening()) === 0);
    await expect(waybill.start()).rejects.toMatchObject({ code: 'stopped' });
    await expect(waybill.publish('acme', EVENT)).rejects.toMatchObject({ code: 'stopped' });
  });

  it('an account has as many webhooks as it may, and no more', async () => {
    const { api } = await startTestWaybill('postgres', { limits: { maxWebhooksPerAccount: 2 } });
    const create = (account: string) =>
      api.post(`/v1/accounts/${account}/webhooks`, { url: 'http://127.0.0.1:4500/', events: ['*'] });
    const answers = await Promise.all([create('acme'), create('acme'), create('acme'), create('acme')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('too_many_webhooks');
    expect((await api.get('/v1/accounts/acme/webhooks')).body.data).toHaveLength(2);
    expect((await create('other')).status).toBe(201);
  });

  it('stop ends although the database neither answers nor breaks the connection', async () => {
    const server = await startPostgresServer({ fsync: false });
    onTestFinished(() => server.stop());
    const waybill = await createWaybill({
      databaseUrl: server.url,
      encryptionKey: Buffer.alloc(32).toString('base64'),
      environment: {},
      logLevel: 'silent',
      dispatch: { stopGraceMs: 100 },
    });
    await waybill.start();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name like 'waybill%'`,
    );
    await client.end();
    // Its own backends alone: the server must be able to end later.
    for (const { pid } of rows) process.kill(pid, 'SIGSTOP');
    onTestFinished(() => {
      for (const { pid } of rows) process.kill(pid, 'SIGCONT');
    });
    if (server.processId) process.kill(server.processId, 'SIGSTOP');
    try {
      expect(await waybill.ready()).toMatchObject({ database: false });
      await waybill.stop();
    } finally {
      if (server.processId) process.kill(server.processId, 'SIGCONT');
    }
  });

  it.each([
    ['a NUL character', '{"a":["\\u0000"]}'],
    ['a lone surrogate', '{"\\ud800":1}'],
  ])('data with %s is refused, as many receivers cannot read it', async (_what, data) => {
    const { api } = await startTestWaybill('postgres');
    const answer = await api.post('/v1/accounts/acme/events', `{"type":"x","data":${data}}`);
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'data']);
    const fine = '{"a":"\\\\u0000 \\ud83d\\ude00"}';
    expect((await api.post('/v1/accounts/acme/events', `{"type":"x","data":${fine}}`)).status).toBe(202);
  });

  it('a slow webhook holds up no other at the same host, whoever it belongs to', async () => {
    const { api } = await startTestWaybill('postgres', { dispatch: { maxConcurrencyPerWebhook: 2 } });
    const stuck: (() => void)[] = [];
    const receiver = await startReceiver((request, response) => {
      if (request.path !== '/slow') return 200;
      stuck.push(() => response.end());
      return undefined;
    });
    onTestFinished(() => receiver.close());
    const create = (account: string, path: string) =>
      api.post(`/v1/accounts/${account}/webhooks`, { url: `${receiver.url}${path}`, events: ['*'] });
    await create('mallory', 'slow');
    await create('alice', 'quick');
    await api.post('/v1/accounts/mallory/events', { events: Array.from({ length: 10 }, () => EVENT) });
    await eventually(() => stuck.length === 2);
    await api.post('/v1/accounts/alice/events', EVENT);
    await eventually(() => receiver.requests.some((request) => request.path === '/quick'));
    expect(stuck).toHaveLength(2);
    for (const end of stuck) end();
  });
});
