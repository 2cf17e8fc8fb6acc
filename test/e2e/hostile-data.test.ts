import pg from 'pg';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const EVENTS = `${ACCOUNT}/events`;

/** Each level of the data doubles the ways to look at what is below. */
const ENDLESS = {
  anyOf: [
    { type: 'array', items: { $ref: '#' }, maxItems: 1 },
    { type: 'array', items: { $ref: '#' }, minItems: 1, maxItems: 2 },
  ],
};
const deep = (levels: number) => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);

const UNFINISHED = {
  path: 'data',
  rule: 'validation_unfinished',
  message: 'takes too long to be judged by its schema',
  params: { why: 'slow' },
};

describe('data that takes longer to judge than it may', () => {
  it('is taken and warned of, or refused, and never holds up the process', async () => {
    const { api } = await startTestWaybill('embedded');
    await api.request('PUT', '/v1/event-types/tree.grown', { schema: ENDLESS });
    await api.request('PUT', ACCOUNT, { validation: 'warn' });
    const taken = await api.post(EVENTS, { type: 'tree.grown', data: deep(50) });
    expect([taken.status, taken.body.warnings]).toEqual([202, [UNFINISHED]]);
    await api.request('PUT', ACCOUNT, { validation: 'reject' });
    const refused = await api.post(EVENTS, { type: 'tree.grown', data: deep(50) });
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_event_data']);
    expect(refused.body.errors).toMatchObject([{ path: 'data', code: 'validation_unfinished' }]);
  });

  it('leaves room for others while a whole batch of it is judged', async () => {
    const { api } = await startTestWaybill('embedded');
    await api.request('PUT', '/v1/event-types/tree.grown', { schema: ENDLESS });
    await api.request('PUT', ACCOUNT, { validation: 'warn' });
    const order: string[] = [];
    const events = Array.from({ length: 200 }, () => ({ type: 'tree.grown', data: deep(50) }));
    const batch = api.post(EVENTS, { events }).then((answer) => {
      order.push('batch');
      return answer;
    });
    for (let turn = 0; turn < 3; turn += 1) await api.get('/healthz').then(() => order.push('health'));
    const { status, body } = await batch;
    expect(order[0]).toBe('health');
    expect(status).toBe(202);
    expect(body.events.map((one: { warnings: { rule: string }[] }) => one.warnings[0]?.rule)).toEqual(
      events.map(() => 'validation_unfinished'),
    );
  });
});

describe('a pattern that cannot be matched in linear time', () => {
  it('is refused where it is written', async () => {
    const { api } = await startTestWaybill('embedded');
    const schema = { properties: { code: { pattern: '^(?=[A-Z])\\w+$' } } };
    const { status, body } = await api.request('PUT', '/v1/event-types/tree.grown', { schema });
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(body.detail).toMatch(/^schema: is not a JSON Schema: .* looks ahead.*\[pattern_not_linear\]/);
  });
});

describe('a schema of before such were refused', () => {
  it('warns of each event of its type, which is taken all the same, and is logged once', async () => {
    let log = '';
    const logger = pino({ level: 'error' }, { write: (line: string) => (log += line) });
    const database = await createTestDatabase('postgres');
    const { api } = await startTestWaybill('postgres', { ...database, logger });
    await api.request('PUT', '/v1/event-types/tree.grown', { schema: { type: 'object' } });
    await overwrite(database, { name: 'tree.grown', schema: { properties: { code: { pattern: '(?=a)' } } } });
    // Whatever changes the catalog makes it be read again.
    await api.request('PUT', '/v1/event-types/tree.felled', {});
    await api.request('PUT', ACCOUNT, { validation: 'warn' });
    for (const code of ['a', 'b']) {
      const { status, body } = await api.post(EVENTS, { type: 'tree.grown', data: { code } });
      expect(status).toBe(202);
      expect(body.warnings).toMatchObject([{ path: 'data', rule: 'validation_unfinished' }]);
    }
    expect(log.match(/"name":"tree\.grown"/g)).toHaveLength(1);
    expect(log).toContain('[pattern_not_linear]');
  });
});

async function overwrite({ databaseUrl }: TestDatabase, document: object): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('update waybill.event_types set document = $1::json', [JSON.stringify(document)]);
  await client.end();
}
