import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { ApiClient } from '../support/api-client.ts';
import { createTestClock } from '../support/clock.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';

const read = (name: string): string =>
  readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8');
const QUEUEING = read('queueing');
const CHANNELS = read('channels');

interface Example {
  /** What it is an example of. */
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever fields it expects.
  readonly json: any;
}

function examplesOf(guide: string): Example[] {
  const examples = [...guide.matchAll(/^```json (\w+)\n([\s\S]*?)\n```$/gm)];
  expect(examples.length).toBe(guide.split('```').length / 2 - 0.5);
  return examples.map(([, kind = '', text = '']) => ({ kind, json: JSON.parse(text) }));
}

const exampleOf = (guide: string, kind: string) => examplesOf(guide).find((one) => one.kind === kind)?.json;

/** As it is in the guide, but for where it leads: names that end in .example are nobody's. */
async function create(api: ApiClient, settings: object) {
  const made = await api.post(`${ACCOUNT}/webhooks`, { ...settings, url: 'http://127.0.0.1:9999/' });
  expect(made.status, made.text).toBe(201);
  return made.body;
}

/** The rows of the table that begins with this heading: the cells of each. */
function tableOf(guide: string, heading: string): string[][] {
  const lines = guide.slice(guide.indexOf(heading)).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines
    .slice(2, end)
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

describe('the guide to queueing', () => {
  it('shows a webhook that is taken as it is', async () => {
    const { api } = await startTestWaybill('postgres');
    const { url: _, ...settings } = exampleOf(QUEUEING, 'webhook');
    expect(await create(api, settings)).toMatchObject(settings);
  });

  it('names the defaults there are', async () => {
    const { api } = await startTestWaybill('postgres');
    const plain = await create(api, { events: ['*'] });
    const rows = tableOf(QUEUEING, '| member | what | if absent |');
    expect(rows.map(([member]) => member)).toEqual(
      ['ordering', 'unique', 'priority', 'rateLimit.perSecond', 'rateLimit.inFlight'].map(
        (name) => `\`${name}\``,
      ),
    );
    const said = rows.slice(0, 3).map(([, , absent = '']) => absent.replaceAll('`', ''));
    expect(said).toEqual([plain.ordering, plain.unique, plain.priority].map(String));
    expect(plain.rateLimit).toBeNull();
  });

  it('shows a superseded delivery as it is shown', async () => {
    const { api } = await startTestWaybill('postgres');
    await create(api, { events: ['*'], unique: true, status: 'paused' });
    const shown = exampleOf(QUEUEING, 'delivery');
    const event = { type: shown.eventType, subject: shown.subject, data: 1 };
    for (const data of [1, 2]) await api.post(`${ACCOUNT}/events`, { ...event, data });
    const [newer, older] = (await api.get(`${ACCOUNT}/deliveries`)).body.data;
    expect(older).toMatchObject({ ...shown, supersededBy: newer.id });
    expect(shown.supersededBy).toMatch(/^dlv_[0-9a-f]{32}$/);
  });

  it('shows settings of the dispatcher that are the defaults', () => {
    const dispatch = exampleOf(QUEUEING, 'dispatch');
    const defaults = loadConfig({}, {}).dispatch;
    expect(defaults).toMatchObject(dispatch);
    expect(loadConfig({ dispatch }, {}).dispatch).toEqual(defaults);
    expect(QUEUEING).toContain(`${defaults.maxInFlight.toLocaleString('en')} unless configured otherwise`);
    expect(QUEUEING).toContain(`After ${defaults.breakerFailures} requests in a row`);
    expect(QUEUEING).toContain(`for ${defaults.breakerHoldMs / 1_000} seconds`);
    expect(QUEUEING).toContain(`up to ${defaults.maxConcurrencyPerWebhook}, and half as many`);
    expect(QUEUEING.replaceAll('\n', ' ')).toMatch(
      new RegExp(`within its lease,\\s+${defaults.leaseMs / 1_000} seconds`),
    );
  });

  it('has the weights of priorities: one more, squared', () => {
    const [[heading, ...weights] = []] = tableOf(QUEUEING, '| priority | 0 |');
    expect(heading).toBe('weight');
    expect(weights.map(Number)).toEqual(Array.from({ length: 10 }, (_, priority) => (priority + 1) ** 2));
  });

  it('is right about receivers nobody answers at', async () => {
    const clock = createTestClock();
    const dispatch = { breakerFailures: 3, breakerHoldMs: 5_000 };
    const { api } = await startTestWaybill('postgres', { clock, dispatch });
    const receiver = await startReceiver(502);
    onTestFinished(() => receiver.close());
    const settings = { events: ['*'], rateLimit: { inFlight: 1 }, retry: { schedule: [86_400] } };
    await api.post(`${ACCOUNT}/webhooks`, { ...settings, url: receiver.url });
    const events = Array.from({ length: 10 }, () => ({ type: 'order.created', data: 1 }));
    await api.post(`${ACCOUNT}/events`, { events });
    const tried = async (count: number) => {
      await receiver.waitFor(count);
      const settled = async () =>
        (await api.get(`${ACCOUNT}/deliveries`)).body.data.filter(
          ({ attemptCount }: { attemptCount: number }) => attemptCount > 0,
        ).length;
      await eventually(async () => (await settled()) === count);
    };
    await tried(3);
    clock.advance(4_999);
    expect(receiver.requests).toHaveLength(3);
    clock.advance(1);
    await tried(4);
    clock.advance(9_999);
    expect(receiver.requests).toHaveLength(4);
    // A 500 is an answer: whoever gives it is asked again at once.
    receiver.answer(500);
    clock.advance(1);
    await tried(10);
    const { data } = (await api.get(`${ACCOUNT}/deliveries`)).body;
    expect(data.map(({ attemptCount }: { attemptCount: number }) => attemptCount)).toEqual(data.map(() => 1));
  });

  it('names the codes of what is refused', async () => {
    const { api } = await startTestWaybill('postgres');
    const { paths } = (await api.get('/openapi.json')).body;
    const retry = paths['/v1/accounts/{account}/deliveries/{delivery}/retry'].post;
    expect(JSON.stringify(retry.responses[409])).toContain('newer_delivery_pending');
    for (const code of ['newer_delivery_pending', 'unique_item_in_use', 'serialization_failure'])
      expect(QUEUEING).toContain(`\`${code}\``);
    for (const [path] of tableOf(QUEUEING, '| what is done |')) {
      const named = /`POST …(\/\S+)`/.exec(path ?? '')?.[1];
      if (named !== undefined) expect(Object.keys(paths)).toContain(`/v1/accounts/{account}${named}`);
    }
  });
});

describe('the guide to channels', () => {
  it('tells which events a webhook with channels gets', async () => {
    const { api } = await startTestWaybill('postgres');
    const { url: _, ...settings } = exampleOf(CHANNELS, 'webhook');
    const event = exampleOf(CHANNELS, 'event');
    const plain = await create(api, { events: settings.events });
    const chosen = await create(api, settings);
    const rows = tableOf(CHANNELS, '| the event |');
    expect(rows.length).toBe(4);
    for (const [which = '', ...said] of rows) {
      const channel = /^names `(.+)`$/.exec(which)?.[1] ?? null;
      const gets: string[] = [];
      for (const { id } of [plain, chosen]) {
        const path = `${ACCOUNT}/webhooks/${id}/explain`;
        const { fires } = (await api.post(path, { event: { ...event, channel } })).body;
        gets.push(fires ? 'gets it' : "doesn't get it");
      }
      expect(gets, which).toEqual(said);
      await api.post(`${ACCOUNT}/events`, { ...event, channel });
    }
  });

  it('shows the list as it is shown', async () => {
    const { api } = await startTestWaybill('postgres');
    const shown = exampleOf(CHANNELS, 'channels');
    for (const { name, title } of shown.data) {
      await api.request('PUT', `${ACCOUNT}/channels/${name}`, { title });
    }
    const { body } = await api.get(`${ACCOUNT}/channels`);
    const at = { firstSeenAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) };
    expect(body).toEqual({ ...shown, data: shown.data.map((row: object) => ({ ...row, ...at })) });
    const encoded = await api.request('PUT', `${ACCOUNT}/channels/web%2Fse`, { title: 'Webshop, Sweden' });
    expect(encoded.body.name).toBe('web/se');
  });

  it('may be read on from: what it refers to is there', () => {
    const anchor = read('conditions')
      .split('\n')
      .filter((line) => line.startsWith('## '))
      .map((line) =>
        line
          .slice(3)
          .toLowerCase()
          .replaceAll(/[^\w\s-]/g, '')
          .replaceAll(' ', '-'),
      );
    expect(CHANNELS).toContain('(conditions.md#why-didnt-it-fire)');
    expect(anchor).toContain('why-didnt-it-fire');
  });
});
