import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiClient } from '../support/api-client.ts';
import { createTestDatabase, E2E_DATABASE_KINDS } from '../support/database.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const CHANNELS = `${ACCOUNT}/channels`;

const publish = (api: ApiClient, channel: string | null, account = ACCOUNT) =>
  api.post(`${account}/events`, { type: 'order.created', data: 1, channel });

async function list(api: ApiClient, account = ACCOUNT): Promise<{ name: string; title: string | null }[]> {
  const { status, body, text } = await api.get(`${account}/channels?limit=100`);
  expect(status, text).toBe(200);
  return body.data;
}

const namesOf = async (api: ApiClient, account = ACCOUNT) =>
  (await list(api, account)).map(({ name }) => name);

const put = (api: ApiClient, name: string, body: unknown) =>
  api.request('PUT', `${CHANNELS}/${encodeURIComponent(name)}`, body);

describe.each(E2E_DATABASE_KINDS)('channels on %s', (kind) => {
  it('become known as events name them, each once and in its own account', async () => {
    const { api } = await startTestWaybill(kind);
    await publish(api, null);
    expect(await list(api)).toEqual([]);
    await publish(api, 'shop-2');
    const [first] = await list(api);
    expect(first).toEqual({
      name: 'shop-2',
      title: null,
      firstSeenAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const events = ['shop-1', 'shop-2', null, 'shop-1'].map((channel) => ({
      type: 'order.paid',
      data: 1,
      channel,
    }));
    expect((await api.post(`${ACCOUNT}/events`, { events })).status).toBe(202);
    await publish(api, 'elsewhere', '/v1/accounts/other');
    await Promise.all(['b', 'a', 'b', 'c', 'a'].map((channel) => publish(api, channel)));
    expect(await namesOf(api)).toEqual(['a', 'b', 'c', 'shop-1', 'shop-2']);
    expect(await namesOf(api, '/v1/accounts/other')).toEqual(['elsewhere']);
    expect((await list(api)).at(-1)).toEqual(first);
  });

  it('are listed in pages, by name, without gap or repeat', async () => {
    const { api } = await startTestWaybill(kind);
    const names = [
      'b',
      'B',
      'a',
      'ä',
      'a b',
      'a/b',
      '10',
      '9',
      '\u{1f69a}',
      '\uffee',
      'x'.repeat(128),
      '%2F',
      'a\u0085b',
      'a\u009f',
    ];
    for (const name of names) expect((await publish(api, name)).status).toBe(202);
    const pages: string[][] = [];
    let cursor = '';
    do {
      const { status, body } = await api.get(`${CHANNELS}?limit=5${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      pages.push(body.data.map(({ name }: { name: string }) => name));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(pages.map((page) => page.length)).toEqual([5, 5, 4]);
    const byBytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
    expect(pages.flat()).toEqual(names.toSorted(byBytes));
  });

  it('can be given titles, before events name them and after, and keep them', async () => {
    const { api } = await startTestWaybill(kind);
    await publish(api, 'shop-1');
    const [seen] = await list(api);
    const titled = await put(api, 'shop-1', { title: ' Webshop, Sweden ' });
    expect([titled.status, titled.body]).toEqual([200, { ...seen, title: 'Webshop, Sweden' }]);
    const ahead = await put(api, 'shop-2', { title: 'Webshop, Norway' });
    expect([ahead.status, ahead.body.title]).toEqual([200, 'Webshop, Norway']);
    for (const channel of ['shop-1', 'shop-2']) await publish(api, channel);
    expect(await list(api)).toEqual([titled.body, ahead.body]);
    expect((await put(api, 'shop-1', { title: 'Sweden' })).body.title).toBe('Sweden');
    expect((await put(api, 'shop-1', { title: null })).body).toEqual(seen);
    expect((await put(api, 'shop-2', undefined)).body.title).toBeNull();
  });
});

describe('a channel', () => {
  it('may have any name an event may give it', async () => {
    const { api } = await startTestWaybill('postgres');
    for (const name of [
      'a/b',
      'a b',
      '...',
      'Köln?#&',
      '%25',
      '\u{1f69a}',
      '{channel}',
      "'; drop table",
      'a\u0085b',
    ]) {
      await publish(api, name);
      const answer = await put(api, name, { title: 'known' });
      expect([answer.status, answer.body.name]).toEqual([200, name]);
    }
    expect((await list(api)).map(({ title }) => title)).toEqual(Array.from({ length: 9 }, () => 'known'));
  });

  it('is refused with a name or a title that can be none, and stays as it was', async () => {
    const { api } = await startTestWaybill('postgres');
    await put(api, 'shop-1', { title: 'Sweden' });
    const before = await list(api);
    const refused: [name: string, body: unknown, path: string][] = [
      ['x'.repeat(129), {}, 'channel'],
      ['a\u0000b', {}, 'channel'],
      ['a\nb', {}, 'channel'],
      ['shop-1', { title: '' }, 'title'],
      ['shop-1', { title: ' ' }, 'title'],
      ['shop-1', { title: 'x'.repeat(201) }, 'title'],
      ['shop-1', { title: 'a\nb' }, 'title'],
      ['shop-1', { title: 7 }, 'title'],
      ['shop-1', { name: 'shop-2' }, 'name'],
    ];
    for (const [name, body, path] of refused) {
      const answer = await put(api, name, body);
      expect
        .soft([answer.status, answer.body.errors?.[0]?.path], JSON.stringify([name, body]))
        .toEqual([400, path]);
    }
    expect(await list(api)).toEqual(before);
  });

  it("is another account's alone", async () => {
    const { api } = await startTestWaybill('postgres');
    await publish(api, 'shop-1');
    await publish(api, 'shop-1', '/v1/accounts/other');
    const made = await api.post('/v1/accounts/other/keys', { name: 'key of other' });
    const other = api.withKey(made.body.key);
    expect((await other.get(CHANNELS)).status).toBe(404);
    expect((await put(other, 'shop-1', { title: 'mine' })).status).toBe(404);
    expect((await other.get('/v1/accounts/other/channels')).status).toBe(200);
    await other.request('PUT', '/v1/accounts/other/channels/shop-1', { title: 'theirs' });
    expect((await list(api)).map(({ title }) => title)).toEqual([null]);
  });

  it('that a transaction names is known when it commits, and not if it rolls back', async () => {
    const database = await createTestDatabase('postgres');
    const { api, waybill } = await startTestWaybill('postgres', database);
    const client = new pg.Client({ connectionString: database.databaseUrl });
    await client.connect();
    onTestFinished(() => client.end());
    const event = (channel: string) => ({ type: 'order.created', data: 1, channel });
    for (const end of ['rollback', 'commit']) {
      await client.query('begin');
      await waybill.publish(client, 'acme', event(`named before the ${end}`));
      await waybill.publish(client, 'acme', event(`named before the ${end}`));
      expect(await namesOf(api)).toEqual([]);
      await client.query(end);
    }
    expect(await namesOf(api)).toEqual(['named before the commit']);
    // What was rolled back isn't taken for known.
    await waybill.publish('acme', event('named before the rollback'));
    expect(await namesOf(api)).toEqual(['named before the commit', 'named before the rollback']);
  });

  it('that a transaction names is not lost when the process ends before anybody else has looked', async () => {
    const database = await createTestDatabase('postgres');
    const before = await startTestWaybill('postgres', database);
    const client = new pg.Client({ connectionString: database.databaseUrl });
    await client.connect();
    onTestFinished(() => client.end());
    await before.waybill.publish('acme', { type: 'order.created', data: 1 });
    await client.query('begin');
    await before.waybill.publish(client, 'acme', { type: 'order.created', data: 1, channel: 'late' });
    await before.stop();
    await client.query('commit');
    const noted = async () => (await client.query('select from waybill.named_channels')).rows.length;
    expect(await noted()).toBe(1);
    const { api } = await startTestWaybill('postgres', database);
    expect(await noted()).toBe(0);
    expect(await namesOf(api)).toEqual(['late']);
  });

  it('is noted once by a process, and keeps the time it was first named at', async () => {
    const database = await createTestDatabase('postgres');
    const { api, waybill } = await startTestWaybill('postgres', database);
    const client = new pg.Client({ connectionString: database.databaseUrl });
    await client.connect();
    onTestFinished(() => client.end());
    const event = { type: 'order.created', data: 1, channel: 'shop-1' };
    await waybill.publish('acme', event);
    const first = await list(api);
    await expect
      .poll(async () => (await client.query('select from waybill.named_channels')).rows.length, {
        timeout: 20_000,
      })
      .toBe(0);
    await waybill.publish('acme', event);
    await client.query('begin');
    await waybill.publish(client, 'acme', event);
    await client.query('commit');
    expect((await client.query('select from waybill.named_channels')).rows).toEqual([]);
    expect(await list(api)).toEqual(first);
  });

  it('is not made known by an event that is refused', async () => {
    const { api } = await startTestWaybill('postgres');
    await api.request('PUT', ACCOUNT, { unknownTypes: 'reject', preset: 'shopctrl' });
    const refused = await api.post(`${ACCOUNT}/events`, { type: 'made.up', data: 1, channel: 'never' });
    expect([refused.status, refused.body.code]).toEqual([400, 'unknown_event_type']);
    expect(await list(api)).toEqual([]);
  });

  it('is known to all nodes, whichever was told of it first', async () => {
    const database = await createTestDatabase('postgres');
    const a = await startTestWaybill('postgres', database);
    const b = await startTestWaybill('postgres', database);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => publish((index % 2 === 0 ? a : b).api, `shop-${index % 4}`)),
    );
    const expected = ['shop-0', 'shop-1', 'shop-2', 'shop-3'];
    expect([await namesOf(a.api), await namesOf(b.api)]).toEqual([expected, expected]);
  });

  it('that a webhook names gets it the events from there, and makes nothing known', async () => {
    const { api } = await startTestWaybill('postgres');
    const receiver = await startReceiver();
    onTestFinished(() => receiver.close());
    const settings = { url: receiver.url, events: ['*'], channels: ['shop-1', 'shop-2'] };
    expect((await api.post(`${ACCOUNT}/webhooks`, settings)).body.channels).toEqual(['shop-1', 'shop-2']);
    expect(await list(api)).toEqual([]);
    const counts = [];
    for (const channel of ['shop-1', 'shop-3', null, 'Shop-1', 'shop-2']) {
      counts.push((await publish(api, channel)).body.deliveries);
    }
    expect(counts).toEqual([1, 0, 0, 0, 1]);
    await receiver.waitFor(2);
    expect(await namesOf(api)).toEqual(['Shop-1', 'shop-1', 'shop-2', 'shop-3']);
  });
});
