import { describe, expect, it } from 'vitest';
import { createTestDatabase, E2E_DATABASE_KINDS } from '../support/database.ts';
import { startTestWaybill } from '../support/waybill.ts';

describe.each(E2E_DATABASE_KINDS)('partitions on %s', (kind) => {
  it('rows that came before their partition are moved into it, and nothing keeps Waybill from starting', async () => {
    const database = await createTestDatabase(kind);
    // The tables as a publisher whose clock is ahead finds them: no partition for its week.
    const first = await startTestWaybill(kind, database);
    const { body } = await first.api.post('/v1/accounts/acme/events', { type: 'order.created', data: 1 });
    await first.waybill.transaction(async (tx) => {
      for (const table of ['events', 'deliveries', 'attempts']) {
        const { rows } = await tx.query<{ name: string }>(
          `select inhrelid::regclass::text as name from pg_inherits
           where inhparent = 'waybill.${table}'::regclass and inhrelid::regclass::text not like '%default'`,
        );
        for (const { name } of rows) {
          await tx.query(`alter table waybill.${table} detach partition ${name}`);
          await tx.query(`insert into waybill.${table} select * from ${name}`);
          await tx.query(`drop table ${name}`);
        }
      }
    });
    await first.stop();

    const { waybill, api } = await startTestWaybill(kind, database);
    const left = await waybill.transaction((tx) =>
      tx.query<{ count: number }>('select count(*)::integer from waybill.events_default'),
    );
    expect(left.rows[0]?.count).toBe(0);
    expect((await api.get(`/v1/accounts/acme/events/${body.id}`)).body.data).toBe(1);
  });
});
