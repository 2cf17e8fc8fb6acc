import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiAnswer, ApiClient } from '../support/api-client.ts';
import { createTestDatabase, DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { tokenIn } from '../support/people.ts';
import { startTestWaybill } from '../support/waybill.ts';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9999/';

interface Found {
  readonly rows: { readonly id: string; readonly eventId: string }[];
  readonly pages: number;
  readonly lookedBackTo: (string | null)[];
}

/** All pages of a search, to its end. */
async function searchAll(api: ApiClient, list: string, text: string, more = ''): Promise<Found> {
  const rows = [];
  const lookedBackTo = [];
  for (let cursor = ''; ; ) {
    const {
      status,
      body,
      text: answer,
    } = await api.get(`${list}?search=${encodeURIComponent(text)}${more}${cursor && `&cursor=${cursor}`}`);
    expect(status, answer).toBe(200);
    rows.push(...body.data);
    lookedBackTo.push(body.lookedBackTo);
    if (body.nextCursor === null) return { rows, pages: lookedBackTo.length, lookedBackTo };
    cursor = encodeURIComponent(body.nextCursor);
  }
}

function expectInvalid(answer: ApiAnswer, path: string): void {
  expect({ status: answer.status, code: answer.body.code, path: answer.body.errors?.[0]?.path }).toEqual({
    status: 400,
    code: 'validation_failed',
    path,
  });
}

async function publish(api: ApiClient, account: string, events: readonly object[]): Promise<string[]> {
  const answer = await api.post(`/v1/accounts/${account}/events`, {
    events: events.map((event) => ({ type: 'order.created', data: {}, ...event })),
  });
  expect(answer.status, answer.text).toBe(202);
  return answer.body.events.map(({ id }: { id: string }) => id);
}

describe.each(DATABASE_KINDS)('a search on %s', (kind) => {
  it('finds events by id, subject, its end, and what is in their data, of this account alone', async () => {
    const { api } = await startTestWaybill(kind);
    const EVENTS = '/v1/accounts/acme/events';
    const [bySubject, byText, byNumber, escaped, named] = (await publish(api, 'acme', [
      { subject: 'order/12345', data: { parcels: [{ trackingNumber: 'x' }] } },
      { subject: 'order/2', data: { parcels: [{}, { trackingNumber: '1Z999' }] } },
      { subject: 'order/123456', data: { order: { id: 12345 } } },
      { data: { name: 'Åmål "5%" _\\' } },
      { data: { 12345: true, text: 'order 12345', more: '123450' } },
    ])) as [string, string, string, string, string];
    // The same, where nobody of the account may see it.
    await publish(api, 'other', [{ subject: 'order/12345' }, { data: '12345' }, { data: '1Z999' }]);

    const found = async (text: string) => (await searchAll(api, EVENTS, text)).rows.map(({ id }) => id);
    expect(await found(bySubject)).toEqual([bySubject]);
    expect(await found('order/12345')).toEqual([bySubject]);
    expect(await found('Order/12345')).toEqual([bySubject]);
    expect(await found('12345')).toEqual([bySubject, byNumber]);
    expect(await found('1.2345e4')).toEqual([byNumber]);
    expect(await found('1z999')).toEqual([byText]);
    expect(await found('Åmål "5%" _\\')).toEqual([escaped]);
    expect(await found('order 12345')).toEqual([named]);
    for (const nothing of ['1234', '%', '_____', 'order/%', 'x%', 'rder/12345', '/12345', 'parcels']) {
      expect(await found(nothing), nothing).toEqual([]);
    }

    // Other filters hold beside it.
    const after = `&from=${encodeURIComponent('2999-01-01T00:00:00Z')}`;
    expect((await searchAll(api, EVENTS, '12345', after)).rows).toEqual([]);
    expect((await searchAll(api, EVENTS, '12345', '&subject=order/123456')).rows).toHaveLength(1);
    expect((await searchAll(api, EVENTS, '12345', '&type=order.changed')).rows).toEqual([]);

    // JSON may escape whatever it likes.
    const raw = `{"type":"order.created","data":{"name":"1\\u005a\\u00e5"}}`;
    expect((await api.post(EVENTS, raw)).status).toBe(202);
    expect(await found('1Zå')).toHaveLength(1);
  });

  it('finds the deliveries of such events, with the filters of the list', async () => {
    const { api } = await startTestWaybill(kind);
    const webhook = { url: NOWHERE, events: ['*'], status: 'paused' };
    const first = (await api.post('/v1/accounts/acme/webhooks', webhook)).body.id;
    const second = (await api.post('/v1/accounts/acme/webhooks', { ...webhook, events: ['order.paid'] })).body
      .id;
    const [created, paid, tracked] = (await publish(api, 'acme', [
      { subject: 'order/12345' },
      { subject: 'order/12345', type: 'order.paid' },
      { type: 'order.paid', data: { trackingNumber: '12345' } },
    ])) as [string, string, string];
    await publish(api, 'acme', [{ subject: 'order/1' }]);

    const DELIVERIES = '/v1/accounts/acme/deliveries';
    const events = async (text: string, more = '') =>
      (await searchAll(api, DELIVERIES, text, more)).rows.map(({ eventId }) => eventId);
    expect(await events('12345')).toEqual([paid, paid, created, tracked, tracked]);
    expect(await events('order/12345')).toEqual([paid, paid, created]);
    expect(await events(created)).toEqual([created]);
    expect(await events('12345', `&webhookId=${second}`)).toEqual([paid, tracked]);
    expect(await events('12345', `&webhookId=${first}&eventType=order.paid`)).toEqual([paid, tracked]);
    expect(await events('12345', '&status=delivered')).toEqual([]);

    // A guest of the portal who may only look searches this account, and no other.
    const link = await api.post('/v1/accounts/acme/portal-links', { role: 'viewer' });
    const opened = await api.post('/v1/portal/session', { token: tokenIn(link.body.url) });
    const guest = api.withKey(opened.body.token);
    expect((await searchAll(guest, DELIVERIES, '12345')).rows).toHaveLength(5);
    expect((await guest.get('/v1/accounts/other/deliveries?search=12345')).status).toBe(404);

    // Paged one by one, also within the deliveries of one event: none twice, none left out.
    for (const limit of [1, 2, 3]) {
      const { rows } = await searchAll(api, DELIVERIES, '12345', `&limit=${limit}`);
      expect(rows.map(({ eventId }) => eventId)).toEqual([paid, paid, created, tracked, tracked]);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(5);
    }
  });

  it('says how far back it has looked, and goes on from there without gap or repeat', async () => {
    const { api } = await startTestWaybill(kind);
    const EVENTS = '/v1/accounts/acme/events';
    const old = await publish(api, 'acme', [{ subject: 'order/12345' }, { data: ['12345'] }]);
    const filler = Array.from({ length: 1_000 }, (_, n) => ({ subject: `order/${n}`, data: { n } }));
    for (let n = 0; n < 21; n += 1) await publish(api, 'acme', filler);
    const fresh = await publish(api, 'acme', [{ data: 12345 }, { data: [[12345]] }]);

    const begun = await api.get(`${EVENTS}?search=12345`);
    // By its subject at once, however old; by their data as far as one request looks.
    expect(begun.body.data.map(({ id }: { id: string }) => id)).toEqual([old[0], fresh[1], fresh[0]]);
    expect(begun.body.nextCursor).not.toBeNull();
    const between = Date.parse(begun.body.lookedBackTo);
    const { body } = await api.get(`${EVENTS}?limit=100`);
    expect(between).toBeLessThan(Date.parse(body.data.at(-1).receivedAt));

    const all = await searchAll(api, EVENTS, '12345');
    expect(all.rows.map(({ id }) => id)).toEqual([old[0], fresh[1], fresh[0], old[1]]);
    // One request looks at no more than 20,000; of a machine that is busy, at less.
    expect(all.pages).toBeGreaterThan(1);
    expect(all.lookedBackTo.at(-1)).toBeNull();
    const one = await searchAll(api, EVENTS, '12345', '&limit=1');
    expect(one.rows.map(({ id }) => id)).toEqual([old[0], fresh[1], fresh[0], old[1]]);

    // A page that is empty isn't the end.
    const none = await searchAll(api, EVENTS, 'nowhere');
    expect(none.rows).toEqual([]);
    expect(none.pages).toBeGreaterThan(1);
    // Nothing is looked at before the time that is asked for.
    const from = encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString());
    const to = encodeURIComponent(new Date(Date.now() - 1_800_000).toISOString());
    expect((await searchAll(api, EVENTS, '12345', `&from=${from}&to=${to}`)).pages).toBe(1);
  });
});

