import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';
import { createTestClock } from '../support/clock.ts';
import { createTestDatabase, E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startTestWaybill } from '../support/waybill.ts';

describe.each(E2E_DATABASE_KINDS)('what runs, on %s', (kind) => {
  it('is told to those who run it, and to nobody else', async () => {
    const clock = createTestClock();
    const { api } = await startTestWaybill(kind, { clock });
    clock.advance(90_500);
    const { key } = (await api.post('/v1/accounts/acme/keys')).body;
    expect((await api.withKey(key).get('/v1/about')).status).toBe(404);
    const { status, body } = await api.get('/v1/about');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: VERSION,
      uptimeSeconds: 90,
      database: { kind, version: expect.stringMatching(/^\d+\.\d+/) },
    });
    await eventually(async () => {
      const { nodes } = (await api.get('/v1/about')).body;
      expect(nodes).toMatchObject([{ lanes: 64, isThis: true, startedAt: expect.stringMatching(/Z$/) }]);
      return true;
    });
    const { tables, bytes } = body.database;
    const names = tables.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['deliveries', 'events', 'attempts', 'webhooks']));
    // A table is told of as one, however many partitions it has.
    expect(names.filter((name: string) => name.startsWith('deliveries'))).toEqual(['deliveries']);
    expect(bytes).toBe(tables.reduce((sum: number, one: { bytes: number }) => sum + one.bytes, 0));
    expect(bytes).toBeGreaterThan(100_000);
  });
});

describe('what runs', () => {
  it('names all nodes, and which of them answers', async () => {
    const database = await createTestDatabase('postgres');
    const first = await startTestWaybill('postgres', database);
    const second = await startTestWaybill('postgres', database);
    await eventually(async () => {
      const [one, other] = [await first.api.get('/v1/about'), await second.api.get('/v1/about')];
      expect(one.body.nodes).toMatchObject([
        { isThis: true, lanes: 32 },
        { isThis: false, lanes: 32 },
      ]);
      expect(other.body.nodes.map(({ isThis }: { isThis: boolean }) => isThis)).toEqual([false, true]);
      return true;
    }, 20_000);
  });
});
