import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { createTestClock } from '../support/clock.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { startTestWaybill } from '../support/waybill.ts';

const ACCOUNT = '/v1/accounts/acme';
const DAY_MS = 24 * 3600 * 1000;
const GUIDE = readFileSync(new URL('../../docs/guides/when-a-receiver-fails.md', import.meta.url), 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever fields it expects.
function exampleOf(kind: string): any {
  const [, text] = new RegExp(`^\`\`\`json ${kind}\\n([\\s\\S]*?)\\n\`\`\`$`, 'm').exec(GUIDE) ?? [];
  if (text === undefined) throw new Error(`the guide has no example of ${kind}`);
  return JSON.parse(text);
}

/** The names of an object's members, and those of the objects in it. */
function shapeOf(value: object): unknown {
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typeof one === 'object' && one ? shapeOf(one) : typeof one,
    ]),
  );
}

it('the guide to failing receivers tells what happens, from the first failure to the replay', async () => {
  const failing = exampleOf('failing');
  const clock = createTestClock(Date.parse(failing.firstFailureAt));
  const { api } = await startTestWaybill('postgres', { clock });
  const receiver = await startReceiver(500);
  onTestFinished(() => receiver.close());
  const settings = { url: receiver.url, events: ['*'], retry: { schedule: [] } };
  const { id } = (await api.post(`${ACCOUNT}/webhooks`, settings)).body;
  const path = `${ACCOUNT}/webhooks/${id}`;
  const publish = () => api.post(`${ACCOUNT}/events`, { type: 'order.created', data: 1 });
  const settled = () =>
    eventually(async () => (await api.get(`${ACCOUNT}/deliveries?status=pending`)).body.data.length === 0);
  const fail = async (): Promise<void> => {
    await publish();
    await settled();
  };

  await fail();
  expect((await api.get(path)).body).toMatchObject(failing);
  clock.advance(2.5 * DAY_MS);
  await fail();
  clock.advance(2.5 * DAY_MS);
  await fail();
  expect((await api.get(path)).body).toMatchObject({ status: 'disabled', disabledReason: 'only_failures' });
  const kinds = (await api.get(`${ACCOUNT}/alerts`)).body.data.map(({ kind }: { kind: string }) => kind);
  for (const kind of new Set<string>(kinds)) expect(GUIDE).toContain(kind);
  expect(kinds).toContain('webhook_disabled_by_failures');

  for (let count = 0; count < 2; count += 1) await publish();
  receiver.answer(200);
  const { body } = await api.patch(path, exampleOf('enable'));
  const { missed } = exampleOf('missed');
  expect(shapeOf(body.missed)).toEqual(shapeOf(missed));
  expect(body.missed).toMatchObject({ events: missed.events, exact: true, replay: { status: 'missed' } });
  const replayed = await api.post(`${path}/replay`, { ...body.missed.replay, ratePerSecond: 100 });
  expect([replayed.status, replayed.body.total]).toEqual([202, 2]);
  // Its deliveries come one after the other, at the rate.
  await eventually(() => {
    clock.advance(100);
    return receiver.requests.length >= 5;
  });
  await settled();
  expect((await api.post(`${path}/replay`, body.missed.replay)).body).toMatchObject({ total: 0 });

  const failed = await api.post(`${path}/replay`, { ...exampleOf('failed'), dryRun: true });
  expect(failed.body).toEqual({ count: 3 });
});

it('every example of the guide is one of a kind that is tried', () => {
  const examples = [...GUIDE.matchAll(/^```json (\w+)$/gm)].map(([, kind]) => kind);
  expect(examples).toEqual(['failing', 'enable', 'missed', 'failed']);
});
