import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { E2E_DATABASE_KINDS } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { readGuide } from '../support/guide.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill, type TestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';

/** The values of the text format, by the series as it is written, and the names that are explained. */
function parse(text: string) {
  const lines = text.split('\n').filter((line) => line !== '');
  const values = new Map<string, number>();
  for (const line of lines.filter((one) => !one.startsWith('#'))) {
    const [, series = '', value = ''] =
      /^([a-z_]+(?:\{(?:[a-z]+="[^"]*",?)+\})?) (-?[\d.e+-]+|\+Inf|NaN)$/.exec(line) ?? [];
    expect(series, line).not.toBe('');
    values.set(series, Number(value));
  }
  const typed = lines.flatMap((line) => /^# TYPE (\w+) (?:counter|gauge|histogram)$/.exec(line)?.[1] ?? []);
  return { values, typed, series: [...values.keys()] };
}

async function scrape({ api }: Pick<TestWaybill, 'api'>) {
  const { status, text, headers } = await api.get('/metrics');
  expect(status, text).toBe(200);
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return parse(text);
}

describe.each(E2E_DATABASE_KINDS)('metrics on %s', (kind) => {
  it('tell what was published, tried and waits, and no more series the more webhooks there are', async () => {
    const clock = createTestClock();
    const dispatch = { breakerFailures: 2, breakerHoldMs: 5_000 };
    const { api, waybill } = await startTestWaybill(kind, { clock, dispatch });
    const answers = await startReceiver(200);
    const isDown = await startReceiver(502);
    onTestFinished(() => Promise.all([answers.close(), isDown.close()]).then(() => undefined));
    const create = (url: string, more: object = {}) =>
      api.post(`${ACCOUNT}/webhooks`, { url, events: ['*'], retry: { schedule: [600] }, ...more });
    const value = async (series: string) => (await scrape({ api })).values.get(series);

    const before = await scrape({ api });
    expect(before.values.get('waybill_events_published_total{transaction="own"}')).toBe(0);
    expect(before.values.get('waybill_attempts_total{outcome="failed"}')).toBe(0);
    expect(before.values.get('waybill_database_up')).toBe(1);
    expect(before.series.filter((one) => one.startsWith('waybill_queue'))).toEqual([]);
    await eventually(async () => (await value('waybill_lanes_held')) === 64);

    await create(answers.url);
    await create(isDown.url, { priority: 9, rateLimit: { inFlight: 1 } });
    await create(answers.url, { status: 'paused', priority: 0 });
    const events = [1, 2, 3].map((data) => ({ type: 'order.created', data }));
    expect((await api.post(`${ACCOUNT}/events`, { events })).status).toBe(202);
    await waybill.transaction((tx) => waybill.publish(tx, 'acme', { type: 'order.lost', data: 4 }));

    const expected = {
      'waybill_attempts_total{outcome="delivered"}': 4,
      'waybill_attempts_total{outcome="failed"}': 2,
      'waybill_events_published_total{transaction="own"}': 3,
      'waybill_events_published_total{transaction="caller"}': 1,
      waybill_publish_duration_seconds_count: 1,
      'waybill_publish_duration_seconds_bucket{le="+Inf"}': 1,
      'waybill_attempt_duration_seconds_count{outcome="delivered"}': 4,
      'waybill_attempt_duration_seconds_bucket{le="+Inf",outcome="failed"}': 2,
      waybill_requests_in_flight: 0,
      'waybill_webhooks_held{breaker="open"}': 1,
      'waybill_webhooks_held{breaker="probing"}': 0,
      'waybill_queue_deliveries{priority="9",state="due"}': 2,
      'waybill_queue_deliveries{priority="9",state="waiting"}': 2,
      'waybill_queue_deliveries{priority="9",state="held"}': 0,
      'waybill_queue_deliveries{priority="0",state="due"}': 0,
      'waybill_queue_deliveries{priority="0",state="held"}': 4,
    };
    const after = await eventually(async () => {
      const seen = await scrape({ api });
      expect(Object.fromEntries(seen.values)).toMatchObject(expected);
      // All of that has arrived.
      expect(seen.series.filter((one) => one.includes('priority="5"'))).toEqual([]);
      return seen;
    });
    const connections = after.series.filter((one) => one.startsWith('waybill_database_connections'));
    expect(connections).toHaveLength(kind === 'postgres' ? 2 : 0);

    clock.advance(4_000);
    expect(await value('waybill_queue_oldest_due_age_seconds{priority="9"}')).toBe(4);
    expect(await value('waybill_queue_oldest_due_age_seconds{priority="0"}')).toBe(0);
    for (let count = 0; count < 5; count += 1) await create(answers.url, { status: 'paused', priority: 0 });
    await api.post('/v1/accounts/other/webhooks', { url: answers.url, events: ['*'], status: 'paused' });
    await api.post(`${ACCOUNT}/events`, { type: 'another.type', data: 1 });
    const series = await eventually(async () => {
      const seen = await scrape({ api });
      expect(seen.values.get('waybill_attempts_total{outcome="delivered"}')).toBe(5);
      expect(seen.series.sort()).toEqual(after.series.sort());
      return seen.series;
    });
    expect(series.join()).not.toMatch(/acme|order|wh_/);
  });
});

it('metrics are for the platform alone', async () => {
  const { api, url } = await startTestWaybill('postgres');
  const { key } = (await api.post(`${ACCOUNT}/keys`)).body;
  expect((await fetch(`${url}/metrics`)).status).toBe(401);
  expect((await api.withKey(key).get('/metrics')).status).toBe(404);
});

it('the guide to metrics has a row for each, with its labels, and its alerts ask for what there is', async () => {
  const { api } = await startTestWaybill('postgres');
  const receiver = await startReceiver(500);
  onTestFinished(() => receiver.close());
  await api.post(`${ACCOUNT}/webhooks`, { url: receiver.url, events: ['*'] });
  await api.post(`${ACCOUNT}/events`, { type: 'order.created', data: 1 });
  const { typed, series } = await eventually(async () => {
    const seen = await scrape({ api });
    const tried = seen.series.some((one) => one.startsWith('waybill_attempt_duration_seconds_count'));
    return tried && seen.series.some((one) => one.startsWith('waybill_queue')) ? seen : undefined;
  });
  const guide = readGuide('metrics');
  const rows = [...guide.matchAll(/^\| `(waybill_\w+)` \| .+ \|(.*)\|$/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual(typed.sort());
  for (const [, name = '', labels = ''] of rows) {
    const one =
      series.find((shown) => shown.split('{')[0]?.replace(/_(count|sum|bucket)$/, '') === name) ?? '';
    const used = [...one.matchAll(/([a-z]+)="/g)].map(([, label]) => label).filter((label) => label !== 'le');
    expect(used.length > 0, name).toBe(labels.trim() !== '');
    for (const label of used) expect(labels, name).toContain(`\`${label}\``);
  }
  const alerts = /^```yaml alerts\n([\s\S]*?)\n```$/m.exec(guide)?.[1] ?? '';
  const asked = [...alerts.matchAll(/waybill_\w+/g)].map(([name]) => name);
  expect(asked.length).toBeGreaterThan(4);
  for (const name of asked) expect(series.map((one) => one.split('{')[0])).toContain(name);
});