describe('a search', () => {
  it('refuses what can be no text, and cursors of other lists', async () => {
    const { api } = await startTestWaybill('postgres');
    const uuid = '00000000-0000-7000-8000-000000000000';
    const cursorOf = (text: string) => Buffer.from(text, 'utf8').toString('base64url');
    for (const list of ['/v1/accounts/acme/events', '/v1/accounts/acme/deliveries']) {
      for (const text of ['', '%20', 'x'.repeat(201), 'a%00b']) {
        expectInvalid(await api.get(`${list}?search=${text}`), 'search');
      }
      for (const cursor of [uuid, `data_${uuid}_${uuid}`, 'key_', 'data', `other_${uuid}`]) {
        const { status, body } = await api.get(`${list}?search=1&cursor=${cursorOf(cursor)}`);
        expect({ status, code: body.code }, cursor).toEqual({ status: 400, code: 'invalid_cursor' });
      }
      const ofSearch = cursorOf(`key_${uuid}`);
      expect((await api.get(`${list}?cursor=${ofSearch}`)).body.code).toBe('invalid_cursor');
      expect((await api.get(`${list}?search=1&cursor=${ofSearch}`)).status).toBe(200);
    }
    const ofDeliveries = cursorOf(`key_${uuid}_${uuid}`);
    expect((await api.get(`/v1/accounts/acme/events?search=1&cursor=${ofDeliveries}`)).status).toBe(400);
    expect((await api.get(`/v1/accounts/acme/deliveries?search=1&cursor=${ofDeliveries}`)).status).toBe(200);
  });

  /** While a search can't go on. */
  async function startStuck() {
    const database = await createTestDatabase('postgres');
    const { api } = await startTestWaybill('postgres', database);
    const connect = async (): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: database.databaseUrl as string });
      await client.connect();
      onTestFinished(() => client.end());
      return client;
    };
    const client = await connect();
    await client.query('begin; lock table waybill.events in access exclusive mode');
    return { api, client, connect };
  }

  it('that the database takes too long for ends, and says what to do', async () => {
    const { api, client } = await startStuck();
    const { status, body } = await api.get('/v1/accounts/acme/events?search=12345');
    await client.query('rollback');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'search_timed_out' });
    expect((await api.get('/v1/accounts/acme/events?search=12345')).status).toBe(200);
  });

  it('leaves connections to everything else, however many search at once', async () => {
    const { api, client, connect } = await startStuck();
    // In a transaction who waits is as it was when it was first asked.
    const observer = await connect();
    const lists = ['a/events', 'a/deliveries', 'b/events', 'c/events'];
    const searches = lists.flatMap((list) =>
      Array.from({ length: 10 }, () => api.get(`/v1/accounts/${list}?search=12345`)),
    );
    const stuck = async () => {
      const { rows } = await observer.query(
        "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return rows.length;
    };
    await eventually(async () => (await stuck()) === 2);
    expect((await api.get('/v1/accounts')).status).toBe(200);
    expect(await stuck()).toBeLessThanOrEqual(2);
    await client.query('rollback');
    // But for those that were stuck until they had to end.
    for (const { status } of await Promise.all(searches)) expect([200, 503]).toContain(status);
  });
});
